"""The recorded executions beside the repository (shared/conformance), run on the engine in memory."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from designer.asl.compiler import compile_definition
from designer.asl.problems import DefinitionError
from executions.engine.effects import StartTask
from executions.engine.memory import Answer, never, new_run
from executions.engine.signals import Began, Refused, Replied, Signal, Submitted
from tests.engine.proving import Proving
from tests.engine.stories import details

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "conformance"
if FOLDER.exists():
    sys.path.insert(0, str(FOLDER))

# The recorder put words in the place of times; a wait until such a time is one of a second.
TIMES = ("timestamp", "datetime", "date")
A_TIME = "2023-11-14T22:13:21Z"


def cases(folder: str) -> Iterator[tuple[str, Any]]:
    """(name, case) of every execution of a folder, those of tables one by one."""
    from compare import load

    for path in sorted((FOLDER / folder).rglob("*.json")):
        case = load(path)
        if case.lost_times:
            continue
        for number, part in enumerate(case.rows or [case]):
            if "definition" in part.data:
                yield f"{path.stem}[{number}]" if case.rows else path.stem, part


def group(case: Any) -> str:
    """JSONPath, JSONPath with variables, or JSONata."""
    text = json.dumps(case.data["definition"])
    if '"JSONata"' in text:
        return "JSONata"
    return "JSONPath with variables" if '"Assign"' in text else "JSONPath"


def differences(case: Any, answer: Answer = never, *, parsed: bool = True) -> list[str]:
    """What the engine does otherwise than AWS, in words; [] when the histories agree.

    Without `parsed` the cases PARSED names differ as they do for every server, see there.
    """
    from compare import differences_execution

    given = with_times(case.data["input"])
    try:
        machine = compile_definition(with_times(case.data["definition"]))
    except DefinitionError as error:
        return [str(error)]
    run = new_run(given if isinstance(given, str) and is_json(given) else json.dumps(given))
    execution = Proving(machine, run, answer)
    execution.run()
    execution.prove()
    expected, answer = case.expected, describe(execution)
    if parsed and case.path.stem.startswith(PARSED):
        _parse_as_recorded(expected, answer)
        for event, found in zip(expected.get("events", []), execution.events, strict=False):
            _parse_as_recorded(details(event), details(found))
    return [
        f"{difference.path}: {difference.expected!r:.200} expected, {difference.actual!r:.200} found"
        for difference in differences_execution(case, execution.events, answer)
    ]


# The recorder of these cases parsed outputs that are arrays or numbers, which its own README says it shows as text, and
# which boto3 gives as text: no server can answer as recorded, so what stands in the text is compared.
PARSED = "test_assign_reference_variables__TestAssignReferenceVariables_test_reference_in_map_state"


def _parse_as_recorded(expected: dict[str, Any], found: dict[str, Any]) -> None:
    if "output" in found and not isinstance(expected.get("output"), str | dict | None):
        found["output"] = json.loads(found["output"])


def is_json(text: str) -> bool:
    """The recorder shows an input as text when it was a string: JSON's own text or what stood in its quotes."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def describe(execution: Proving) -> dict[str, Any]:
    """As DescribeExecution would answer."""
    run, finish = execution.execution, execution.finish
    answer: dict[str, Any] = {
        "executionArn": run.arn, "stateMachineArn": run.machine_arn, "name": run.name, "status": execution.status,
        "startDate": run.started_at / 1000, "input": run.input, "inputDetails": {"included": True},
        "redriveCount": 0, "redriveStatus": "REDRIVABLE", "stopDate": execution.now / 1000,
    }  # fmt: skip
    if finish is not None:
        outcome = {"output": finish.output, "error": finish.error, "cause": finish.cause}
        answer |= {name: value for name, value in outcome.items() if value is not None}
    return answer


def with_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: with_times(member) for name, member in value.items()}
    if isinstance(value, list):
        return [with_times(member) for member in value]
    return A_TIME if value in TIMES and isinstance(value, str) else value


def without_placeholders(case: Any) -> Any:
    """The case with plain values for its placeholders, so that recorded task answers can be given back."""
    from compare import Case

    text = json.dumps(case.data)
    for pattern, plain in (
        (r"<partition>", "aws"), (r"<region>", "us-east-1"), (r"\b1{12}\b", "123456789012"),
        (r"<uuid:(\d+)>", lambda found: f"00000000-0000-4000-8000-{int(found[1]):012d}"),
        (r"<((?!ArnPart|ExecArn|MapRun)[a-z][\w-]*)(?::(\d+))?>", r"\1\2"),
    ):  # fmt: skip
        text = re.sub(pattern, plain, text)
    return Case(case.path, json.loads(text))


def recorded_answers(case: Any) -> Answer:
    """Tasks that answer as in the recording, in its order."""
    tries = iter(_tries(case.expected["events"]))

    def answer(task: StartTask) -> Iterable[tuple[int, Signal]]:
        return [(0, _signal(event, task.ask)) for event in next(tries)]

    return answer


def _tries(events: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """For each …Scheduled the events of the task that follow it."""
    masked = [event for event in events if isinstance(event["id"], list)]
    for index, event in enumerate(events):
        if event["type"].endswith("Scheduled"):
            chain, last = [], event["id"]
            if isinstance(last, list):
                yield _next_masked(masked)
                continue
            for later in events[index + 1 :]:
                about_task = _ABOUT_TASK.match(later["type"])
                if about_task and later["previousEventId"] == last:
                    chain.append(later)
                    last = later["id"]
            yield chain


_ABOUT_TASK = re.compile(r"(Task|LambdaFunction|Activity)(?!State|Scheduled)")


def _next_masked(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In a branch, ids and order are masked: the next Started and the next end belong to one task."""
    chain = []
    for is_start in (True, False):
        for event in events:
            if _ABOUT_TASK.match(event["type"]) and event["type"].endswith("Started") is is_start:
                chain.append(event)
                events.remove(event)
                break
    return chain


def _signal(event: dict[str, Any], ask: int) -> Signal:
    told, kind = details(event), event["type"]
    if kind.endswith("Started"):
        return Began(ask, told.get("workerName", ""))
    if kind.endswith("Submitted"):
        return Submitted(ask, _value(told["output"]))
    if kind.endswith("Succeeded"):
        return Replied(ask, _value(told["output"]))
    cause = told.get("cause")
    if isinstance(cause, dict):  # shown parsed; a function's own cause had blanks, that of lambda:invoke had none
        cause = json.dumps(cause, separators=None if kind.startswith("LambdaFunction") else (",", ":"))
    return Refused(ask, told.get("error"), cause, timed_out=kind.endswith("TimedOut"))


def _value(shown: Any) -> Any:
    """A recorded output: JSON text, or an object that the recorder parsed."""
    if not isinstance(shown, str):
        return shown
    try:
        return json.loads(shown)
    except ValueError:
        return shown
