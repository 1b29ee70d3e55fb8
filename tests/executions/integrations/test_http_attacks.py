"""HTTP tasks as a way into the network they run in: addresses in all notations, names that change, answers
without end.  Everything is refused or bounded."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from executions.integrations.http.exchange import MAX_BODY, MAX_RECEIVED, Outgoing, SocketError, Transport
from executions.integrations.http.guard import RefusedError, is_public
from executions.integrations.http.task import HttpTask
from executions.integrations.kinds import TaskError
from tests.executions.integrations.conftest import Sent, request

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)

# Hosts as somebody may write them; the system resolves them, nothing leaves the machine.
HOSTS = [
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0x0.0x0.0x1",
    "0x7f.1", "017700000001", "0177.0.0.1", "0177.0x0.0.1", "00000177.0.0.1", "0", "0.0.0.0", "0x0", "00", "0.0",
    "localhost", "LOCALHOST", "LocalHost", "localhost.", "127.0.0.1.",
    "10.0.0.1", "10.255.255.255", "0x0a000001", "167772161", "012.0.0.1", "10.1",
    "172.16.0.1", "172.31.255.255", "0xac100001", "2886729729", "192.168.0.1", "192.168.1.254", "0xc0a80001",
    "3232235521", "0300.0250.0.1", "192.168.1",
    "169.254.169.254", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518", "0xa9.0xfe.0xa9.0xfe",
    "169.254.170.2", "169.254.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255", "192.0.0.1", "192.0.0.192",
    "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "192.88.99.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "4294967295", "0xffffffff",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:192.168.0.1]", "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]", "[::ffff:0.0.0.0]", "[::127.0.0.1]", "[::7f00:1]", "[fe80::1]", "[febf::1]", "[fc00::1]",
    "[fd00::1]", "[fd00:ec2::254]", "[fdff:ffff::1]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[2001:db8::1]",
    "[3fff::1]", "[100::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[2002:c0a8:1::1]", "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::7f00:1]", "[2001:0:7f00:1::1]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:10::1]", "[2001:2::1]", "[5f00::1]",
]
URLS = [
    "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:70/_", "javascript:alert(1)", "//127.0.0.1/",
    "", " ",
    "https://", "https:///path", "https://user:password@example.com/", "https://example.com@127.0.0.1/",
    "https://127.0.0.1\\@example.com/", "https://example.com\r\nX: y/", "https://example.com/\r\nHost: a",
    "https://example.com/ HTTP/1.1", "https://example.com:0/", "https://example.com:99999/", "https://example.com:x/",
    "https://[::1/", "https://[fe80::1%25eth0]/", "https://１２７.０.０.１/", "https://127。0。0。1/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "https://127.0.0.1%00.example.com/", "https://example.com\x00/", "https://\t127.0.0.1/",
]


async def refusal(url: str, **options: Any) -> Exception:
    started = time.monotonic()
    with pytest.raises((RefusedError, SocketError)) as caught:
        await Transport(**options).send(Outgoing("GET", url))
    assert time.monotonic() - started < 20
    return caught.value


@pytest.mark.parametrize("host", HOSTS)
async def test_addresses_that_are_not_public(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection is tried, however the address is written."""
    async def connected(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(asyncio, "open_connection", connected)
    error = await refusal(f"https://{host}/")
    # A notation that the system does not take leads nowhere at all.
    assert isinstance(error, RefusedError) or "Name or service not known" in str(error) or "resolution" in str(error)


@pytest.mark.parametrize("url", URLS)
async def test_urls_that_lead_elsewhere_than_they_look(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def connected(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(asyncio, "open_connection", connected)
    await refusal(url)


def test_there_are_enough_cases() -> None:
    assert len(set(HOSTS)) + len(set(URLS)) >= 120


@pytest.mark.parametrize("text", [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1",
    "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
])
def test_public_addresses_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


def names(*answers: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A resolver that answers otherwise each time it is asked."""
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return left.pop(0)

    return resolve


@pytest.mark.parametrize("addresses", [
    ["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["8.8.8.8", "::1"], ["fe80::1%2"],
    ["8.8.8.8", "169.254.169.254"], ["::ffff:10.0.0.1"], [],
])
async def test_names_with_private_addresses(addresses: list[str]) -> None:
    assert isinstance(await refusal("https://example.com/", resolve=names(addresses)), RefusedError)


async def test_a_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: a second answer, which would be loopback, is never asked for; what is connected to is the
    address that was judged."""
    tried: list[str] = []

    async def connect(host: str, port: int, **_: Any) -> Any:
        tried.append(host)
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(asyncio, "open_connection", connect)
    await refusal("https://rebind.example.com/", resolve=names(["8.8.8.8", "8.8.4.4"], ["127.0.0.1"]))
    assert tried == ["8.8.8.8", "8.8.4.4"]


async def test_plain_http_is_for_named_hosts() -> None:
    error = await refusal("http://example.com/", resolve=names(["8.8.8.8"]))
    assert "STATEWRIGHT_HTTP_ALLOW" in str(error)


# -- answers

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(behave: Behave):  # type: ignore[no-untyped-def]
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await behave(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    finally:
        listening.close()


def endless(head: bytes, piece: bytes, pause: float = 0.0) -> Behave:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return behave


def once(answer: bytes) -> Behave:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    return behave


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("behave", [
    endless(OK + b"\r\n", b"x" * 65_536), endless(OK + b"Content-Length: 99999999999\r\n\r\n", b"x" * 65_536),
    endless(CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
], ids=["no length", "a huge length", "chunks"])
async def test_a_body_without_end_is_cut(behave: Behave) -> None:
    async with server(behave) as url:
        answer = await Transport(LOOPBACK).send(Outgoing("GET", url))
    assert len(answer.body) == MAX_BODY


@pytest.mark.parametrize("behave", [
    endless(OK, b"X-A: " + b"y" * 8_000 + b"\r\n"), endless(b"HTTP/1.1 200 " + b"O" * 100_000, b"K"),
    endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), endless(CHUNKED, b"1;" + b"e" * 60_000 + b"\r\nx\r\n"),
    endless(b"", b"\x00" * 1_000), endless(b"", b"no http at all\r\n"),
    once(b""), once(OK), once(OK + b"Content-Length: 10\r\n\r\nabc"), once(CHUNKED + b"5\r\nab"),
    once(CHUNKED + b"zz\r\n"), once(OK + b"Content-Length: -1\r\n\r\n"),
    once(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), once(OK + b"no colon\r\n\r\n"),
    once(b"HTTP/1.1\r\n\r\n"), once(b"HTTP/1.1 abc OK\r\n\r\n"),
], ids=range(16))
async def test_answers_that_are_none(behave: Behave) -> None:
    async with server(behave) as url:
        with pytest.raises(SocketError):
            await Transport(LOOPBACK, seconds=10).send(Outgoing("GET", url))


@pytest.mark.parametrize("behave", [
    silent, endless(b"", b"H", 0.05), endless(OK + b"\r\n", b"x", 0.05), endless(OK, b"X-A: b\r\n", 0.05),
    endless(CHUNKED, b"1\r\nx\r\n", 0.05),
], ids=["silent", "slow line", "slow body", "slow headers", "slow chunks"])
async def test_slow_answers_end_in_time(behave: Behave) -> None:
    async with server(behave) as url:
        started = time.monotonic()
        with pytest.raises(SocketError, match=r"within 0\.5 seconds"):
            await Transport(LOOPBACK, seconds=0.5).send(Outgoing("GET", url))
        assert time.monotonic() - started < 5


def test_what_is_received_is_bounded() -> None:
    assert MAX_BODY < MAX_RECEIVED <= 1_048_576


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int, threads: None, sent: Sent) -> None:
    asked: list[int] = []

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(1)
        head = f"HTTP/1.1 {status} Moved\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
        writer.write(head.encode())

    async with server(redirect) as url:
        task = HttpTask(Transport(LOOPBACK))
        with pytest.raises(TaskError) as caught:
            await task.run(request("arn:aws:states:::http:invoke", {"ApiEndpoint": url, "Method": "GET"}), sent)
    assert caught.value.error == f"States.Http.StatusCode.{status}"
    assert len(asked) == 1


@pytest.mark.parametrize("headers", [
    {name: "x"} for name in ("Host", "host", "Authorization", "Transfer-Encoding", "Content-Length", "Connection",
                             "X-Forwarded-For", "x-amz-security-token", "X-Amzn-Trace-Id", "Proxy-Authorization", "TE",
                             "Expect", "Upgrade")])
async def test_headers_of_the_services_own(headers: dict[str, str], sent: Sent) -> None:
    parameters = {"ApiEndpoint": "https://example.com", "Method": "GET", "Headers": headers}
    with pytest.raises(TaskError, match="is not allowed"):
        await HttpTask().run(request("arn:aws:states:::http:invoke", parameters), sent)


@pytest.mark.parametrize("headers", [
    {"X-A": "b\r\nX-C: d"}, {"X-A\r\nX-C": "d"}, {"X A": "b"}, {"": "b"}, {"X-A": "b\x00"},
    {"日本": "b"}, {"X-A:": "b"},
])
async def test_headers_that_would_become_others(headers: dict[str, str]) -> None:
    async with server(silent) as url:
        with pytest.raises(RefusedError):
            await Transport(LOOPBACK, seconds=2).send(Outgoing("GET", url, tuple(headers.items())))
