"""Applies the tables of rules.py to an object: known fields, their language, required and exclusive ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from designer.asl import check_values as values
from designer.asl import jsonata
from designer.asl.check_resource import check_resource
from designer.asl.fixes import adding, nearest, removing, renaming, replacing
from designer.asl.model import JSONATA
from designer.asl.placeholders import Placeholder
from designer.asl.problems import Fix
from designer.asl.report import Report, Steps
from designer.asl.rules import EXCLUSIVE, ONE_NEEDED, PARTS, Field, Table


@dataclass(frozen=True, slots=True)
class Inner:
    """A sub-machine found in a state: a branch or an item processor."""

    steps: Steps
    data: Any
    is_processor: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where the check stands: the query language in force, the states one may go to, and what is
    gathered on the way (`inner` sub-machines, `labels` of Maps by their first place)."""

    report: Report
    kind: str
    language: str
    siblings: dict[str, Any]
    inner: list[Inner]
    labels: dict[str, Steps]
    is_timed: bool = False  # the machine has TimeoutSeconds
    has_result: bool = False  # the state does work: Task, Parallel, Map

    @property
    def is_jsonata(self) -> bool:
        return self.language == JSONATA

    def in_state(self, language: str, kind: str) -> Place:
        """The same for one state of the language and type."""
        return replace(self, language=language, has_result=kind in ("Task", "Parallel", "Map"))

    def states_properties(self, steps: Steps) -> frozenset[str]:
        """What an expression at `steps` may read of `$states` (asl-language.md §4.2)."""
        if "Catch" in steps[-3:]:
            return jsonata.ALWAYS | {"errorOutput"}
        return jsonata.ALWAYS | {"result"} if self.has_result and steps[-1] in ("Output", "Assign") else jsonata.ALWAYS


def check_object(place: Place, steps: Steps, data: Any, name: str, table: Table, skip: tuple[str, ...] = ()) -> bool:
    """Check an object by its table.  `skip`: fields that the caller checks itself.  False if it is no object."""
    report = place.report
    if not values.expect(report, steps, data, "object"):
        return False
    for field_name, value in data.items():
        field = table.get(field_name)
        if field is None:
            if field_name not in skip:
                _report_unknown(report, (*steps, field_name), value, data, table)
        elif field.language and field.language != place.language:
            report.error((*steps, field_name),
                         f"The QueryLanguage is set to '{place.language}', but field '{field_name}' is only supported "
                         f"for the '{field.language}' QueryLanguage", at=steps,
                         hint=f"Remove the field, or set the state's QueryLanguage to {field.language}.",
                         fix=removing((*steps, field_name)))
        else:
            check_field(place, (*steps, field_name), value, field)
    _check_required(report, steps, data, name, table)
    _check_exclusive(place, steps, data, name, table)
    return True


def _report_unknown(report: Report, steps: Steps, value: Any, data: dict[str, Any], table: Table) -> None:
    name = str(steps[-1])
    near = nearest(name, (known for known in table if known not in data))
    report.error(steps, f"Field '{name}' is not supported", at=steps[:-1],
                 hint=f"Write it {near}." if near else "Remove the field.",
                 fix=renaming(steps, near, value) if near else removing(steps))


def _check_required(report: Report, steps: Steps, data: dict[str, Any], name: str, table: Table) -> None:
    missing = [field_name for field_name, field in table.items() if field.required and field_name not in data]
    if missing:
        report.error(steps, f"These fields are required: [{', '.join(missing)}]", hint=f"Add {', '.join(missing)}.",
                     fix=_start_fix(steps, data) if missing == ["StartAt"] else None)
    for group in ONE_NEEDED.get(name, ()):
        if not any(field_name in data for field_name in group):
            report.error(steps, f"One of these fields is required: [{', '.join(group)}]", hint=f"Add {group[0]}.")


def _start_fix(steps: Steps, data: dict[str, Any]) -> Fix | None:
    """Start at the first state."""
    states = data.get("States")
    first = next(iter(states), None) if isinstance(states, dict) else None
    return None if first is None else adding((*steps, "StartAt"), first, f"Start at {first}")


def _check_exclusive(place: Place, steps: Steps, data: dict[str, Any], name: str, table: Table) -> None:
    for group in EXCLUSIVE.get(name, ()):
        given = [field_name for field_name in group if field_name in data]
        if len(given) > 1:
            place.report.error(steps, f"There should only be one of the following fields: [{', '.join(given)}]",
                               hint=f"Keep {given[0]} or {given[1]}.")


# Their values may be known in part.
_SEE_PLACEHOLDERS: Final = frozenset(("resource", "template", "expression", "selector", "static"))


def check_field(place: Place, steps: Steps, value: Any, field: Field) -> None:
    if isinstance(value, Placeholder) and field.kind not in _SEE_PLACEHOLDERS:
        return
    check = CHECKS.get(field.kind)
    if check is None:
        values.check_scalar(place.report, steps, value, field, is_jsonata=place.is_jsonata)
    else:
        check(place, steps, value, field)


