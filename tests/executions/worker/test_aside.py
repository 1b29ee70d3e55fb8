"""Expressions that need a helper process: others go on meanwhile, and the outcome is the same."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from designer.arns import express_arn
from designer.asl.jsonata.processes import HELPERS
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
    runaway = (await bench.engine.start(new_execution(slow, {"text": "a" * 60 + "b"}))).id
    for _ in range(5):
        other = await bench.engine.start(new_execution(quick, {}))
        assert (await bench.row(other.id)).status == "SUCCEEDED"
        assert (await bench.row(runaway)).status == "RUNNING"
    row = await bench.until(runaway)
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


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
async def test_a_start_is_answered_before_a_first_state_that_runs_away(bench: Bench, kind: str) -> None:
    """And is durable by then: when the server ends meanwhile, the next one goes on with it."""
    # An expression of its own: one that ran away twice is in quarantine, and fails at once.
    runaway = evaluating(f"$contains($states.input.text, /^(a|aa)+$/) /* {kind} */")
    slow = await in_thread(machine, runaway, kind=kind)
    new = new_execution(slow, {"text": "a" * 60 + "c"})
    if kind == "EXPRESS":
        arn = express_arn(slow.arn, new.name, "11111111-2222-4333-8444-555555555556")
        new = NewExecution(**({name: getattr(new, name) for name in new.__slots__} | {"arn": arn}))
    id = (await bench.engine.start(new)).id
    assert (await bench.row(id)).status == "RUNNING"
    await bench.engine.close()
    assert (await bench.row(id)).status == "RUNNING"
    await bench.open()
    row = await bench.until(id)
    assert (row.status, row.error) == ("FAILED", "States.QueryEvaluationError")


async def test_closing_lets_go_of_the_thread(bench: Bench) -> None:
    assert threading.get_ident() in HELPERS._never
    await bench.engine.close()
    assert threading.get_ident() not in HELPERS._never
    await bench.open()
