"""The settings: environment variables, read strictly, here and nowhere else.

Every variable is documented in docs/reference/settings.md; tests/test_docs.py holds that.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# What tells that somebody has set AWS up: endpoints, credentials, profiles, roles.
AWS_VARIABLES = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN",
                 "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                 "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")
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
    aws_emulator: bool  # AWS tasks go to the built-in emulator
    aws_endpoints: frozenset[str]  # services with an endpoint of their own: "SFN" for AWS_ENDPOINT_URL_SFN
    http_allow: tuple[Network, ...]  # networks that HTTP tasks may reach although they are not public

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
        aws_emulator=_emulator(env, mode),
        aws_endpoints=frozenset(name.removeprefix("AWS_ENDPOINT_URL_") for name in os.environ
                                if name.startswith("AWS_ENDPOINT_URL_") and os.environ[name]),
        http_allow=_networks(env.list("STATEWRIGHT_HTTP_ALLOW", [])),
    )


def _emulator(env: Env, mode: str) -> bool:
    """On, off, or (auto) on in development as long as nothing of AWS is configured."""
    choice = env.str("STATEWRIGHT_AWS_EMULATOR", "auto")
    if choice not in ("auto", "on", "off"):
        raise ImproperlyConfigured(f"STATEWRIGHT_AWS_EMULATOR is '{choice}'; it must be auto, on or off.")
    if choice == "on" and mode == "production":
        raise ImproperlyConfigured("STATEWRIGHT_AWS_EMULATOR is on; there is no emulator in production mode.")
    if choice != "auto" or mode == "production":
        return choice == "on"
    named = any(os.environ.get(name) for name in AWS_VARIABLES)
    endpoints = any(name.startswith("AWS_ENDPOINT_URL_") for name in os.environ)
    files = any((Path.home() / ".aws" / name).exists() for name in ("credentials", "config"))
    return not (named or endpoints or files)


def _networks(texts: list[str]) -> tuple[Network, ...]:
    networks = []
    for text in texts:
        try:
            networks.append(ipaddress.ip_network(text.strip()))
        except ValueError:
            raise ImproperlyConfigured(f"STATEWRIGHT_HTTP_ALLOW has '{text}'; it must be addresses and networks such "
                                       "as 10.0.0.5 or 10.0.0.0/8, with commas between them.") from None
    return tuple(networks)


def _kept_secret(data_dir: Path) -> str:
    """Development only: a secret made once and kept in the data folder, so that sessions survive a restart."""
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")
