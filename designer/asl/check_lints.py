"""What is allowed but hardly meant: loops without an end, variables nobody reads, errors that never match.

All of it is a warning; AWS reports none of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from designer.asl.check_flow import Flow, assignments, blocks
from designer.asl.fixes import removing
from designer.asl.jsonata.names import FUNCTIONS
from designer.asl.references import variable_references
from designer.asl.report import Report, Steps
from designer.asl.templates import SUFFIX

LOOP: Final = "NEVER_ENDING_LOOP"
UNUSED: Final = "UNUSED_VARIABLE"
UNDEFINED: Final = "UNDEFINED_VARIABLE"
NEVER: Final = {"Retry": "RETRIER_NEVER_MATCHES", "Catch": "CATCHER_NEVER_MATCHES"}

# ---- loops ---------------------------------------------------------------------------------------


def check_loops(report: Report, steps: Steps, flow: Flow) -> None:
    """States that are reached and from which no end can be reached, one report a loop."""
    lost = flow.reached - flow.ending
    for name in flow.targets:  # in the order of the text
        if name not in lost:
            continue
        loop = flow.from_state(name)
        if name not in {target for inner in loop for target in flow.targets[inner]}:
            continue  # it leads into a loop, but is not part of it
        lost -= loop
        lost -= {other for other in lost if loop & flow.from_state(other)}
        way = ", ".join(inner for inner in flow.targets if inner in loop)
        report.warning((*steps, "States", name), f"The loop of these states can never end: [{way}]", LOOP,
                       hint="Leave the loop by a Choice, or set TimeoutSeconds for the state machine.")


# ---- variables -----------------------------------------------------------------------------------


def check_variables(report: Report, definition: dict[str, Any]) -> None:
    """Variables that no state reads, and those that no state assigns."""
    references = variable_references(definition)
    _check_unused(report, definition, {name for names in references.values() for name in names})
    places = list(blocks(definition))
    # JSONata's functions look like variables where they are handed on: $map($list, $uppercase).
    known = {name for steps, states in places for _, name in assignments(steps, states)} | FUNCTIONS
    for steps, states in places:
        for state in states:
            for name in references.get(state, ()):
                if name not in known:
                    report.warning((*steps, state), f"The variable '{name}' is never assigned", UNDEFINED,
                                   hint="Assign it in a state before this one, or mend the name.")


def _check_unused(report: Report, definition: dict[str, Any], read: set[str]) -> None:
    told: set[str] = set()
    for steps, states in blocks(definition):
        for here, name in assignments(steps, states):
            if name in read or name in told:
                continue
            told.add(name)
            report.warning(here, f"The variable '{name}' is never read", UNUSED,
                           hint="Remove it from Assign, or read it.",
                           fix=removing(here, f"Remove the variable {name.removesuffix(SUFFIX)}"))


# ---- retriers and catchers -----------------------------------------------------------------------

# Reserved names by what they can come from (asl-language.md §20).
_ANYWHERE: Final = frozenset((
    "States.ALL", "States.TaskFailed", "States.Timeout", "States.Permissions", "States.DataLimitExceeded",
    "States.HeartbeatTimeout", "States.ResultPathMatchFailure", "States.ParameterPathFailure",
    "States.IntrinsicFailure", "States.QueryEvaluationError", "States.Http.Socket"))
_OF_MAP_RUN: Final = frozenset(("States.ItemReaderFailed", "States.ResultWriterFailed",
                                "States.ExceedToleratedFailureThreshold"))
_RESERVED: Final = _ANYWHERE | _OF_MAP_RUN | {"States.BranchFailed", "States.NoChoiceMatched", "States.Runtime"}


def check_matches(report: Report, steps: Steps, field: str, entries: Iterable[Any], kind: str) -> None:
    """The error names of a Retry or Catch; `kind` is the state's type."""
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        names = entry.get("ErrorEquals") if isinstance(entry, dict) else None
        if not isinstance(names, list):
            continue
        here = (*steps, field, number)
        texts = [name for name in names if isinstance(name, str)]
        dead = [(place, name, reason) for place, name in enumerate(texts) if (reason := _reason(name, seen, kind))]
        if dead and len(dead) == len(names):
            report.warning(here, f"This entry never matches: {dead[0][2]} [{', '.join(texts)}]", NEVER[field],
                           hint="Remove the entry, or move it up.", fix=removing(here, f"Remove the entry of {field}"))
        else:
            _report_names(report, here, field, dead)
        seen.update(texts)


def _report_names(report: Report, entry: Steps, field: str, dead: list[tuple[int, str, str]]) -> None:
    for place, name, reason in dead:
        here = (*entry, "ErrorEquals", place)
        report.warning(here, f"'{name}' never matches here: {reason}", NEVER[field], hint="Remove the name.",
                       fix=removing(here, f"Remove {name}"))


def _reason(name: str, seen: set[str], kind: str) -> str:
    """Why an error name never matches, "" when it may."""
    if name in seen:
        return "an earlier entry has the same name"
    if "States.ALL" in seen:
        return "an earlier entry has States.ALL, which matches every error"
    if name == "States.Runtime":
        return "States.Runtime always ends the execution"
    return _reason_in_task(name, seen) if kind == "Task" else ""  # a Fail state inside may raise any name


def _reason_in_task(name: str, seen: set[str]) -> str:
    if not name.startswith("States."):
        return "an earlier entry has States.TaskFailed, which matches it" if "States.TaskFailed" in seen else ""
    if name not in _RESERVED:
        return "there is no error of that name, and names that begin with 'States.' are reserved"
    return "" if name in _ANYWHERE else "a Task cannot fail with it"

