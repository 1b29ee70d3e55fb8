"""The one transaction."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import IntegrityError, connection

from executions.engine.run import Frame, Header
from executions.models import Approval, Execution, Signal, TaskToken
from executions.models import Frame as FrameTable
from executions.store import commit, events, load_run, new_id, open_executions, token_state
from executions.store.writes import (
    ApprovalClosing,
    Ending,
    ExecutionRow,
    HistoryRow,
    TokenChange,
    TokenRow,
    Write,
    storable,
)
from executions.worker.encode import frame_row, header_row
from tests.executions.making import ROLE, machine, states

pytestmark = pytest.mark.django_db(transaction=True)


def row(name: str, **changes: Any) -> ExecutionRow:
    owner = machine(states("P", P={"Type": "Pass"}))
    arn = f"arn:aws:states:us-east-1:000000000000:execution:m:{name}"
    values: dict[str, Any] = {
        "id": new_id(), "arn": arn, "account": "0" * 12, "region": "us-east-1", "name": name, "kind": "STANDARD",
        "machine_id": owner.pk, "revision_id": owner.current_id, "version_arn": None, "alias_arn": None,
        "role_arn": ROLE, "status": "RUNNING", "input": "{}", "output": None, "error": None, "cause": None,
        "started_at": 1, "stopped_at": None, "started_by_id": None, "trace_header": None, "parent_id": None,
        "parent_ask": None, "seed": "seed", "header": "{}"}
    return ExecutionRow(**values | changes)


def frame(id: int, **members: Any) -> Frame:
    return Frame(id, members.pop("parent", 0), members.pop("slot", 0), (), "P", {"n": id}, **members)


def begun(name: str = "x") -> ExecutionRow:
    """An execution with a header and two frames in the database."""
    new = row(name)
    commit([Write(new.id, new=new, frames=[
        frame_row(new.id, frame(1)), frame_row(new.id, frame(2, parent=1)), header_row(new.id, Header(next_event=5))])])
    return new


def test_what_was_committed_is_read_back() -> None:
    new = begun()
    loaded = load_run(new.id)
    assert loaded is not None
    assert (loaded.run.arn, loaded.run.header.next_event, loaded.machine_id) == (new.arn, 5, new.machine_id)
    assert loaded.run.frames == {1: frame(1), 2: frame(2, parent=1)}
    assert [found.run.id for found in open_executions()] == [new.id]


def test_one_that_cannot_be_read_back_does_not_keep_the_others_from_going_on(caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = begun("broken"), begun("fine")
    FrameTable.objects.filter(execution_id=broken.id, frame_id=1).update(data='{"what": "is this"}')
    assert [found.run.id for found in open_executions()] == [fine.id]
    assert broken.arn in caplog.text


def test_frames_are_replaced_and_removed() -> None:
    new = begun()
    commit([Write(new.id, frames=[frame_row(new.id, frame(1, entered=7))], removed=[2])])
    loaded = load_run(new.id)
    assert loaded is not None
    assert loaded.run.frames == {1: frame(1, entered=7)}
    assert loaded.run.header.next_event == 5


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 128, 129, 301])
def test_any_number_of_rows_is_written_and_removed(count: int) -> None:
    new = begun()
    commit([Write(new.id, frames=[frame_row(new.id, frame(3 + n, parent=1, slot=n)) for n in range(count)])])
    loaded = load_run(new.id)
    assert loaded is not None
    assert len(loaded.run.frames) == count + 2
    commit([Write(new.id, removed=[3 + n for n in range(count)])])
    assert Execution.objects.get(pk=new.id).frames.count() == 3


def test_an_ended_execution_is_not_open_and_keeps_frames_only_if_told() -> None:
    done, failed = begun("done"), begun("failed")
    ending = Ending("SUCCEEDED", "1", None, None, 9, "{}")
    commit([
        Write(done.id, ending=ending, keep_frames=False),
        Write(failed.id, ending=ending._replace(status="FAILED", output=None, error="E"), removed=[0])])
    assert list(open_executions()) == []
    kept = Execution.objects.get(pk=failed.id)
    assert (kept.status, kept.output, kept.error, kept.stopped_at, kept.frames.count()) == ("FAILED", None, "E", 9, 2)
    gone = Execution.objects.get(pk=done.id)
    assert (gone.status, gone.output, gone.frames.count()) == ("SUCCEEDED", "1", 0)


def test_a_failing_batch_leaves_nothing() -> None:
    new, bad = row("new"), row("bad", machine_id=None)
    with pytest.raises(IntegrityError):
        commit([Write(new.id, new=new), Write(bad.id, new=bad)])
    assert Execution.objects.count() == 0


def test_a_taken_name_is_reported_and_left_out() -> None:
    first = begun("same")
    second, other = row("same", input="[1]"), row("other")
    taken, fine = commit([Write(second.id, new=second), Write(other.id, new=other)])
    assert taken is not None
    assert (taken.id, taken.status, taken.input) == (first.id, "RUNNING", "{}")
    assert fine is None
    assert set(Execution.objects.values_list("name", flat=True)) == {"same", "other"}


def test_a_commit_whose_answer_was_lost_can_be_repeated() -> None:
    new = row("new")
    writes = [Write(new.id, new=new, history=HistoryRow(new.id, 1, 1, '[{"id":1}]'))]
    assert commit(writes) == [None]
    assert commit(writes, again=True) == [None]
    assert events(new.id) == [{"id": 1}]


def test_a_history_segment_is_never_written_twice() -> None:
    new = begun()
    step = Write(new.id, history=HistoryRow(new.id, 1, 1, '[{"id":1}]'))
    commit([step])
    with pytest.raises(IntegrityError):
        commit([step])


def test_tokens_open_start_and_close_once() -> None:
    new = begun()
    opened = [TokenRow(f"t{n}", new.id, n, "activity", "arn", "S", "OPEN", "", "{}", 1) for n in range(3)]
    commit([Write(new.id, opened=opened)])
    commit([Write(new.id, changed=[
        TokenChange("STARTED", "w1", None, "t0"), TokenChange("TIMED_OUT", None, 5, "t1")])])
    commit([Write(new.id, changed=[
        TokenChange("SUCCEEDED", None, 6, "t0"), TokenChange("SUCCEEDED", None, 6, "t1")])])
    found = TaskToken.objects.order_by("token").values_list("token", "status", "worker", "closed_at")
    assert list(found) == [("t0", "SUCCEEDED", "w1", 6), ("t1", "TIMED_OUT", "", 5), ("t2", "OPEN", "", None)]
    assert token_state("t9") is None


def test_an_approval_closes_unless_it_was_decided() -> None:
    new = begun()
    commit([Write(new.id, opened=[
        TokenRow(f"t{n}", new.id, n, "approval", "arn", "S", "OPEN", "", "{}", 1) for n in range(2)])])
    Approval.objects.create(token_id="t0", public_id="p0", title="a")
    Approval.objects.create(token_id="t1", public_id="p1", title="b", status="APPROVED")
    commit([Write(new.id, approvals=[ApprovalClosing("t0", "why"), ApprovalClosing("t1", "why")])])
    found = Approval.objects.order_by("token_id").values_list("status", "closed_reason")
    assert list(found) == [("CLOSED", "why"), ("APPROVED", "")]


def test_a_decision_that_came_too_late_is_undone_with_the_end_of_its_task() -> None:
    new = begun()
    commit([Write(new.id, opened=[
        TokenRow(f"t{n}", new.id, n, "approval", "arn", "S", "OPEN", "", "{}", 1) for n in range(2)])])
    decided: dict[str, Any] = {
        "status": "REJECTED", "comment": "no", "form_data": {"a": 1}, "decided_at": "2026-01-01T00:00:00Z"}
    Approval.objects.create(token_id="t0", public_id="p0", title="a", **decided)
    Approval.objects.create(token_id="t1", public_id="p1", title="b")
    commit([Write(new.id, approvals=[ApprovalClosing("t0", "late", True), ApprovalClosing("t1", "late", True)])])
    found = Approval.objects.order_by("token_id").values_list(
        "status", "closed_reason", "comment", "form_data", "decided_at")
    assert list(found) == [("CLOSED", "late", "", {}, None)] * 2


def test_signals_that_were_taken_up_go() -> None:
    new = begun()
    first = Signal.objects.create(execution_id=new.id, body={})
    second = Signal.objects.create(execution_id=new.id, body={})
    commit([Write(new.id, consumed=[first.pk])])
    assert list(Signal.objects.values_list("pk", flat=True)) == [second.pk]


@pytest.mark.parametrize(("text", "kept"), [
    (None, None), ("plain", "plain"), ("日本語", "日本語"), ("a\0b", "a\ufffdb"), ("a\ud800b", "a?b"), ("", "")])
def test_free_text_is_made_storable(text: str | None, kept: str | None) -> None:
    assert storable(text) == kept


def test_ids_rise() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert ids[-1] < 1 << 63


def test_the_database_is_the_one_asked_for() -> None:
    asked = "postgresql" if "TESTS_DATABASE_URL" in os.environ else "sqlite"
    assert connection.vendor == asked
