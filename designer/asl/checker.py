"""The checker: every problem of a definition in one pass; never raises (asl-language.md §22).

The tables are in rules.py; check_objects applies them, check_states adds what spans fields, check_flow
what spans states.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from designer.asl.check_flow import Known, check_flow, check_names, check_scopes
from designer.asl.check_lints import check_loops, check_variables
from designer.asl.check_objects import Inner, Place, check_object
from designer.asl.check_states import check_state
from designer.asl.model import JSONATA, JSONPATH
from designer.asl.problems import ERROR, Problem
from designer.asl.report import Report, Steps
from designer.asl.rules import BRANCH, MACHINE, PROCESSOR, Table
from designer.asl.source import Source, read

MAX_DEPTH: Final = 200  # of the JSON; a Map in a Map adds four
MAX_CHARACTERS: Final = 1_048_576


def check(definition: Any, kind: str = "STANDARD", *, template: bool = False) -> list[Problem]:
    """Problems of a definition, in the order of the text.

    `definition` is JSON text, a text that was read (source.py, yaml_source.py), or parsed data (then lines and
    columns are 0); `kind` is STANDARD or EXPRESS.  `template`: a file that may still be filled in, where a bare word
    in an expression need not be what AWS will read.
    """
    source = read(definition) if isinstance(definition, str) else definition if isinstance(definition, Source) else None
    report = Report(source, is_template=template)
    data = source.data if source else definition
    if source and len(source.text) > MAX_CHARACTERS:
        report.error((), f"The definition has more than {MAX_CHARACTERS} characters", hint="Split the state machine.")
    if source and data is None and report.problems:
        return report.problems
    if not isinstance(data, dict):
        report.error((), "Definition must be a valid JSON object", nowhere=True,
                     hint="Write an object with StartAt and States.")
        return report.problems
    fault = _unfit(data)
    if fault:
        report.error((), fault, "TOO_DEEPLY_NESTED" if "nested" in fault else "SCHEMA_VALIDATION_FAILED",
                     hint="Write the definition as plain, flatter JSON.")
        return report.problems
    _check_machine(report, data, kind)
    return sorted(report.problems, key=_in_order) if source else report.problems


def _in_order(problem: Problem) -> tuple[bool, int, int]:
    """As the text goes; what has no place comes last, as AWS answers it."""
    return problem.location is None, problem.line, problem.column


def errors(problems: list[Problem]) -> list[Problem]:
    """Those that keep a definition from being saved."""
    return [problem for problem in problems if problem.severity == ERROR]


def _unfit(data: Any) -> str:
    """Why the value cannot be checked at all: too deep, or not of JSON's kinds.  No recursion."""
    level = [data]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                if not all(isinstance(key, str) for key in value):
                    return "The definition is not JSON: a field name is no text"
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif value is not None and not isinstance(value, (str, int, float)):
                return f"The definition is not JSON: it holds a {type(value).__name__}"
        if not below:
            return ""
        level = below
    return f"The definition is nested more than {MAX_DEPTH} deep"


def _check_machine(report: Report, data: dict[str, Any], kind: str) -> None:
    language = data.get("QueryLanguage", JSONPATH)
    language = language if language in (JSONPATH, JSONATA) else JSONPATH
    names: dict[str, Steps] = {}
    labels: dict[str, Steps] = {}
    # The states of an inner block are checked after those of the outer one: scopes grow inwards.
    waiting: deque[tuple[Inner, Table, frozenset[str]]] = deque([(Inner((), data, False), MACHINE, frozenset())])
    while waiting:
        block, table, outer = waiting.popleft()
        inner: list[Inner] = []
        states = block.data.get("States") if isinstance(block.data, dict) else None
        states = states if isinstance(states, dict) else {}
        place = Place(report, kind, language, states, inner, labels, is_timed="TimeoutSeconds" in data)
        if not check_object(place, block.steps, block.data, "", table):
            continue
        known = _check_states(place, block, states, names, outer, language)
        for found in inner:
            names_outside = known.inside(str(found.steps[len(block.steps) + 1]))
            waiting.append((found, PROCESSOR if found.is_processor else BRANCH, _visible(found, names_outside)))
    check_variables(report, data)


def _visible(block: Inner, known: frozenset[str]) -> frozenset[str]:
    """The child executions of a distributed Map see no outer variables (§5)."""
    config = block.data.get("ProcessorConfig") if isinstance(block.data, dict) else None
    is_distributed = isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED"
    return frozenset() if is_distributed else known


def _check_states(place: Place, block: Inner, states: dict[str, Any], names: dict[str, Steps], outer: frozenset[str],
                  language: str) -> Known:
    report, steps = place.report, (*block.steps, "States")
    if "States" in block.data and not isinstance(block.data["States"], dict):
        report.error(steps, "Expected value of type [OBJECT]", hint="Write an object: state name → state.")
        return Known(outer)
    if "States" not in block.data:
        return Known(outer)
    if not states:
        report.error(steps, "Value cannot be empty", hint="Add a state.")
        return Known(outer)
    check_names(report, steps, states, names)
    for name, state in states.items():
        check_state(place, (*steps, name), state, language)
    flow = check_flow(report, block.steps, block.data, states)
    if flow is not None and not place.is_timed:
        check_loops(report, block.steps, flow)
    return check_scopes(report, steps, states, outer)
