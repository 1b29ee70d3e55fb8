"""Deleting a machine stops what runs and removes what it left."""

from __future__ import annotations

import pytest

from designer.errors import ActionError
from designer.models import Revision, StateMachine
from executions.actions.delete_state_machine import delete_state_machine
from executions.actions.start_execution import start_execution
from executions.models import Execution, Frame, HistorySegment, TaskToken
from executions.store import in_thread
from tests.executions.making import NOBODY, OPERATOR, activity, machine, states
from tests.executions.worker.conftest import Bench


async def test_a_machine_goes_with_its_executions(bench: Bench) -> None:
    resource = await in_thread(activity)
    row = await in_thread(machine, states("T", T={"Type": "Task", "Resource": resource}))
    kept = await in_thread(machine, states("W", W={"Type": "Wait", "Seconds": 3600}))
    for _ in range(3):
        await start_execution(OPERATOR, row.arn)
    other = await start_execution(OPERATOR, kept.arn)
    await delete_state_machine(OPERATOR, row.arn)
    assert await in_thread(lambda: list(StateMachine.objects.values_list("pk", flat=True))) == [kept.pk]
    assert await in_thread(lambda: list(Execution.objects.values_list("pk", flat=True))) == [other.id]
    for model in (Frame, HistorySegment, TaskToken):
        assert await in_thread(model.objects.exclude(execution_id=other.id).count) == 0
    assert await in_thread(Revision.objects.count) == 1
    with pytest.raises(ActionError, match="StateMachineDoesNotExist"):
        await start_execution(OPERATOR, row.arn)


async def test_deleting_what_is_not_there_is_no_error(bench: Bench) -> None:
    await delete_state_machine(OPERATOR, "arn:aws:states:us-east-1:000000000000:stateMachine:none")


async def test_only_those_who_design_may(bench: Bench) -> None:
    row = await in_thread(machine, states("P", P={"Type": "Pass"}))
    with pytest.raises(ActionError, match="AccessDeniedException"):
        await delete_state_machine(NOBODY, row.arn)
    assert await in_thread(StateMachine.objects.filter(status="ACTIVE").count) == 1


async def test_a_deletion_that_was_interrupted_goes_on_at_the_next_start(bench: Bench) -> None:
    row = await in_thread(machine, states("W", W={"Type": "Wait", "Seconds": 3600}))
    await start_execution(OPERATOR, row.arn)
    row.status = "DELETING"
    await in_thread(row.save)
    await bench.restart()
    assert await in_thread(StateMachine.objects.count) == 0
    assert await in_thread(Execution.objects.count) == 0
