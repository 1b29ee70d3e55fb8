"""Calls of Step Functions' and Lambda's own API are answered by this installation, in the process.

`aws-sdk:sfn:sendTaskSuccess` means the tokens that are given out here.  The client is botocore's; where
it would open a connection it calls the AWS door (installed by asgi.py), signed with a key that only this
process knows.
"""

from __future__ import annotations

import asyncio
import io
import secrets
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botocore.exceptions import EndpointConnectionError

from designer.keyring import Key, ring
from designer.permissions import Actor, Permission
from designer.settings import CONFIG

Application = Callable[[Any, Any, Any], Coroutine[Any, Any, None]]
OWN: Final = {"stepfunctions": "SFN", "lambda": "LAMBDA"}
WORKFLOW: Final = Actor(0, "workflow", frozenset(), frozenset({Permission.VIEW, Permission.OPERATE}))
KEY_ID: Final = f"AKIA{secrets.token_hex(8).upper()}"
SECRET: Final = secrets.token_urlsafe(32)
ENDPOINT: Final = "http://statewright.invalid"  # never connected to
SECONDS: Final = 70.0

_installed: tuple[asyncio.AbstractEventLoop, Application] | None = None


def install(application: Application | None) -> None:
    """Let `application`, in the running loop, answer; None: nobody does any more."""
    global _installed
    _installed = None if application is None else (asyncio.get_running_loop(), application)
    ring.keep(KEY_ID, Key(SECRET, WORKFLOW))  # good for nobody outside: it is in no database and never shown


def answers(service: str) -> bool:
    """Whether calls of botocore's service are answered here."""
    if service not in OWN or OWN[service] in CONFIG.aws_endpoints:
        return False
    return service == "stepfunctions" or CONFIG.aws_emulator


def client(session: Any, service: str, options: dict[str, Any]) -> Any:
    made = session.create_client(
        service, endpoint_url=ENDPOINT, aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET,
        **options | {"region_name": CONFIG.region})
    made.meta.events.register("before-send", _answer)
    return made


def _answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
    """Instead of sending it; in a thread of clients.py."""
    if _installed is None:
        raise EndpointConnectionError(endpoint_url=ENDPOINT)
    loop, application = _installed
    exchange = _Exchange(request)
    answering = application(exchange.scope(), exchange.receive, exchange.send)
    asyncio.run_coroutine_threadsafe(answering, loop).result(SECONDS)
    return AWSResponse(str(request.url), exchange.status, exchange.headers, _Raw(exchange.body))


class _Raw(io.BytesIO):
    """What AWSResponse wants of urllib3's response; some operations have a body that is read as a stream."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


class _Exchange:
    """One ASGI request and what is answered to it."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        self._request = request
        self._was_read = False
        self.status, self.body = 500, b""
        self.headers: Any = HeadersDict()

    def scope(self) -> dict[str, Any]:
        url = urlsplit(str(self._request.url))
        given: Any = self._request.headers
        headers = [(name.lower().encode(), value if isinstance(value, bytes) else str(value).encode())
                   for name, value in given.items()]
        if not any(name == b"host" for name, _ in headers):
            headers.append((b"host", url.netloc.encode()))
        return {"type": "http", "method": self._request.method, "path": unquote(url.path),
                "raw_path": url.path.encode(), "query_string": url.query.encode(), "headers": headers,
                "client": ("127.0.0.1", 0)}

    async def receive(self) -> dict[str, Any]:
        """The body, once; then whoever asks waits for a client that hangs up, which this one never does."""
        if self._was_read:
            await asyncio.Event().wait()
        self._was_read = True
        body: Any = self._request.body or b""
        return {"type": "http.request", "body": body if isinstance(body, bytes) else str(body).encode(),
                "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            for name, value in message["headers"]:
                self.headers[name.decode()] = value.decode()
        else:
            self.body += message.get("body", b"")
