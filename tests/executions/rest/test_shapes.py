"""Shapes learned from executions: counted, pinned, forgotten, said by a sample, and used by the lens."""

from __future__ import annotations

from typing import Any

import pytest

from designer.models import StateMachine
from executions.store import in_thread
from tests.executions.live.conftest import person
from tests.executions.making import machine, new_execution, states
from tests.executions.rest.conftest import Api, Bench

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"
TRIED = states("Ask", Ask={"Type": "Task", "Resource": FUNCTION, "Parameters": {"Payload.$": "$"},
                           "ResultSelector": {"got.$": "$"}})
ECHO = states("Ask", Ask={"Type": "Task", "Resource": FUNCTION, "Next": "Take"},
              Take={"Type": "Pass", "Parameters": {"total.$": "$.total"}})


@pytest.fixture
async def api(bench: Bench) -> Api:
    return Api(await in_thread(person, "designer"))


@pytest.fixture
async def row(bench: Bench) -> StateMachine:
    """A machine that ran four times; its function answers with its input, once without the total."""
    made: StateMachine = await in_thread(machine, ECHO)
    inputs: list[Any] = [{"total": 1, "id": "a"}, {"total": 2.5, "id": "b"}, {"total": 3, "id": "c", "note": None},
                         {"id": "d"}]
    for given in inputs:
        execution = await bench.engine.start(new_execution(made, given))
        await bench.until(execution.id)
    return made


async def change(api: Api, row: StateMachine, **body: Any) -> dict[str, Any]:
    status, answer = await api.post(f"machines/{row.name}/shapes/", body)
    assert status == 200, answer
    return {shape["subject"]: shape for shape in answer["shapes"]}


async def test_counts(bench: Bench, api: Api, row: StateMachine) -> None:
    found = await change(api, row, do="learn")
    assert found.keys() == {"function:f", "input"}
    fields = found["function:f"]["shape"]["fields"]
    assert (found["function:f"]["times"], found["function:f"]["origin"]) == (4, "executions")
    assert fields["total"]["missing"] == [1, 4]
    assert (fields["id"]["sure"], fields["note"]["missing"]) == ("always", [3, 4])
    again = await change(api, row, do="learn")
    assert again["function:f"]["times"] == 4, "counted anew, not twice"


async def test_the_lens_uses_them(bench: Bench, api: Api, row: StateMachine) -> None:
    await change(api, row, do="learn")
    status, answer = await api.post("lens/", {"definition": ECHO, "machine": row.name, "state": "/States/Ask"})
    problem, = answer["problems"]
    assert (status, problem["code"], problem["severity"]) == (200, "PATH_SOMETIMES_MISSING", "WARNING")
    assert "missing in 1 of 4" in problem["message"]
    assert (answer["state"]["origin"], answer["state"]["subject"]) == ("executions", "function:f")
    other = await in_thread(machine, TRIED)
    status, answer = await api.post("lens/", {"definition": ECHO, "machine": other.name})
    assert "missing in 1 of 4" in answer["problems"][0]["message"], "the function is the same in every machine"


async def test_pinned_and_forgotten(bench: Bench, api: Api, row: StateMachine) -> None:
    await change(api, row, do="learn")
    assert (await change(api, row, do="pin", subject="function:f"))["function:f"]["pinned"]
    assert "input" not in await change(api, row, do="forget", subject="input")
    execution = await bench.engine.start(new_execution(row, {"total": 7}))
    await bench.until(execution.id)
    found = await change(api, row, do="learn")
    assert (found["function:f"]["times"], found["input"]["times"]) == (4, 1), "only what began since then"
    await change(api, row, do="unpin", subject="function:f")
    assert (await change(api, row, do="learn"))["function:f"]["times"] == 5
    status, answer = await api.post(f"machines/{row.name}/shapes/", {"do": "pin", "subject": "function:none"})
    assert (status, answer["code"]) == (404, "ShapeDoesNotExist")


async def test_a_sample(bench: Bench, api: Api, row: StateMachine) -> None:
    found = await change(api, row, do="sample", subject="function:f", value='{"sum": 1}')
    assert (found["function:f"]["origin"], found["function:f"]["pinned"]) == ("sample", True)
    assert (await change(api, row, do="learn"))["function:f"]["shape"]["fields"].keys() == {"sum"}
    _, answer = await api.post("lens/", {"definition": ECHO, "machine": row.name})
    assert answer["problems"][0]["code"] == "PATH_NEVER_EXISTS"
    for bad in ({"subject": "function:f", "value": "{"}, {"subject": "", "value": "1"}):
        status, _ = await api.post(f"machines/{row.name}/shapes/", {"do": "sample", **bad})
        assert status == 400


async def test_only_designers_change_them(bench: Bench, row: StateMachine) -> None:
    viewer = Api(await in_thread(person, "viewer"))
    assert (await viewer.get(f"machines/{row.name}/shapes/"))[0] == 200
    assert (await viewer.post(f"machines/{row.name}/shapes/", {"do": "learn"}))[0] == 403
