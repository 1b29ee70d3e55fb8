"""The one ASGI application: composition only.

    AWS requests (X-Amz-Target, the Lambda API, query-protocol forms): the door, beside Django
    websockets: Channels, with the session's user
    lifespan: the engine starts before everything and stops after it
    GET /healthz: 200 when the engine runs, else 503
    everything else: Django, in a bounded pool of threads
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.settings")

import django

django.setup(set_prefix=False)

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from designer.asl import jsonata  # noqa: E402
from designer.pages import PooledDjango  # noqa: E402
from executions.api import door  # noqa: E402
from executions.approvals.clockwork import look_at_all  # noqa: E402
from executions.integrations import registry  # noqa: E402
from executions.integrations.aws import local  # noqa: E402
from executions.integrations.aws.clients import CLIENTS  # noqa: E402
from executions.integrations.aws.emulator import EMULATOR  # noqa: E402
from executions.integrations.functions import runtime  # noqa: E402
from executions.lists import bulk  # noqa: E402
from executions.lists.indexing import keep_up  # noqa: E402
from executions.live import publish  # noqa: E402
from executions.live.routing import websocket_urlpatterns  # noqa: E402
from executions.rounds import Rounds  # noqa: E402
from executions.worker.embedded import EmbeddedEngine  # noqa: E402
from executions.worker.garbage import collect_seldom  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)

django_pages = PooledDjango()
sockets = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
_engine: EmbeddedEngine | None = None
_clockwork: Rounds | None = None
_indexer: Rounds | None = None
_collector: asyncio.Task[None] | None = None
_warming: asyncio.Task[None] | None = None


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    kind = scope["type"]
    if kind == "lifespan":
        await _lifespan(receive, send)
    elif kind == "websocket":
        await sockets(scope, receive, send)
    elif scope["path"] == "/healthz":
        await _healthz(send)
    elif door.wants(scope):
        await door.application(scope, receive, send)
    else:
        await django_pages(scope, receive, send)


async def _healthz(send: Send) -> None:
    ready = _engine is not None
    await send({"type": "http.response.start", "status": 200 if ready else 503,
                "headers": [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b"ok\n" if ready else b"starting\n"})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        phase, work = ("startup", _start) if kind == "lifespan.startup" else ("shutdown", _stop)
        try:
            await work()
        except Exception as error:
            log.exception("The %s failed.", phase)
            await send({"type": f"lifespan.{phase}.failed", "message": f"{type(error).__name__}: {error}"})
            return
        await send({"type": f"lifespan.{phase}.complete"})
        if phase == "shutdown":
            return


async def _start() -> None:
    global _engine, _clockwork, _indexer, _collector, _warming
    publish.install()
    local.install(door.application)  # workflows call Step Functions' own API here
    engine = EmbeddedEngine(registry.find)
    await engine.open()
    _engine = engine
    _clockwork = Rounds("approvals", look_at_all)
    _clockwork.start()
    _indexer = Rounds("indexing", keep_up)
    _indexer.start()
    bulk.resume()
    _collector = asyncio.create_task(collect_seldom())
    _warming = asyncio.create_task(asyncio.to_thread(jsonata.warm))  # nobody waits for it, /healthz neither


async def _stop() -> None:
    global _engine, _clockwork, _indexer
    engine, _engine = _engine, None
    clockwork, _clockwork = _clockwork, None
    indexer, _indexer = _indexer, None
    if _collector is not None:
        _collector.cancel()
    if clockwork is not None:
        await clockwork.close()
    if indexer is not None:
        await indexer.close()
    await bulk.close()
    if engine is not None:
        await engine.close()
    await runtime.close()
    CLIENTS.close()
    EMULATOR.close()
    local.install(None)
    publish.uninstall()
    django_pages.close()
