"""Who watches: 200 viewers of one execution among 1,000 open sockets, from the event's time to the message's arrival.

The chain of waits writes a few events each second; each viewer should have all of them, within MILLISECONDS, and none
twice.  A browser draws what has come with its next frame.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect

from tests.bench.client import Client
from tests.support import rest
from tests.support.server import PASSWORD, Server

VIEWERS: Final = 200
SOCKETS: Final = 1_000
STEPS: Final = 15  # seconds
MILLISECONDS: Final = 250.0
AT_ONCE: Final = 40  # handshakes under way
LONG: Final = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3_600, "End": True}}}
CHAIN: Final = {"StartAt": "W0", "States": {
    f"W{n}": {"Type": "Wait", "Seconds": 3 if n == 0 else 1} | ({"Next": f"W{n + 1}"} if n < STEPS else {"End": True})
    for n in range(STEPS + 1)}}


def main(server: Server) -> bool:
    """Whether the latency holds and every viewer saw every event once."""
    for name, definition in (("watched", CHAIN), ("asleep", LONG)):
        rest.call(server.url, "POST", "machines/", {"name": name, "definition": definition})
    asleep = [start(server, "asleep") for _ in range(20)]
    return asyncio.run(_watch(server, sign_in(server), asleep))


def start(server: Server, machine: str) -> str:
    return str(rest.call(server.url, "POST", f"machines/{machine}/executions/", {"input": {}})["id"])


def sign_in(server: Server) -> str:
    """The cookie of a session."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{server.url}/login/", timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    fields = {"username": "admin", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    request = urllib.request.Request(
        f"{server.url}/login/", urllib.parse.urlencode(fields).encode(), {"Referer": f"{server.url}/login/"})
    opener.open(request, timeout=60).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


async def _watch(server: Server, cookie: str, asleep: list[str]) -> bool:
    client = Client(server.url, server.pid)
    gate = asyncio.Semaphore(AT_ONCE)

    async def opened(path: str) -> ClientConnection:
        async with gate:
            return await connect(server.url.replace("http", "ws") + path, additional_headers={"Cookie": cookie},
                                 origin=server.url, max_size=None, open_timeout=60)

    before = client.memory()
    idle = await asyncio.gather(*(
        opened(f"/ws/executions/{asleep[n % len(asleep)]}/" if n % 4 else "/ws/executions/")
        for n in range(SOCKETS - VIEWERS)))
    drains = [asyncio.create_task(_drain(each)) for each in idle]
    execution = await asyncio.to_thread(start, server, "watched")
    viewers = await asyncio.gather(*(opened(f"/ws/executions/{execution}/") for _ in range(VIEWERS)))
    latencies: list[float] = []
    seen = await asyncio.gather(*(_follow(each, latencies) for each in viewers))
    memory = client.memory()
    for drain in drains:
        drain.cancel()
    await asyncio.gather(*(each.close() for each in (*idle, *viewers)), return_exceptions=True)
    whole = {tuple(ids) for ids in seen} == {tuple(range(1, len(seen[0]) + 1))}
    latencies.sort()
    p50, p95 = (latencies[int(len(latencies) * part)] for part in (0.5, 0.95))
    holds = whole and p95 < MILLISECONDS
    print(f"{VIEWERS} viewers, {SOCKETS:,} sockets: {len(seen[0])} events each, {'whole' if whole else 'NOT whole'}; "
          f"latency p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {latencies[-1]:.0f} ms (p95 below {MILLISECONDS:.0f}); "
          f"{(memory - before) / SOCKETS / 1024:.0f} KB a socket: {'holds' if holds else 'does not hold'}")
    return holds


async def _drain(socket: ClientConnection) -> None:
    async for _ in socket:
        pass


async def _follow(socket: ClientConnection, latencies: list[float]) -> list[int]:
    """The ids as they came, until the execution has ended; what was there before the socket is not measured."""
    ids: list[int] = []
    opened = time.time()
    while True:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 60))
        arrived = time.time()
        for event in message.get("events", ()):
            ids.append(event["id"])
            if event["timestamp"] > opened:
                latencies.append((arrived - event["timestamp"]) * 1e3)
        if message.get("status") != "RUNNING" and ids:
            return ids
