"""The settings: environment variables, read strictly, here and nowhere else.

Every variable is documented in docs/reference/settings.md; tests/test_docs.py holds that.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
BASE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Config:
    data_dir: Path
    host: str
    port: int
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    mode: str  # development or production
    secret_key: str
    public_url: str
    account: str
    region: str
    admin_password: str
    access_key_id: str
    secret_access_key: str
    verify_signatures: bool

    @property
    def production(self) -> bool:
        return self.mode == "production"


def read() -> Config:
    """Read and check all settings; ImproperlyConfigured names the variable and what it must be."""
    env = Env(eager=True)
    try:
        return _read(env)
    except EnvError as error:
        raise ImproperlyConfigured(str(error)) from None


def _read(env: Env) -> Config:
    data_dir = Path(env.str("STATEWRIGHT_DATA_DIR", str(BASE / "data"))).expanduser().resolve()
    host = env.str("STATEWRIGHT_HOST", "127.0.0.1")
    port = env.int("STATEWRIGHT_PORT", 8000)
    mode = env.str("STATEWRIGHT_MODE", "development")
    if mode not in ("development", "production"):
        raise ImproperlyConfigured(f"STATEWRIGHT_MODE is '{mode}'; it must be development or production.")
    account = env.str("STATEWRIGHT_ACCOUNT_ID", "000000000000")
    if not (len(account) == 12 and account.isascii() and account.isdigit()):
        raise ImproperlyConfigured(f"STATEWRIGHT_ACCOUNT_ID is '{account}'; it must be 12 digits.")
    if not 0 < port < 65536:
        raise ImproperlyConfigured(f"STATEWRIGHT_PORT is {port}; it must be from 1 to 65535.")
    verify = env.bool("STATEWRIGHT_VERIFY_SIGNATURES", True)
    if not verify and host not in LOOPBACK:
        raise ImproperlyConfigured(
            f"STATEWRIGHT_VERIFY_SIGNATURES may be off on a loopback address only, not on {host}.")
    secret_key = env.str("STATEWRIGHT_SECRET_KEY", "")
    if not secret_key and mode == "production":
        raise ImproperlyConfigured("STATEWRIGHT_SECRET_KEY must be set in production mode.")
    shown_host = f"[{host}]" if ":" in host else host
    public_url = env.str("STATEWRIGHT_PUBLIC_URL", "").rstrip("/") or f"http://{shown_host}:{port}"
    if not public_url.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"STATEWRIGHT_PUBLIC_URL is '{public_url}'; it must begin with http:// or https://.")
    key_id, secret_access_key = env.str("STATEWRIGHT_ACCESS_KEY_ID", ""), env.str("STATEWRIGHT_SECRET_ACCESS_KEY", "")
    if bool(key_id) != bool(secret_access_key):
        raise ImproperlyConfigured("STATEWRIGHT_ACCESS_KEY_ID and STATEWRIGHT_SECRET_ACCESS_KEY go together: set both.")
    default_database = f"sqlite:///{data_dir / 'statewright.sqlite3'}"
    return Config(
        data_dir=data_dir, host=host, port=port, mode=mode,
        database=dict(env.dj_db_url("DATABASE_URL", default_database)),
        redis_url=env.str("REDIS_URL", ""),
        email=dict(env.dj_email_url("EMAIL_URL", "console:")),
        secret_key=secret_key or _kept_secret(data_dir),
        public_url=public_url,
        account=account, region=env.str("AWS_REGION", "us-east-1"),
        admin_password=env.str("STATEWRIGHT_ADMIN_PASSWORD", ""),
        access_key_id=key_id,
        secret_access_key=secret_access_key,
        verify_signatures=verify,
    )


def _kept_secret(data_dir: Path) -> str:
    """Development only: a secret made once and kept in the data folder, so that sessions survive a restart."""
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")
