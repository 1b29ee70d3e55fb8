"""The routing configuration of an alias: one or two versions of one machine, weights that sum to 100."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.arns import Arn
from designer.errors import ActionError
from designer.machines import being_deleted, no_such_resource, unlabelled
from designer.models import StateMachine, Version

Route = Mapping[str, Any]


def check_routing(routing: Sequence[Route]) -> StateMachine:
    """The machine whose versions are named; ValidationException, ResourceNotFound or StateMachineDeleting."""
    given = [route["stateMachineVersionArn"] for route in routing]
    arns = [unlabelled(text) for text in given]
    if any(arn.version is None for arn in arns):
        raise _refused(f"Routing configuration must contain state machine version ARNs. Received: {_listed(given)}")
    if len(set(given)) < len(given):
        raise _refused(
            f"Routing configuration must contain distinct state machine version ARNs. Received: {_listed(given)}")
    if len({arn.machine for arn in arns}) > 1:
        raise _refused(
            f"Routing configuration must contain versions of the same state machine. Received: {_listed(given)}")
    weights = [route["weight"] for route in routing]
    if sum(weights) != 100:
        raise _refused(f"Sum of routing configuration weights must equal 100. Received: {_listed(weights)}")
    return _machine(arns)


def as_kept(routing: Sequence[Route]) -> list[dict[str, Any]]:
    """Only the members that AWS knows, in its order."""
    return [{"stateMachineVersionArn": route["stateMachineVersionArn"], "weight": route["weight"]}
            for route in routing]


def _machine(arns: Sequence[Arn]) -> StateMachine:
    found = {version.arn: version for version in
             Version.objects.select_related("machine").filter(arn__in=[arn.text for arn in arns])}
    for arn in arns:
        if arn.text not in found:
            raise no_such_resource(arn.text)
    machine = found[arns[0].text].machine
    if machine.status != "ACTIVE":
        raise being_deleted(machine.arn)
    return machine


def _listed(values: Sequence[object]) -> str:
    return "[" + ", ".join(map(str, values)) + "]"


def _refused(message: str) -> ActionError:
    return ActionError("ValidationException", message, reason="INVALID_ROUTING_CONFIGURATION")
