"""Noting commits and telling of them in rounds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from channels.exceptions import ChannelFull
from channels.layers import channel_layers

from executions.actions.gateway import Committed
from executions.live import publish
from executions.live.layer import LocalChannelLayer
from executions.live.publish import LIST_GROUP, Publisher, group_of


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalChannelLayer]:
    monkeypatch.setattr(publish, "INTERVAL", 0.001)
    layer = LocalChannelLayer()
    channel_layers.set("default", layer)
    yield layer
    channel_layers.backends.clear()


async def listen(layer: LocalChannelLayer, group: str) -> str:
    name: str = await layer.new_channel()
    await layer.group_add(group, name)
    return name


async def settled(publisher: Publisher) -> None:
    while publisher._rounds is not None:
        await asyncio.sleep(0)


async def received(layer: LocalChannelLayer, channel: str) -> list[dict[str, Any]]:
    messages = []
    while channel in layer.channels:
        messages.append(await layer.receive(channel))
    return messages


async def test_many_commits_of_one_turn_are_one_notice(layer: LocalChannelLayer) -> None:
    channel, publisher = await listen(layer, group_of(7)), Publisher()
    for last in range(1, 101):
        publisher.observe([Committed(7, 1, last, "RUNNING")])
    await settled(publisher)
    assert await received(layer, channel) == [{"type": "moved", "last": 100, "status": "RUNNING"}]


async def test_what_comes_during_a_round_is_told_in_the_next(layer: LocalChannelLayer) -> None:
    channel, publisher = await listen(layer, group_of(7)), Publisher()
    publisher.observe([Committed(7, 1, 1, "RUNNING")])
    await asyncio.sleep(0)
    publisher.observe([Committed(7, 1, 2, "SUCCEEDED")])
    await settled(publisher)
    assert [message["last"] for message in await received(layer, channel)] == [1, 2]


async def test_executions_nobody_watches_cost_no_message(layer: LocalChannelLayer) -> None:
    publisher = Publisher()
    publisher.observe([Committed(id, 1, 1, "RUNNING") for id in range(1000)])
    await settled(publisher)
    assert layer.channels == {}


async def test_the_list_is_told_of_starts_and_ends_only(layer: LocalChannelLayer) -> None:
    channel, publisher = await listen(layer, LIST_GROUP), Publisher()
    for last, status in ((1, "RUNNING"), (2, "RUNNING"), (3, "RUNNING"), (4, "FAILED")):
        publisher.observe([Committed(7, 3, last, status)])
        await settled(publisher)
    told = [message["executions"] for message in await received(layer, channel)]
    assert told == [[[7, 3, "RUNNING"]], [[7, 3, "FAILED"]]]


async def test_a_notice_to_the_list_is_bounded(layer: LocalChannelLayer) -> None:
    channel, publisher = await listen(layer, LIST_GROUP), Publisher()
    publisher.observe([Committed(id, 1, 1, "RUNNING") for id in range(publish.LIST_LIMIT + 1)])
    await settled(publisher)
    (message,) = await received(layer, channel)
    assert (len(message["executions"]), message["more"]) == (publish.LIST_LIMIT, True)


async def test_a_layer_that_fails_ends_no_engine(
    layer: LocalChannelLayer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:
    channel, publisher = await listen(layer, group_of(7)), Publisher()

    async def broken(group: str, message: dict[str, Any]) -> None:
        raise ConnectionError("no Redis")

    with monkeypatch.context() as patch:
        patch.setattr(layer, "group_send", broken)
        publisher.observe([Committed(7, 1, 1, "RUNNING")])
        await settled(publisher)
    assert "could not be sent" in caplog.text
    publisher.observe([Committed(7, 1, 2, "RUNNING")])
    await settled(publisher)
    assert [message["last"] for message in await received(layer, channel)] == [2]


async def test_a_reader_that_does_not_keep_up_does_not_stop_the_others() -> None:
    layer = LocalChannelLayer(capacity=2)
    slow, quick = await listen(layer, "g"), await listen(layer, "g")
    for number in range(4):
        await layer.group_send("g", {"type": "moved", "last": number})
        assert (await layer.receive(quick))["last"] == number
    assert [(await layer.receive(slow))["last"] for _ in range(2)] == [0, 1]


async def test_a_full_channel_is_said_to_be_full() -> None:
    layer = LocalChannelLayer(capacity=1)
    await layer.send("one", {"type": "x"})
    with pytest.raises(ChannelFull):
        await layer.send("one", {"type": "x"})


async def test_what_has_expired_leaves_the_groups_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("executions.live.layer.CLEAN_EVERY", 0.0)
    layer = LocalChannelLayer(expiry=-1)
    await listen(layer, "g")
    await layer.group_send("g", {"type": "x"})
    await layer.group_send("g", {"type": "x"})
    assert not layer.groups["g"]
