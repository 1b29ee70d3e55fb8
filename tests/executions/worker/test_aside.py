"""Expressions that need a helper process: others go on meanwhile, and the outcome is the same."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from designer.arns import express_arn
from designer.asl.jsonata.processes import HELPERS
from designer.errors import ActionError
from executions.actions.gateway import NewExecution
from executions.store import in_thread
from tests.executions.making import machine, new_execution, states
from tests.executions.worker.conftest import Bench


def evaluating(expression: str) -> dict[str, Any]:
    state = {"Type": "Pass", "Output": "{% " + expression + " %}"}
    return {"QueryLanguage": "JSONata"} | states("E", E=state)


RUNAWAY = evaluating("$contains($states.input.text, /^(a|aa)+$/)")
HELPED = evaluating("$map($states.input.n, function($v) { $v * 2 })")
PASS = states("P", P={"Type": "Pass"})


async def test_a_runaway_expression_does_not_hold_up_others(bench: Bench) -> None:
    slow = await in_thread(machine, RUNAWAY)
    quick = await in_thread(machine, PASS)
    runaway = asyncio.create_task(bench.engine.start(new_execution(slow, {"text": "a" * 60 + "b"})))
    await asyncio.sleep(0)
    for _ in range(5):
        other = await bench.engine.start(new_execution(quick, {}))
        assert (await bench.row(other.id)).status == "SUCCEEDED"
        assert not runaway.done()
    row = await bench.until((await runaway).id)
    assert (row.status, row.error) == ("FAILED", "States.QueryEvaluationError")
    assert "timeout" in (row.cause or "")


async def test_what_a_helper_evaluates_is_the_output(bench: Bench) -> None:
    helped = await in_thread(machine, HELPED)
    id = (await bench.engine.start(new_execution(helped, {"n": [1, 2, 3]}))).id
    assert (await bench.until(id)).output == "[2,4,6]"


async def test_synchronous_express_executions_wait_in_a_thread_as_well(bench: Bench) -> None:
    row = await in_thread(machine, HELPED, kind="EXPRESS")
    new = new_execution(row, {"n": [5]})
    arn = express_arn(row.arn, new.name, "11111111-2222-4333-8444-555555555555")
    fields = {name: getattr(new, name) for name in new.__slots__} | {"arn": arn}
    assert (await bench.engine.run_to_end(NewExecution(**fields))).output == "10"


async def test_who_starts_one_hears_when_the_server_ends_meanwhile(bench: Bench) -> None:
    slow = await in_thread(machine, RUNAWAY)
    runaway = asyncio.create_task(bench.engine.start(new_execution(slow, {"text": "a" * 60 + "c"})))
    await asyncio.sleep(0.1)
    await bench.engine.close()
    with pytest.raises(ActionError, match="ServiceUnavailable"):
        await asyncio.wait_for(runaway, 10)
    await bench.open()


async def test_closing_lets_go_of_the_thread(bench: Bench) -> None:
    assert threading.get_ident() in HELPERS._never
    await bench.engine.close()
    assert threading.get_ident() not in HELPERS._never
    await bench.open()
