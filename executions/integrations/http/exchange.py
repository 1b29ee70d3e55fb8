"""One HTTP request and its answer: bounded in time and size, to an address that was checked, without redirects."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import quote, urlsplit

import h11

from designer.config import Network
from executions.integrations.http.guard import RefusedError, Resolve, checked, is_named, resolve

SECONDS: Final = 60.0  # for everything, from the name to the last byte (integrations.md §5)
MAX_BODY: Final = 262_145  # the Range header that AWS sends asks for bytes 0 to 262144
MAX_HEADERS: Final = 65_536
MAX_RECEIVED: Final = 1_048_576  # of everything: chunk sizes and interim answers count, too
_READ: Final = 32_768


class SocketError(Exception):
    """No usable answer: States.Http.Socket."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`url` is absolute; headers in the order in which they are sent, without Host and Content-Length."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by lower-case name."""

    status: int
    reason: str
    headers: dict[str, list[str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads."""

    secure: bool
    host: str
    port: int
    path: str
    authority: str


@dataclass(frozen=True, slots=True)
class Transport:
    """How requests go out; tests have their own names and certificates."""

    allowed: Sequence[Network] = ()
    resolve: Resolve = resolve
    seconds: float = SECONDS
    context: ssl.SSLContext | None = None

    async def send(self, outgoing: Outgoing) -> Answer:
        """RefusedError for what must not be reached, SocketError when no answer comes in time."""
        target = target_of(outgoing.url)
        try:
            async with asyncio.timeout(self.seconds):
                return await self._exchange(target, outgoing)
        except TimeoutError:
            raise SocketError(f"No complete answer from {target.authority} within {self.seconds:g} seconds") from None
        except (OSError, ssl.SSLError, EOFError) as error:
            raise SocketError(f"The connection to {target.authority} failed: {error}") from None
        except h11.RemoteProtocolError as error:
            raise SocketError(f"The answer of {target.authority} is not valid HTTP: {error}") from None
        except h11.LocalProtocolError as error:
            raise RefusedError(f"The request is not valid HTTP: {error}") from None

    async def _exchange(self, target: Target, outgoing: Outgoing) -> Answer:
        addresses = checked(target.host, await self.resolve(target.host, target.port), self.allowed)
        if not target.secure:
            self._plain_is_allowed(target, addresses)
        connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEADERS)
        request = _request(connection, target, outgoing)
        reader, writer = await self._connect(target, addresses)
        try:
            writer.write(request)
            await writer.drain()
            return await _read(connection, reader)
        finally:
            writer.transport.abort()  # nothing of it is of use any more, and a slow peer must not hold us

    def _plain_is_allowed(self, target: Target, addresses: Sequence[str]) -> None:
        if not all(is_named(ipaddress.ip_address(each.partition("%")[0]), self.allowed) for each in addresses):
            raise RefusedError("http:// is for hosts named in STATEWRIGHT_HTTP_ALLOW only; use https:// for "
                               f"'{target.host}'")

    async def _connect(
        self, target: Target, addresses: Sequence[str],
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the first address that answers; the certificate must be the host's."""
        context = None
        if target.secure:
            context = self.context or await asyncio.to_thread(_default_context)  # reads the system's certificates
        failure: OSError | None = None
        for address in addresses:
            try:
                return await asyncio.open_connection(
                    address, target.port, limit=_READ * 2, ssl=context,
                    server_hostname=target.host if target.secure else None)
            except OSError as error:
                failure = error
        raise failure or OSError("no address")


def target_of(url: str) -> Target:
    """Take a URL apart.  RefusedError for what is no plain http(s) URL."""
    if any(character <= " " or character in '\\"<>^`{|}\x7f' for character in url):
        raise RefusedError("The URL has characters that no URL may have")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise RefusedError(f"The URL is not valid: {error}") from None
    if parts.scheme not in ("https", "http"):
        raise RefusedError("The URL must begin with https://")
    if "@" in parts.netloc:
        raise RefusedError("The URL must not hold a user name or password; use a connection")
    if not host or port == 0:
        raise RefusedError("The URL names no host")
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    if not host.isascii() or "%" in host:
        raise RefusedError("The URL's host is not valid")
    secure = parts.scheme == "https"
    shown = f"[{host}]" if ":" in host else host
    default = 443 if secure else 80
    path = _ascii(parts.path or "/") + (f"?{_ascii(parts.query)}" if parts.query else "")
    return Target(secure, host, port or default, path, shown if (port or default) == default else f"{shown}:{port}")


def _ascii(text: str) -> str:
    return quote(text, safe="%/:?#[]@!$&'()*+,;=-._~")


@cache
def _default_context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _request(connection: h11.Connection, target: Target, outgoing: Outgoing) -> bytes:
    headers = [("Host", target.authority), *outgoing.headers, ("Connection", "close")]
    if outgoing.body or outgoing.method in ("POST", "PUT", "PATCH"):
        headers.append(("Content-Length", str(len(outgoing.body))))
    try:
        encoded = [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers]
    except UnicodeEncodeError:
        raise RefusedError("A header's name has characters beyond ASCII") from None
    text = connection.send(h11.Request(method=outgoing.method, target=target.path, headers=encoded)) or b""
    body = connection.send(h11.Data(data=outgoing.body)) or b"" if outgoing.body else b""
    return text + body + (connection.send(h11.EndOfMessage()) or b"")


async def _read(connection: h11.Connection, reader: asyncio.StreamReader) -> Answer:
    """The answer; its body ends at MAX_BODY bytes, whatever more there is."""
    response: h11.Response | None = None
    parts: list[bytes] = []
    size = received = 0
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            data = await reader.read(_READ)
            received += len(data)
            if received > MAX_RECEIVED:
                raise SocketError("The answer is too large")
            connection.receive_data(data)
        elif isinstance(event, h11.Response):
            response = event
        elif isinstance(event, h11.Data):
            parts.append(bytes(event.data))
            size += len(event.data)
        if response is not None and (isinstance(event, h11.EndOfMessage) or size >= MAX_BODY):
            return _answer(response, b"".join(parts)[:MAX_BODY])
        if isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
            raise SocketError("The connection was closed before the answer was there")


def _answer(response: h11.Response, body: bytes) -> Answer:
    headers: dict[str, list[str]] = {}
    for name, value in response.headers:
        headers.setdefault(name.decode("latin-1"), []).append(value.decode("utf-8", "replace"))
    return Answer(response.status_code, response.reason.decode("latin-1"), dict(sorted(headers.items())), body)
