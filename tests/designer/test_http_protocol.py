"""An answer's head goes out with its body in one write, and never stays behind."""

from __future__ import annotations

import asyncio
from typing import Any

from designer.http_protocol import JoiningTransport

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Recorder:
    """Stands for the socket: what was done to it, in order."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def write_eof(self) -> None:
        self.done.append("eof")

    def close(self) -> None:
        self.done.append("close")

    def is_closing(self) -> bool:
        return "close" in self.done


def joined() -> tuple[Recorder, Any]:
    recorder = Recorder()
    transport: Any = JoiningTransport(recorder, asyncio.get_running_loop())  # type: ignore[arg-type]
    return recorder, transport


async def test_head_and_body_are_one_write() -> None:
    recorder, transport = joined()
    transport.write(HEAD)
    assert recorder.done == []
    transport.write(b"{}")
    transport.write(b"more")
    assert recorder.done == [HEAD + b"{}", b"more"]
    await asyncio.sleep(0)
    assert recorder.done == [HEAD + b"{}", b"more"]


async def test_a_head_alone_goes_out_in_the_next_turn() -> None:
    recorder, transport = joined()
    transport.write(HEAD)
    await asyncio.sleep(0)
    assert recorder.done == [HEAD]


async def test_a_head_is_not_lost_when_the_connection_ends() -> None:
    for end, told in (("close", "close"), ("write_eof", "eof")):
        recorder, transport = joined()
        transport.write(HEAD)
        getattr(transport, end)()
        assert recorder.done == [HEAD, told]
        assert transport.is_closing() is (end == "close")
