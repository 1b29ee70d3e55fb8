"""What one visit of a state did to its data, stage by stage: worked out again from what the history kept.

Nothing is called: what the task, the branches or the items came to stands in the history.  Where that is not known (a
Parallel or a Map, a task that has not answered), the stages before the result are shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from designer.asl.compiler import compile_definition
from designer.asl.jsontext import loads
from designer.asl.model import Work
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.engine.run import Run
from executions.engine.test_state import Mock, Trial
from executions.engine.test_state.trial import state_named
from executions.models import Execution
from executions.store import events, in_thread
from executions.store.offload import whole

UNKNOWN: Final = "Statewright.NotKnown"  # stands for a result that the history does not have
LEFT_ALONE: Final = frozenset({"Wait", "Succeed"})  # what they do to data shows from input and output
_ANSWERS: Final = {"LambdaFunctionSucceeded", "TaskSucceeded", "ActivitySucceeded"}


@dataclass(frozen=True, slots=True)
class Explained:
    """`stages`: JSON texts by the names of AWS's inspectionData; `whole`: with the result; `variables` before it."""

    stages: dict[str, Any]
    output: str | None
    whole: bool
    variables: dict[str, Any]


async def explain_visit(actor: Actor, execution: int, visit: int) -> Explained:
    """The stages of the visit that the event `visit` began.  ExecutionDoesNotExist, EventDoesNotExist."""
    require(actor, Permission.VIEW)
    trial, output, known, variables = await in_thread(_prepare, execution, visit)
    if trial is None:
        return Explained({}, output, known, variables)
    await gateway.engine().test_state(trial)
    return Explained(trial.texts_of_stages(), output, known, variables)


def _prepare(execution: int, visit: int) -> tuple[Trial | None, str | None, bool, dict[str, Any]]:
    row = Execution.objects.select_related("machine", "revision").filter(pk=execution).first()
    if row is None:
        raise ActionError("ExecutionDoesNotExist", f"There is no execution {execution}.")
    history = events(row.pk, whole=True)
    entered = history[visit - 1].get("stateEnteredEventDetails") if 0 < visit <= len(history) else None
    if entered is None:
        raise ActionError("EventDoesNotExist", f"Event {visit} of execution {execution} enters no state.")
    name, text = entered["name"], entered.get("input", "{}")
    variables = _variables(history[:visit])
    exited, answer = _answer(history, visit, name)
    machine = compile_definition(loads(row.revision.definition))
    try:
        state = state_named(machine, name)
    except KeyError:  # it was entered under another definition, before a redrive
        return None, exited, False, variables
    if state.type in LEFT_ALONE:
        return None, exited, exited is not None, variables
    mock = None
    if isinstance(state, Work):
        mock = Mock(error=UNKNOWN) if answer is None else Mock(loads(answer), answer)
    trial = Trial(machine, name, _run(row, text), mock=mock, context=_context(row, history[visit - 1], name),
                  variables=variables)
    return trial, exited, mock is None or answer is not None, variables


def _answer(history: list[dict[str, Any]], visit: int, name: str) -> tuple[str | None, str | None]:
    """The output of the visit, and what its task answered; None for what there is not."""
    belongs, answer = {visit}, None
    # What leaves a Parallel or a Map follows the last event inside it.
    contains = history[visit - 1]["type"].startswith(("Parallel", "Map"))
    followers = Counter(event["previousEventId"] for event in history[visit:])
    for event in history[visit:]:
        if event["type"] == "ExecutionRedriven" and followers[event["id"]] == 1:
            belongs.add(event["id"])  # one state went on, and it is this one if it had not been left
        exited: dict[str, Any] = event.get("stateExitedEventDetails", {})
        follows = event["previousEventId"] in belongs and not event["type"].endswith("StateEntered")
        if exited.get("name") == name and (follows or contains):
            return exited.get("output"), answer
        if follows:
            belongs.add(event["id"])
            if event["type"] in _ANSWERS:
                answer = next(value for key, value in event.items() if key.endswith("EventDetails")).get("output")
    return None, answer


def _variables(history: list[dict[str, Any]]) -> dict[str, Any]:
    """All that was assigned before, by name, the last one winning; those of other branches are among them."""
    found: dict[str, Any] = {}
    for event in history:
        assigned = event.get("stateExitedEventDetails", {}).get("assignedVariables") or {}
        found |= {name: loads(text) for name, text in assigned.items()}
    return found


def _run(row: Execution, text: str) -> Run:
    return Run(
        id=row.pk, arn=row.arn, name=row.name, machine_arn=row.machine.arn, machine_name=row.machine.name,
        role_arn=row.role_arn, input=text, started_at=row.started_at, seed="", kind="EXPRESS")


def _context(row: Execution, entered: dict[str, Any], name: str) -> dict[str, Any]:
    """As engine/view.py gives it; without tokens, which are secrets."""
    moment = _iso(round(entered["timestamp"] * 1000))
    return {
        "Execution": {"Id": row.arn, "Name": row.name, "Input": _value(row.pk, row.input),
                      "StartTime": _iso(row.started_at), "RoleArn": row.role_arn, "RedriveCount": row.redrive_count},
        "State": {"Name": name, "EnteredTime": moment, "RetryCount": 0},
        "StateMachine": {"Id": row.machine.arn, "Name": row.machine.name},
    }


def _value(execution: int, text: str) -> Any:
    return loads(whole(execution, text))


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
