"""The websockets: who may, what comes, where it goes on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from designer.models import User
from executions import store
from executions.engine.signals import Replied, Stopped
from executions.integrations.kinds import Send, TaskRequest
from executions.live import consumers, tail
from executions.store import in_thread
from tests.executions.live.conftest import Bench, Open, person
from tests.executions.making import machine, new_execution, states
from tests.executions.worker.conftest import FUNCTION

WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})
TASKS = states("A", A={"Type": "Task", "Resource": FUNCTION, "Next": "B"}, B={"Type": "Task", "Resource": FUNCTION})


async def begin(bench: Bench, definition: dict[str, Any] = WAIT, input: Any = None) -> int:
    row = await in_thread(machine, definition)
    return (await bench.engine.start(new_execution(row, input))).id


def path(execution: int, after: int | str = 0) -> str:
    return f"/ws/executions/{execution}/?after={after}"


# -- who may


async def test_nobody_is_refused(bench: Bench, connect: Open) -> None:
    id = await begin(bench)
    assert not (await connect(path(id), user=None)).accepted
    assert not (await connect("/ws/executions/", user=None)).accepted


@pytest.mark.parametrize(("role", "allowed"), [
    ("viewer", True), ("operator", True), ("designer", True), ("administrator", True), ("approver", False),
])
async def test_watching_needs_the_view_permission(bench: Bench, connect: Open, role: str, allowed: bool) -> None:
    id = await begin(bench)
    user = await in_thread(person, role, name=f"a-{role}")
    assert (await connect(path(id), user=user)).accepted is allowed
    assert (await connect("/ws/executions/", user=user)).accepted is allowed


async def test_an_execution_that_does_not_exist_is_refused(connect: Open) -> None:
    assert not (await connect(path(12345))).accepted
    assert not (await connect(path(2**63))).accepted


@pytest.mark.parametrize(("origin", "allowed"), [
    ("http://localhost:8000", True), ("https://evil.example", False), ("http://localhost:9000", False), ("null", False),
])
async def test_other_sites_are_refused(bench: Bench, connect: Open, origin: str, allowed: bool) -> None:
    id = await begin(bench)
    assert (await connect(path(id), origin=origin)).accepted is allowed


async def test_a_permission_that_is_taken_away_ends_the_watching(
    bench: Bench, connect: Open, viewer: User, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(consumers, "CHECK_EVERY", 0.0)
    id = await begin(bench)
    socket = await connect(path(id))
    await socket.next()
    await in_thread(viewer.groups.clear)
    await bench.engine.deliver(id, Stopped())
    assert await socket.closed() == consumers.GONE


# -- what comes


async def test_the_history_comes_first_with_the_standing(bench: Bench, connect: Open) -> None:
    id = await begin(bench)
    message = await (await connect(path(id))).next()
    assert [event["type"] for event in message["events"]] == ["ExecutionStarted", "WaitStateEntered"]
    assert (message["type"], message["last"], message["status"]) == ("events", 2, "RUNNING")


async def test_what_is_written_later_comes_by_itself(bench: Bench, connect: Open) -> None:
    release = asyncio.Event()

    async def work(request: TaskRequest, send: Send) -> None:
        await release.wait()
        send(Replied(request.task.ask, {"done": request.task.state}))

    bench.integration.work = work
    id = await begin(bench, TASKS)
    socket = await connect(path(id))
    first = await socket.next()
    release.set()
    await bench.until(id)
    events = first["events"] + await socket.until(await in_thread(store.last_event, id))
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert events == await in_thread(store.events, id)


async def test_the_last_message_tells_how_it_ended(bench: Bench, connect: Open) -> None:
    id = await begin(bench)
    socket = await connect(path(id))
    await socket.next()
    await bench.engine.deliver(id, Stopped("Enough", "seen enough"))
    message = await socket.next()
    assert message["status"] == "ABORTED"
    assert message["events"][-1]["executionAbortedEventDetails"] == {"error": "Enough", "cause": "seen enough"}


async def test_a_reconnect_goes_on_after_the_last_id(bench: Bench, connect: Open) -> None:
    id = await begin(bench)
    await (await connect(path(id))).next()
    await bench.engine.deliver(id, Stopped())
    message = await (await connect(path(id, after=2))).next()
    assert [event["id"] for event in message["events"]] == [3]
    message = await (await connect(path(id, after=3))).next()
    assert (message["events"], message["last"], message["status"]) == ([], 3, "ABORTED")


async def test_a_reconnect_after_a_restart_misses_nothing(bench: Bench, connect: Open) -> None:
    id = await begin(bench)
    last = (await (await connect(path(id))).next())["last"]
    await bench.restart()
    socket = await connect(path(id, after=last))
    assert (await socket.next())["events"] == []
    await bench.engine.deliver(id, Stopped())
    assert [event["id"] for event in (await socket.next())["events"]] == [last + 1]


@pytest.mark.parametrize("after", ["", "x", "-1", "99999999999999999999"])
async def test_an_unreadable_place_to_go_on_from_is_the_beginning(bench: Bench, connect: Open, after: str) -> None:
    id = await begin(bench)
    assert (await (await connect(path(id, after))).next())["events"][0]["id"] == 1


async def test_a_long_history_comes_in_several_messages(
    bench: Bench, connect: Open, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tail, "BATCH", 3)
    id = await begin(bench, TASKS)
    await bench.until(id)
    socket = await connect(path(id))
    sizes = [len((await socket.next())["events"]) for _ in range(4)]
    assert sizes == [3, 3, 3, 3]


async def test_long_payloads_are_cut(bench: Bench, connect: Open) -> None:
    id = await begin(bench, input={"text": "x" * 5000})
    events = (await (await connect(path(id))).next())["events"]
    for event, key in zip(events, ("executionStartedEventDetails", "stateEnteredEventDetails"), strict=True):
        assert len(event[key]["input"]) == 512
        assert event["previews"] == {"input": 5012}


async def test_many_viewers_share_one_read(bench: Bench, connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await begin(bench)
    sockets = [await connect(path(id)) for _ in range(8)]
    for socket in sockets:
        await socket.next()
    reads: list[int] = []
    read = tail._read

    def counted(execution: int, after: int) -> tail.Batch:
        reads.append(after)
        return read(execution, after)

    monkeypatch.setattr(tail, "_read", counted)
    await bench.engine.deliver(id, Stopped())
    assert [(await socket.next())["status"] for socket in sockets] == ["ABORTED"] * 8
    assert len(reads) < 8


# -- the list


async def test_the_list_hears_of_starts_and_ends(bench: Bench, connect: Open) -> None:
    socket = await connect("/ws/executions/")
    id = await begin(bench)
    message = await socket.next()
    assert message["type"] == "changed"
    assert [(row["id"], row["status"]) for row in message["executions"]] == [(str(id), "RUNNING")]
    await bench.engine.deliver(id, Stopped())
    message = await socket.next()
    assert [(row["id"], row["status"]) for row in message["executions"]] == [(str(id), "ABORTED")]
