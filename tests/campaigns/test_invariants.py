"""What the campaigns look for in a database is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from executions.models import Execution, HistorySegment
from executions.store import in_thread
from tests.campaigns.invariants import violations
from tests.executions.making import machine, new_execution, states
from tests.executions.worker.conftest import Bench, bench

__all__ = ["bench"]
SEGMENTS = HistorySegment.objects


def found() -> list[str]:
    return list(violations(Path(connection.settings_dict["NAME"])))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's file")
@pytest.mark.parametrize(("damage", "said"), [
    (lambda: Execution.objects.update(status="FAILED"), "FAILED, but its last event is ExecutionSucceeded"),
    (lambda: Execution.objects.update(status="RUNNING"), "an execution that runs"),
    (lambda: Execution.objects.update(output="0"), "another output in its history"),
    (lambda: SEGMENTS.all().delete(), "no history"),
    (lambda: SEGMENTS.order_by("first_id").first().delete(), "ids with gaps or doubles"),  # type: ignore[union-attr]
    (lambda: SEGMENTS.filter(first_id=1).update(last_id=2), "the segment 1–2 holds 1–"),
])
async def test_damage_is_found(bench: Bench, damage: Any, said: str) -> None:
    row = await in_thread(machine, states("P", P={"Type": "Pass", "Next": "W"}, W={"Type": "Wait", "Seconds": 1}))
    await bench.until((await bench.engine.start(new_execution(row))).id)
    assert await in_thread(found) == []
    await in_thread(damage)
    assert any(said in line for line in await in_thread(found)), await in_thread(found)
