"""StartExecution and StopExecution, with AWS's errors."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import timezone

from designer.errors import ActionError
from designer.models import Alias, Revision, StateMachine, Version
from executions.actions.start_execution import start_execution
from executions.actions.stop_execution import stop_execution
from executions.store import in_thread
from tests.executions.making import NOBODY, OPERATOR, ROLE, machine, states
from tests.executions.worker.conftest import Bench

PASS = states("P", P={"Type": "Pass"})
WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})
P = "arn:aws:states:us-east-1:000000000000"


async def refusal(arn: str, input: str | None = "{}", **options: Any) -> ActionError:
    with pytest.raises(ActionError) as refused:
        await start_execution(OPERATOR, arn, input, **options)
    return refused.value


async def test_what_starts_is_answered_and_there(bench: Bench) -> None:
    row = await in_thread(machine, PASS)
    started = await start_execution(OPERATOR, row.arn, '{"a":1}', name="first", trace_header="Root=1")
    assert started.arn == f"{P}:execution:{row.name}:first"
    found = await bench.row(started.id)
    assert (found.input, found.trace_header, found.started_at) == ('{"a":1}', "Root=1", started.started_at)
    assert (found.version_arn, found.alias_arn, found.role_arn) == (None, None, ROLE)


async def test_name_and_input_may_be_left_out(bench: Bench) -> None:
    row = await in_thread(machine, PASS)
    started = await start_execution(OPERATOR, row.arn)
    found = await bench.row(started.id)
    assert found.input == "{}"
    assert str(uuid.UUID(found.name)) == found.name


@pytest.mark.parametrize(("input", "reason"), [
    ("", "Invalid execution input."),
    ("not some json", "Unrecognized token 'not': was expecting "
                      "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"),
    ("{'not': 'json'", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"),
])
async def test_input_that_is_no_json(bench: Bench, input: str, reason: str) -> None:
    row = await in_thread(machine, PASS)
    error = await refusal(row.arn, input)
    assert (error.code, error.message) == (
        "InvalidExecutionInput", f"Invalid State Machine Execution Input: '{reason}'")
    assert await in_thread(row.executions.count) == 0


@pytest.mark.parametrize("input", ["2", '"some text"', "null", "[]", " {} "])
async def test_any_json_value_is_an_input(bench: Bench, input: str) -> None:
    row = await in_thread(machine, PASS)
    started = await start_execution(OPERATOR, row.arn, input)
    assert (await bench.row(started.id)).input == input


@pytest.mark.parametrize(("length", "fits"), [(262_142, True), (262_143, False)])
async def test_input_may_have_256_kib(bench: Bench, length: int, fits: bool) -> None:
    row = await in_thread(machine, PASS)
    text = '"' + "x" * length + '"'
    if fits:
        assert (await start_execution(OPERATOR, row.arn, text)).existed is False
    else:
        assert (await refusal(row.arn, text)).code == "InvalidExecutionInput"


@pytest.mark.parametrize("name", ["a b", "a/b", "", "x" * 81, "a\nb", "a:b", "a*"])
async def test_names_that_aws_refuses(bench: Bench, name: str) -> None:
    row = await in_thread(machine, PASS)
    error = await refusal(row.arn, name=name)
    assert (error.code, error.message) == ("InvalidName", f"Invalid Name: '{name}'")


@pytest.mark.parametrize(("arn", "code"), [
    ("no arn", "InvalidArn"), (f"{P}:activity:x", "InvalidArn"),
    (f"{P}:stateMachine:unknown", "StateMachineDoesNotExist"),
    (f"{P}:stateMachine:unknown:3", "StateMachineDoesNotExist"),
    (f"{P}:stateMachine:unknown:prod", "ResourceNotFound"),
    (f"{P}:stateMachine:m/label", "ValidationException"),
])
async def test_machines_that_are_not_there(bench: Bench, arn: str, code: str) -> None:
    assert (await refusal(arn)).code == code


async def test_a_machine_that_is_being_deleted_starts_nothing(bench: Bench) -> None:
    row = await in_thread(machine, PASS)
    await start_execution(OPERATOR, row.arn)  # the machine is known from now on
    await in_thread(_mark_deleting, row)
    assert (await refusal(row.arn)).code == "StateMachineDeleting"


def _mark_deleting(row: StateMachine) -> None:
    row.status = "DELETING"
    row.save()


def revise(row: StateMachine, definition: str, number: int) -> Revision:
    revision = Revision.objects.create(
        machine=row, number=number, revision_id=str(number), definition=definition, role_arn=ROLE,
        created_at=timezone.now())
    row.current = revision
    row.save()
    return revision


def publish(row: StateMachine, revision: Revision | None, number: int) -> str:
    assert revision is not None
    arn = f"{row.arn}:{number}"
    Version.objects.create(machine=row, revision=revision, number=number, arn=arn, created_at=timezone.now())
    return arn


async def test_a_change_is_seen_by_the_very_next_start(bench: Bench) -> None:
    row = await in_thread(machine, PASS)
    first = await start_execution(OPERATOR, row.arn)
    changed = '{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"New"}}}'
    await in_thread(revise, row, changed, 2)
    second = await start_execution(OPERATOR, row.arn)
    assert [(await bench.row(started.id)).status for started in (first, second)] == ["SUCCEEDED", "FAILED"]


async def test_versions_and_aliases_run_what_they_name(bench: Bench) -> None:
    row = await in_thread(machine, PASS)
    version = await in_thread(publish, row, row.current, 1)
    failing = await in_thread(revise, row, '{"StartAt":"F","States":{"F":{"Type":"Fail"}}}', 2)
    other = await in_thread(publish, row, failing, 2)
    alias = f"{row.arn}:prod"
    now = timezone.now()
    await in_thread(
        Alias.objects.create, machine=row, name="prod", arn=alias, created_at=now, updated_at=now,
        routing=[{"stateMachineVersionArn": version, "weight": 100}, {"stateMachineVersionArn": other, "weight": 0}])
    by_version = await bench.row((await start_execution(OPERATOR, version, name="v")).id)
    by_alias = await bench.row((await start_execution(OPERATOR, alias, name="a")).id)
    assert (by_version.status, by_version.version_arn, by_version.alias_arn) == ("SUCCEEDED", version, None)
    assert (by_alias.status, by_alias.version_arn, by_alias.alias_arn) == ("SUCCEEDED", version, alias)
    assert by_version.arn == f"{P}:execution:{row.name}:v"


async def test_express_executions_need_no_unique_names(bench: Bench) -> None:
    row = await in_thread(machine, PASS, kind="EXPRESS")
    first = await start_execution(OPERATOR, row.arn, name="same")
    second = await start_execution(OPERATOR, row.arn, name="same")
    assert first.arn != second.arn
    assert first.arn.startswith(f"{P}:express:{row.name}:same:")


async def test_only_those_who_operate_may(bench: Bench) -> None:
    row = await in_thread(machine, WAIT)
    with pytest.raises(ActionError, match="AccessDeniedException"):
        await start_execution(NOBODY, row.arn)
    started = await start_execution(OPERATOR, row.arn)
    with pytest.raises(ActionError, match="AccessDeniedException"):
        await stop_execution(NOBODY, started.arn)


async def test_stopping_answers_the_time_and_is_done_once(bench: Bench) -> None:
    row = await in_thread(machine, WAIT)
    started = await start_execution(OPERATOR, row.arn)
    first = await stop_execution(OPERATOR, started.arn, "Why", "because")
    assert await stop_execution(OPERATOR, started.arn, "Other") == first
    found = await bench.row(started.id)
    assert (found.status, found.error, found.cause, found.stopped_at) == ("ABORTED", "Why", "because", first)


@pytest.mark.parametrize(("arn", "code", "message"), [
    (f"{P}:execution:m:none", "ExecutionDoesNotExist", f"Execution Does Not Exist: '{P}:execution:m:none'"),
    (f"{P}:express:m:e:u", "InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'"),
    ("nothing", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: nothing'"),
])
async def test_stopping_what_is_not_there(bench: Bench, arn: str, code: str, message: str) -> None:
    with pytest.raises(ActionError) as refused:
        await stop_execution(OPERATOR, arn)
    assert (refused.value.code, refused.value.message) == (code, message)
