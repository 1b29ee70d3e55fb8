"""The events of a task, by the kind of its resource (history-events.md §2, §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from designer.asl.model import Resource, Task
from executions.engine.history import WHOLE, error_details
from executions.engine.run import Ask, Frame

if TYPE_CHECKING:
    from executions.engine.step import Step


@dataclass(frozen=True, slots=True)
class Words:
    """Event types.  `refused` by the stage at which the task failed."""

    scheduled: str
    started: str
    succeeded: str
    timed_out: str
    refused: dict[str, str]


WORDS: Final = {
    "lambda": Words(
        "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded", "LambdaFunctionTimedOut",
        {"": "LambdaFunctionFailed", "schedule": "LambdaFunctionScheduleFailed", "start": "LambdaFunctionStartFailed"},
    ),
    "activity": Words(
        "ActivityScheduled", "ActivityStarted", "ActivitySucceeded", "ActivityTimedOut",
        {"": "ActivityFailed", "schedule": "ActivityScheduleFailed"},
    ),
    "service": Words(
        "TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskTimedOut",
        {"": "TaskFailed", "start": "TaskStartFailed", "submit": "TaskSubmitFailed"},
    ),
}  # fmt: skip


def note_scheduled(step: Step, frame: Frame, state: Task, ask: Ask, text: str) -> None:
    resource = state.resource
    details = _named(resource)
    if resource.kind == "service":
        details |= {"region": step.region, "parameters": text}
    else:
        details |= {"resource": resource.arn, "input": text, "inputDetails": WHOLE}
    if ask.timeout_seconds is not None:
        details["timeoutInSeconds"] = ask.timeout_seconds
    if ask.heartbeat_seconds is not None and resource.kind != "lambda":
        details["heartbeatInSeconds"] = ask.heartbeat_seconds
    if ask.credentials is not None and resource.kind != "activity":
        details["taskCredentials"] = _credentials(ask.credentials)
    frame.last = step.note(frame, WORDS[resource.kind].scheduled, frame.last, details)


def note_started(step: Step, frame: Frame, state: Task, worker: str) -> None:
    details: dict[str, Any] | None = None
    if state.resource.kind == "activity":
        details = {"workerName": worker} if worker else {}
    elif state.resource.kind == "service":
        details = _named(state.resource)
    frame.last = step.note(frame, WORDS[state.resource.kind].started, frame.last, details)


def note_submitted(step: Step, frame: Frame, state: Task, text: str) -> None:
    details = _named(state.resource) | {"output": text, "outputDetails": WHOLE}
    frame.last = step.note(frame, "TaskSubmitted", frame.last, details)


def note_succeeded(step: Step, frame: Frame, state: Task, text: str) -> None:
    details = _named(state.resource) | {"output": text, "outputDetails": WHOLE}
    frame.last = step.note(frame, WORDS[state.resource.kind].succeeded, frame.last, details)


def note_refused(
    step: Step,
    frame: Frame,
    state: Task,
    error: str | None,
    cause: str | None,
    *,
    stage: str = "",
    timed_out: bool = False,
) -> None:
    words = WORDS[state.resource.kind]
    kind = words.timed_out if timed_out else words.refused.get(stage, words.refused[""])
    frame.last = step.note(frame, kind, frame.last, _named(state.resource) | error_details(error, cause))


def result_name(resource: Resource) -> str:
    """What a result that is too large is said to come from (asl-language.md §20)."""
    return resource.service if resource.kind == "service" else resource.arn


def _named(resource: Resource) -> dict[str, Any]:
    """The members every event of a service task has."""
    if resource.kind != "service":
        return {}
    return {"resourceType": resource.service, "resource": resource.action + resource.suffix}


def _credentials(credentials: Any) -> dict[str, Any]:
    role = credentials.get("RoleArn") if isinstance(credentials, dict) else credentials
    return {"roleArn": role}
