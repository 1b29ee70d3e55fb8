"""The data lens over REST, and learned from real executions by the command."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from executions.store import in_thread
from tests.executions.live.conftest import person
from tests.executions.making import machine, new_execution, states
from tests.executions.rest.conftest import Api, Bench

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"
MACHINE = states(
    "Ask", Ask={"Type": "Task", "Resource": FUNCTION, "ResultPath": "$.answer", "Next": "Take"},
    Take={"Type": "Pass", "Parameters": {"n.$": "$.order.nubmer", "v.$": "$.answer.value"}, "End": True})


@pytest.fixture
async def api(bench: Bench) -> Api:
    return Api(await in_thread(person, "viewer"))


async def ask(api: Api, **more: Any) -> dict[str, Any]:
    status, answer = await api.post("lens/", {"definition": MACHINE, "input": '{"order": {"number": 7}}', **more})
    assert status == 200, answer
    found: dict[str, Any] = answer
    return found


async def test_problems_and_the_data_of_a_state(bench: Bench, api: Api) -> None:
    answer = await ask(api, state="/States/Take")
    problem, = answer["problems"]
    assert (problem["code"], problem["severity"], problem["line"]) == ("PATH_NEVER_EXISTS", "ERROR", 13)
    assert problem["fix"]["operations"] == [
        {"op": "replace", "pointer": "/States/Take/Parameters/n.$", "value": "$.order.number"}]
    fields = answer["state"]["before"]["fields"]
    assert fields["order"]["fields"]["number"] == {"kinds": ["number"], "example": 7, "known": True, "sure": "always"}
    assert fields["answer"] == {"kinds": [], "unknown": True, "sure": "always"}
    assert answer["state"]["stages"]["input"]["fields"].keys() == {"order", "answer"}


async def test_without_a_sample_nothing_is_guessed(bench: Bench, api: Api) -> None:
    answer = await ask(api, input=None)
    assert (answer["problems"], answer["state"]) == ([], None)


@pytest.mark.parametrize(("given", "status"), [({"input": "{"}, 400), ({"definition": "{"}, 200)])
async def test_what_is_no_json(bench: Bench, api: Api, given: dict[str, Any], status: int) -> None:
    code, answer = await api.post("lens/", {"definition": MACHINE, "input": "{}", **given})
    assert code == status
    if status == 400:
        assert "not JSON" in json.dumps(answer)
    else:
        assert answer["problems"] == []


TRIED = states("Ask", Ask={"Type": "Task", "Resource": FUNCTION, "Parameters": {"value.$": "$.value"}})


async def check(path: Path, *arguments: str) -> list[dict[str, Any]]:
    """The problems that the command tells."""
    out = io.StringIO()

    def call() -> None:
        with contextlib.suppress(SystemExit):
            call_command("asl", "check", str(path), "--format", "json", *arguments, stdout=out)

    await in_thread(call)
    problems: list[dict[str, Any]] = json.loads(out.getvalue())[0]["problems"]
    return problems


async def test_the_command_learns_from_executions(bench: Bench, tmp_path: Path) -> None:
    """What the function answered in another machine is what it answers here."""
    row = await in_thread(machine, TRIED)
    arns = []
    for value in (1, "two"):
        execution = await bench.engine.start(new_execution(row, {"value": value}))
        arns.append((await bench.until(execution.id)).arn)
    path = tmp_path / "m.json"
    path.write_text(json.dumps(MACHINE).replace("$.answer.value", "$.answer.price"), encoding="utf-8")
    assert await check(path) == []
    problem, = await check(path, "--learn", *arns)
    assert (problem["code"], problem["pointer"]) == ("PATH_NEVER_EXISTS", "/States/Take/Parameters/v.$")
    assert "There is: value" in problem["hint"]


async def test_there_is_nothing_to_learn_from(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(json.dumps(MACHINE), encoding="utf-8")
    with pytest.raises(CommandError, match="There is no execution arn:none here"):
        await check(path, "--learn", "arn:none")
