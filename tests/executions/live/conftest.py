"""Sockets to an embedded engine in the test's own event loop."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.layers import channel_layers
from channels.routing import URLRouter
from django.contrib.auth.models import AnonymousUser, Group

from designer.models import User
from executions.live import publish
from executions.live.routing import websocket_urlpatterns
from executions.store import in_thread
from tests.executions.worker.conftest import Bench, bench

__all__ = ["Bench", "bench"]

Open = Callable[..., Awaitable["Socket"]]
application = URLRouter(websocket_urlpatterns)


def person(*roles: str, name: str = "") -> User:
    """A user with these roles."""
    user = User.objects.create_user(name or "-".join(roles) or "nobody")
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    return user


class Socket:
    """A websocket client."""

    def __init__(self, path: str, user: Any, headers: list[tuple[bytes, bytes]]) -> None:
        address = urlsplit(path)
        communicator: Any = ApplicationCommunicator  # asgiref leaves it untyped
        self._communicator = communicator(application, {
            "type": "websocket", "path": address.path, "query_string": address.query.encode(), "headers": headers,
            "subprotocols": [], "user": user,
        })
        self.accepted = False

    async def open(self) -> None:
        await self._communicator.send_input({"type": "websocket.connect"})
        self.accepted = (await self._communicator.receive_output(10))["type"] == "websocket.accept"

    async def next(self) -> dict[str, Any]:
        """The next message; fails when none comes."""
        output = await self._communicator.receive_output(10)
        assert output["type"] == "websocket.send", output
        message: dict[str, Any] = json.loads(output["text"])
        return message

    async def until(self, last: int) -> list[dict[str, Any]]:
        """All events up to the id `last`."""
        events: list[dict[str, Any]] = []
        while not events or events[-1]["id"] < last:
            events += (await self.next())["events"]
        return events

    async def closed(self) -> int:
        """The code with which the server closes."""
        while True:
            output = await self._communicator.receive_output(10)
            if output["type"] == "websocket.close":
                return int(output["code"])

    async def close(self) -> None:
        await self._communicator.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._communicator.wait(10)


@pytest.fixture
def notices() -> Iterator[None]:
    """The engine's commits are published, through a layer of this test's own."""
    channel_layers.backends.clear()
    publish.install()
    yield
    publish.uninstall()
    channel_layers.backends.clear()


@pytest.fixture
async def viewer(bench: Bench) -> User:
    return await in_thread(person, "viewer")


@pytest.fixture
async def connect(bench: Bench, notices: None, viewer: User) -> AsyncIterator[Open]:
    """await connect(path, user=viewer, origin="") -> an opened Socket, or one that was refused."""
    sockets: list[Socket] = []

    async def connect(path: str, user: Any = viewer, origin: str = "") -> Socket:
        headers = [(b"host", b"localhost:8000"), *([(b"origin", origin.encode())] if origin else [])]
        sockets.append(Socket(path, user or AnonymousUser(), headers))
        await sockets[-1].open()
        return sockets[-1]

    yield connect
    for socket in sockets:
        await socket.close()
