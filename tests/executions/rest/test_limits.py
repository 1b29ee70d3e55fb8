"""Limits and retention over REST."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from executions.actions import limits
from executions.actions.limits import Limits
from executions.store import in_thread
from tests.executions.live.conftest import person
from tests.executions.making import machine, new_execution, states
from tests.executions.rest.conftest import Api, Bench

PASS = states("P", P={"Type": "Pass"})


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    yield
    limits._current = Limits()


@pytest.fixture
async def admin(bench: Bench) -> Api:
    return Api(await in_thread(person, "root", "administrator"))


def values(answer: Any) -> dict[str, int]:
    return {item["name"]: item["value"] for item in answer["limits"]}


async def test_what_limits_held_back_is_counted(admin: Api, bench: Bench) -> None:
    waiting = states("W", W={"Type": "Wait", "Seconds": 3600})
    row = await in_thread(machine, waiting)
    limits._current = Limits(start_rate=1, start_burst=2)
    starts = [bench.engine.start(new_execution(row)) for _ in range(3)]
    await asyncio.gather(*starts, return_exceptions=True)
    status, answer = await admin.get("engine/")
    assert (status, answer) == (200, {
        "running": 2, "stuck": 0, "throttled_starts": 1, "throttled_executions": 0})
    limits._current = Limits(transition_rate=20, transition_burst=1)
    await asyncio.gather(*(bench.engine.start(new_execution(row)) for _ in range(4)))
    _, answer = await admin.get("engine/")
    assert answer["running"] == 6
    assert answer["throttled_executions"] > 0


async def test_administrators_read_and_change_them(admin: Api) -> None:
    status, answer = await admin.get("limits/")
    assert status == 200
    assert values(answer)["retention_days"] == 90
    status, answer = await admin.call("patch", "limits/", {"retention_days": 30, "start_rate": 100})
    assert (status, values(answer)["retention_days"], values(answer)["start_rate"]) == (200, 30, 100)
    assert limits.limits() == Limits(retention_days=30, start_rate=100)  # at once
    await admin.call("patch", "limits/", {"retention_days": None})
    assert limits.limits() == Limits(start_rate=100)


@pytest.mark.parametrize(("body", "said"), [
    ({"retention": 1}, "There is no limit 'retention'"), ({"start_rate": -1}, "whole number"),
    ({"start_rate": "5"}, "whole number"), ({"start_rate": True}, "whole number"), ({"start_rate": 10**13}, "whole"),
    ([1], "JSON object"),
])
async def test_a_wrong_one_changes_none(admin: Api, body: Any, said: str) -> None:
    given = {"retention_days": 1} | body if isinstance(body, dict) else body
    status, answer = await admin.call("patch", "limits/", given)
    assert (status, answer["code"]) == (400, "ValidationException")
    assert said in answer["message"]
    assert limits.limits() == Limits()


async def test_nobody_else_may(bench: Bench) -> None:
    designer = Api(await in_thread(person, "dora", "designer"))
    assert (await designer.get("limits/"))[0] == 403
    assert (await designer.call("patch", "limits/", {"retention_days": 1}))[0] == 403
    assert (await Api(None).get("limits/"))[0] in (401, 403)


async def test_a_machine_may_keep_its_executions_for_another_time(bench: Bench) -> None:
    await in_thread(machine, PASS, "m")
    designer = Api(await in_thread(person, "dora", "designer"))
    assert await designer.get("machines/m/retention/") == (200, {"days": None, "effective": 90})
    assert await designer.call("put", "machines/m/retention/", {"days": 7}) == (200, {"days": 7, "effective": 7})
    assert await designer.call("put", "machines/m/retention/", {"days": 0}) == (200, {"days": 0, "effective": 0})
    assert (await designer.call("put", "machines/m/retention/", {"days": -1}))[0] == 400
    assert await designer.call("put", "machines/m/retention/", {"days": None}) == (200, {"days": None, "effective": 90})
    operator = Api(await in_thread(person, "otto", "operator"))
    assert (await operator.call("put", "machines/m/retention/", {"days": 1}))[0] == 403
    assert (await operator.get("machines/none/retention/"))[0] == 404
