"""State machines with what only this room knows: their last runs, and what deleting one ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.models import StateMachine
from designer.rest import machines
from designer.rest.door import machine_named
from executions.actions import gateway
from executions.actions.delete_state_machine import delete_state_machine
from executions.models import Execution, TaskToken
from executions.rest.search import WAITING
from executions.rest.task_records import OPEN

RUNS: Final = 20


class MachineList(machines.MachineList):
    def runs(self, machines: Sequence[StateMachine]) -> dict[int, list[dict[str, Any]]]:
        """One indexed query a machine: cheaper than ranking all executions of the page."""
        found = {machine.pk: _last_runs(machine.pk) for machine in machines}
        _mark_waiting([run for runs in found.values() for run in runs if run["status"] == "RUNNING"])
        return found


def _last_runs(machine_id: int) -> list[dict[str, Any]]:
    rows = Execution.objects.filter(machine_id=machine_id).order_by("-started_at").values_list(
        "pk", "status", "started_at", "stopped_at")[:RUNS]
    return [{"id": str(pk), "status": status, "startedAt": _moment(started), "stoppedAt": _moment(stopped)}
            for pk, status, started, stopped in rows]


def _mark_waiting(running: Sequence[dict[str, Any]]) -> None:
    """Give those in which a person has to decide the status WAITING, as in the list of executions."""
    waiting = set(TaskToken.objects.filter(
        execution__in=[run["id"] for run in running], kind="approval", status__in=OPEN,
    ).values_list("execution", flat=True))
    for run in running:
        if int(run["id"]) in waiting:
            run["status"] = WAITING


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)


class MachineView(machines.MachineView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, name: str) -> Response:
        """Delete a machine: what runs is stopped, its history goes with it."""
        gateway.from_thread(delete_state_machine(self.actor, machine_named(name).arn))
        return Response(status=204)