# ---- one function per kind of value --------------------------------------------------------------


def _target(place: Place, steps: Steps, value: Any, field: Field) -> None:
    if values.expect(place.report, steps, value, "string") and value not in place.siblings:
        near = nearest(value, place.siblings)
        place.report.error(steps, f"Missing 'Next' target: {value}", "MISSING_TRANSITION_TARGET",
                           hint=f"The state is called '{near}'." if near else "Name a state of the same States block, "
                                                                              "or add this one.",
                           fix=replacing(steps, near, f"Go to {near}") if near else None)


def _selector(place: Place, steps: Steps, value: Any, field: Field) -> None:
    """ItemSelector, BatchInput: a template, or in JSONata any JSON."""
    if place.is_jsonata:
        _expression(place, steps, value, field)
    else:
        values.check_template(place.report, steps, value)


def _expression(place: Place, steps: Steps, value: Any, field: Field) -> None:
    values.check_expressions(place.report, steps, value, place.states_properties(steps))


def _assign(place: Place, steps: Steps, value: Any, field: Field) -> None:
    if values.expect(place.report, steps, value, "object"):
        values.check_names(place.report, steps, value, is_jsonata=place.is_jsonata)
        _selector(place, steps, value, field)


def _credentials(place: Place, steps: Steps, value: Any, field: Field) -> None:
    if values.expect(place.report, steps, value, "object"):
        _selector(place, steps, value, field)


def _items(place: Place, steps: Steps, value: Any, field: Field) -> None:
    if isinstance(value, (list, dict)) or (isinstance(value, str) and "{%" in value):
        values.check_expressions(place.report, steps, value)
    else:
        values.expect(place.report, steps, value, "array")


def _condition(place: Place, steps: Steps, value: Any, field: Field) -> None:
    if isinstance(value, str) and "{%" in value:
        values.check_expressions(place.report, steps, value)
    else:
        values.expect(place.report, steps, value, "boolean")


def _table(place: Place, steps: Steps, value: Any, field: Field) -> None:
    check_object(place, steps, value, field.table, PARTS[field.table])


def _strings(place: Place, steps: Steps, value: Any, field: Field) -> None:
    if values.expect(place.report, steps, value, "array"):
        for number, item in enumerate(value):
            values.expect(place.report, (*steps, number), item, "string")


def _branches(place: Place, steps: Steps, value: Any, field: Field) -> None:
    if not values.expect(place.report, steps, value, "array"):
        return
    if not value:
        place.report.error(steps, "Value cannot be empty", hint="Add a branch with StartAt and States.")
    place.inner.extend(Inner((*steps, number), branch, False) for number, branch in enumerate(value))


_LABEL_REFUSED: Final = frozenset('?*<>{}[]:;,\\|^~$#%&"`')


def _label(place: Place, steps: Steps, value: Any, field: Field) -> None:
    if not values.expect(place.report, steps, value, "string"):
        return
    if not value or len(value) > 40 or any(char in _LABEL_REFUSED or char.isspace() or char < " " for char in value):
        place.report.error(steps, f"Invalid label name: {value}", "INVALID_LABEL_NAME",
                           hint="Use at most 40 letters, digits, - and _.")
    if place.labels.setdefault(value, steps) != steps:
        place.report.error(steps, f"Duplicate label name: {value}", "DUPLICATE_LABEL_NAME",
                           hint="Give each distributed Map its own label.")


def _none(place: Place, steps: Steps, value: Any, field: Field) -> None:
    """Checked elsewhere."""


Check = Callable[[Place, Steps, Any, Field], None]
CHECKS: Final[dict[str, Check]] = {
    "target": _target,
    "path": lambda place, steps, value, field: values.check_path(place.report, steps, value),
    "nullable path": lambda place, steps, value, field: values.check_path(place.report, steps, value, nullable=True),
    "reference path": lambda place, steps, value, field: values.check_path(place.report, steps, value, reference=True),
    "result path": lambda place, steps, value, field: values.check_path(
        place.report, steps, value, nullable=True, reference=True, roots="data"),
    "count path": lambda place, steps, value, field: values.check_path(
        place.report, steps, value, reference=True, roots="no context"),
    "text path": lambda place, steps, value, field: values.check_text_path(place.report, steps, value),
    "template": lambda place, steps, value, field: values.check_template(place.report, steps, value),
    "static": lambda place, steps, value, field: values.check_static(place.report, steps, value),
    "expression": _expression,
    "selector": _selector,
    "assign": _assign,
    "credentials": _credentials,
    "items": _items,
    "condition": _condition,
    "object": _table,
    "strings": _strings,
    "branches": _branches,
    "processor": lambda place, steps, value, field: place.inner.append(Inner(steps, value, True)),
    "label": _label,
    "resource": lambda place, steps, value, field: check_resource(place.report, steps, value, place.kind),
    "states": _none,
    "errors": _none,
    "choices": _none,
    "retriers": _none,
    "catchers": _none,
}
