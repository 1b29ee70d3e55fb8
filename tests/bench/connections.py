"""Many connections at once: wrk where it is installed, else as many asyncio streams."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import tempfile
import time
from itertools import count as numbers
from typing import Any, Final
from urllib.parse import urlsplit

from tests.bench.client import headers_of

CONNECTIONS: Final = 64
_RATE: Final = re.compile(r"Requests/sec:\s+([\d.]+)")


def driver() -> str:
    """What asks, for the report."""
    return "wrk" if shutil.which("wrk") else "asyncio (wrk is not installed and would ask faster)"


def rate(url: str, operation: str, members: dict[str, Any], seconds: int) -> float:
    """Requests a second, all of them answered with 200."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return asyncio.run(_fire(url, operation, members, float("inf"), seconds)) / seconds
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'wrk.method = "POST"\nwrk.body = {json.dumps(json.dumps(members))}\n')
        for name, value in headers_of(operation).items():
            script.write(f'wrk.headers["{name}"] = "{value}"\n')
        script.flush()
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--timeout", "30", "-s", script.name, url]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = _RATE.search(said)
    if found is None or "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"wrk was answered with errors:\n{said}")
    return float(found.group(1))


def fire(url: str, operation: str, members: dict[str, Any], count: int) -> None:
    """Ask so many times."""
    asyncio.run(_fire(url, operation, members, count, 600))


async def _fire(url: str, operation: str, members: dict[str, Any], count: float, seconds: float) -> int:
    """Ask until `count` is reached or the time is over; how many were answered."""
    body = json.dumps(members).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in headers_of(operation).items())
    request = f"POST / HTTP/1.1\r\nHost: bench\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    until, order = time.monotonic() + seconds, numbers()
    parts = urlsplit(url)

    async def one() -> int:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        answered = 0
        while next(order) < count and time.monotonic() < until:
            writer.write(request)
            answer = (await reader.readuntil(b"\r\n\r\n")).lower()
            if b" 200 " not in answer.split(b"\r\n", 1)[0]:
                raise RuntimeError(f"{operation} was answered with: {answer.decode()}")
            await reader.readexactly(int(answer.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
            answered += 1
        writer.close()
        return answered

    return sum(await asyncio.gather(*[one() for _ in range(CONNECTIONS)]))
