"""The AWS Lambda Runtime API, as much of it as a runtime calls, on one loopback port.

    GET  /TOKEN/2018-06-01/runtime/invocation/next          answered when there is a call (long poll)
    POST /TOKEN/2018-06-01/runtime/invocation/ID/response   the result
    POST /TOKEN/2018-06-01/runtime/invocation/ID/error      the exception
    POST /TOKEN/2018-06-01/runtime/init/error               the code could not be loaded

Each worker process has a token of its own, so it can only ever take and answer its own calls: a dead
worker's poll is closed with it and steals nothing, and no other process of the machine can ask for a
call.  The port is chosen by the system.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, Protocol, cast

import httptools

from executions.integrations.functions.outcome import MAX_RESPONSE_BYTES

PREFIX: Final = "2018-06-01/runtime/"
REASONS: Final = {200: "OK", 202: "Accepted", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
                  413: "Payload Too Large"}


class Runtime(Protocol):
    """What a worker's side of the API must offer (sandbox.py).  `body` is None when it was too large."""

    def polled(self, connection: Connection) -> None: ...

    def answered(self, request_id: str, body: bytes | None) -> bool: ...

    def failed(self, request_id: str, body: bytes | None) -> bool: ...

    def init_failed(self, body: bytes | None) -> bool: ...


class Endpoint:
    """The server and the workers it knows, by token."""

    def __init__(self) -> None:
        self.runtimes: dict[str, Runtime] = {}
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self.address = ""

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        self.address = f"{host}:{port}"

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.close()

    def route(self, connection: Connection, method: str, path: str, body: bytes | None) -> None:
        """Hand one request to the worker it comes from."""
        _, token, rest = (*path.split("/", 2), "", "")[:3]
        runtime = self.runtimes.get(token)
        if runtime is None or not rest.startswith(PREFIX):
            connection.respond(403 if runtime is None else 404)
            return
        call = rest[len(PREFIX):].split("/")
        if method == "GET" and call == ["invocation", "next"]:
            runtime.polled(connection)
            return
        connection.respond(_report(runtime, method, call, body))

    def opened(self, connection: Connection) -> None:
        self._connections.add(connection)

    def closed(self, connection: Connection) -> None:
        self._connections.discard(connection)


def _report(runtime: Runtime, method: str, call: list[str], body: bytes | None) -> int:
    """Take a worker's report; the HTTP status to answer with."""
    if method != "POST":
        return 404
    match call:
        case ["invocation", request_id, "response"]:
            known = runtime.answered(request_id, body)
        case ["invocation", request_id, "error"]:
            known = runtime.failed(request_id, body)
        case ["init", "error"]:
            known = runtime.init_failed(body)
        case _:
            return 404
    if body is None:
        return 413
    return 202 if known else 400


class Connection(asyncio.Protocol):
    """One keep-alive connection of one worker."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._path = ""
        self._body = bytearray()
        self._too_large = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._endpoint.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._endpoint.closed(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, UnicodeDecodeError):
            self.close()

    def on_message_begin(self) -> None:
        self._path = ""
        self._body.clear()
        self._too_large = False

    def on_url(self, url: bytes) -> None:
        self._path += url.decode("ascii")

    def on_body(self, body: bytes) -> None:
        if len(self._body) + len(body) > MAX_RESPONSE_BYTES:
            self._too_large = True
            self._body.clear()
        if not self._too_large:
            self._body += body

    def on_message_complete(self) -> None:
        method = self._parser.get_method().decode("ascii")
        self._endpoint.route(self, method, self._path, None if self._too_large else bytes(self._body))

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def respond(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        if self._transport is None:
            return
        lines = [f"HTTP/1.1 {status} {REASONS[status]}", "Content-Type: application/json",
                 f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
        self._transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
