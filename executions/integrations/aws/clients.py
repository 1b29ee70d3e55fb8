"""Clients of AWS services: made when they are first needed, kept, and called in threads of their own.

Endpoints and credentials are botocore's standard settings (AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE>,
profiles, roles); without any, in development, calls go to the built-in emulator (emulator.py).  Step
Functions and Lambda never go there: their calls are answered by this installation (local.py) unless
their own endpoint is configured.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials

from designer.settings import CONFIG
from executions.integrations.aws import emulator, local

Result = TypeVar("Result")
THREADS: Final = 48  # calls at once; more wait for their turn
KEPT: Final = 64  # clients; the one used longest ago goes first
READ_SECONDS: Final = 70
RENEW_SECONDS: Final = 300  # an assumed role is taken anew this long before it ends
OPTIONS: Final = Config(
    connect_timeout=10, read_timeout=READ_SECONDS, max_pool_connections=THREADS, retries={"total_max_attempts": 1},
    parameter_validation=False, user_agent_extra="statewright")
_NOT_IN_NAMES: Final = re.compile(r"[^\w+=,.@-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Role:
    """A role to assume: `Credentials.RoleArn` of a task, and the session's name."""

    arn: str
    session: str

    @classmethod
    def of(cls, arn: str, execution_arn: str) -> Role:
        return cls(arn, _NOT_IN_NAMES.sub("-", execution_arn.rsplit(":", 1)[-1])[:64].ljust(2, "-"))


class Clients:
    """Of one process.  Its methods block and are called in its threads (`in_thread`)."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._session: Any = None
        self._lock = threading.RLock()
        self._kept: OrderedDict[tuple[str, str, str, str], Any] = OrderedDict()
        self._roles: dict[tuple[str, str], tuple[float, Credentials]] = {}

    async def in_thread(self, function: Callable[..., Result], *args: Any) -> Result:
        """Call in one of the threads.  What is cancelled while it waits for a thread is never called."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(THREADS, "aws")
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

    def client(self, service: str, region: str, role: Role | None = None) -> Any:
        """The client; making one takes 10 to 250 ms, so they are made one after the other and kept."""
        credentials = None if role is None else self._assumed(role, region)
        here = local.answers(service)
        endpoint = emulator.EMULATOR.endpoint() if CONFIG.aws_emulator and not here else ""
        key = (service, region, "" if credentials is None else credentials.access_key, endpoint)
        with self._lock:
            client = self._kept.get(key)
            if client is None:
                client = self._kept[key] = (
                    local.client(self._own_session(), service, {"config": OPTIONS}) if here
                    else self._make(service, region, credentials, endpoint))
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            else:
                self._kept.move_to_end(key)
        return client

    def credentials(self) -> Any:
        """The server's AWS credentials, the emulator's when it answers, None when there are none."""
        if CONFIG.aws_emulator:
            return Credentials(emulator.KEYS["aws_access_key_id"], emulator.KEYS["aws_secret_access_key"])
        with self._lock:
            return self._own_session().get_credentials()

    def close(self) -> None:
        """Forget everything; calls that are under way end by themselves, unheard."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._kept.clear()
            self._roles.clear()
            self._session = None

    def _make(self, service: str, region: str, credentials: Credentials | None, emulated: str) -> Any:
        options: dict[str, Any] = {"region_name": region, "config": OPTIONS}
        if emulated:
            options |= emulator.KEYS | {"endpoint_url": emulated}
        if credentials is not None:
            options |= {"aws_access_key_id": credentials.access_key,
                        "aws_secret_access_key": credentials.secret_key, "aws_session_token": credentials.token}
        return self._own_session().create_client(service, **options)

    def _own_session(self) -> Any:
        if self._session is None:
            self._session = botocore.session.Session()
        return self._session

    def _assumed(self, role: Role, region: str) -> Credentials:
        """The credentials of an assumed role, kept for as long as they are good."""
        key = (role.arn, region)
        known = self._roles.get(key)
        if known is not None and known[0] > time.time() + RENEW_SECONDS:
            return known[1]
        answer = self.client("sts", region).assume_role(RoleArn=role.arn, RoleSessionName=role.session)
        given = answer["Credentials"]
        credentials = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        until = given["Expiration"]
        self._roles[key] = (until.timestamp() if isinstance(until, datetime) else time.time(), credentials)
        return credentials


CLIENTS: Final = Clients()
