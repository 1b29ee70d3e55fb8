"""Choice: which ways the data may go; and the checks of values that decide whether a state goes on at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from designer.asl.errors import QUERY_EVALUATION, RUNTIME
from designer.asl.limits import as_float, as_integer
from designer.asl.report import Steps
from designer.asl.timestamps import timestamp_ms
from designer.lens.conditions import Split, judge
from designer.lens.jsonata import value as jsonata_value
from designer.lens.lattice import loosen
from designer.lens.notes import NO_CHOICE, TYPE
from designer.lens.shapes import NotConstantError, Shape, constant
from designer.lens.views import Variables, View
from designer.lens.visits import Out, Visit


def choice(lens: Any, visit: Visit) -> list[Out]:
    view = visit.view(visit.effective())
    rules = visit.state.get("Choices")
    ways: list[Out] = []
    going: View | None = view
    for number, rule in enumerate(rules if isinstance(rules, list) else []):
        if not isinstance(rule, dict):
            continue
        steps = visit.at("Choices", number)
        is_ghost = going is None
        # What no data is left for is looked at with data like it, as a ghost.
        split, world = _judged(visit, rule, steps, going or _loose(view), is_ghost=is_ghost, is_first=not ways)
        ways.append(_by_rule(visit, rule, steps, world, is_ghost=is_ghost or split.true is None))
        going = None if is_ghost else split.false
    default = visit.state.get("Default")
    if isinstance(default, str):
        world = going or _loose(view)
        output, variables = _leave(visit, world, visit.state, visit.steps)
        ways.append(visit.out(default, output, variables, is_ghost=going is None))
    elif going is not None and not any(not way.is_ghost for way in ways) and visit.notes.failure is None:
        visit.notes.fails(visit.steps, NO_CHOICE, "No rule matches this data, and there is no Default",
                          hint="Add a Default, or a rule that matches.")
    return ways


def _judged(visit: Visit, rule: Any, steps: Steps, world: View, *, is_ghost: bool,
            is_first: bool) -> tuple[Split, View]:
    """How the rule splits the data, and the data with which it is true (data like it, where it never is)."""
    notes = visit.notes
    was = notes.is_ghost
    notes.is_ghost = was or is_ghost
    try:
        with notes.perhaps(is_unsure=not is_first):
            split = _split(visit, rule, steps, world)
    finally:
        notes.is_ghost = was
    if split.true is not None:
        return split, split.true
    loose = _loose(world)
    active, notes.active = notes.active, False
    failure = notes.failure
    again = _split(visit, rule, steps, loose)
    notes.active, notes.failure = active, failure
    return split, again.true or loose


def _loose(view: View) -> View:
    return replace(view, data=loosen(view.data))


def _split(visit: Visit, rule: Any, steps: Steps, world: View) -> Split:
    if not visit.is_jsonata:
        return judge(rule, world, steps)
    condition = jsonata_value(rule.get("Condition"), world, (*steps, "Condition"))
    visit.expect(condition, (*steps, "Condition"), ("boolean",), "true or false")
    if condition.unknown or not condition.booleans:
        return Split(world, world)
    return Split(world if True in condition.booleans else None, world if False in condition.booleans else None)


def _by_rule(visit: Visit, rule: Any, steps: Steps, world: View, *, is_ghost: bool) -> Out:
    failure = visit.notes.failure
    was, visit.notes.is_ghost = visit.notes.is_ghost, visit.notes.is_ghost or is_ghost
    with visit.notes.perhaps():
        output, variables = _leave(visit, world, rule, steps)
    visit.notes.is_ghost, visit.notes.failure = was, failure
    target = rule.get("Next")
    return visit.out(target if isinstance(target, str) else "", output, variables, is_ghost=is_ghost)


def _leave(visit: Visit, world: View, fields: Any, steps: Steps) -> tuple[Shape, Variables]:
    """The output by a rule, or by Default; its Output stands for the state's own."""
    narrowed = replace_variables(visit, world.variables)
    variables = narrowed.assigned(fields.get("Assign"), world, (*steps, "Assign"))
    if not visit.is_jsonata:
        return narrowed.cut_output(world.data), variables
    if "Output" in fields:
        return jsonata_value(fields["Output"], world, (*steps, "Output")), variables
    if "Output" in visit.state:
        return jsonata_value(visit.state["Output"], world, visit.at("Output")), variables
    return world.data, variables


def replace_variables(visit: Visit, variables: Variables) -> Visit:
    return replace(visit, variables=variables)


# ---- values that decide --------------------------------------------------------------------------


def expect_seconds(visit: Visit, shape: Shape, name: str, least: int = 0) -> None:
    """A number of seconds or of things, where its value is known."""
    _expect(visit, shape, name, lambda value: (whole := as_integer(_tidy(visit, value))) is not None and whole >= least,
            f"a whole number from {least}")


def _tidy(visit: Visit, value: Any) -> Any:
    return int(value) if visit.is_jsonata and isinstance(value, float) and value.is_integer() else value


def expect_percentage(visit: Visit, shape: Shape) -> None:
    _expect(visit, shape, "ToleratedFailurePercentage",
            lambda value: (number := as_float(value)) is not None and 0 <= number <= 100, "a number from 0 to 100")


def expect_timestamp(visit: Visit, shape: Shape) -> None:
    _expect(visit, shape, "Timestamp", lambda value: timestamp_ms(value) is not None, "a timestamp")


def _expect(visit: Visit, shape: Shape, name: str, fits: Callable[[Any], bool], wanted: str) -> None:
    try:
        value = constant(shape)
    except NotConstantError:
        return
    if not fits(value) and set(shape.kinds) & {"number", "string"}:
        place = name if visit.is_jsonata else f"{name}Path"
        visit.notes.fails(visit.at(place), TYPE, f"{place} needs {wanted}, but it is {value!r}", error=_error(visit),
                          hint=f"Lead it to {wanted}, such as {_example(name)}.")


def _example(name: str) -> str:
    return '"2030-01-01T00:00:00Z"' if name == "Timestamp" else "10"


def no_array(visit: Visit, shape: Shape, place: Steps, wanted: str) -> None:
    error = QUERY_EVALUATION if visit.is_jsonata or place == visit.steps else RUNTIME
    visit.notes.fails(place, TYPE, f"Map goes over {wanted}, but this is of the kind {', '.join(shape.kinds)}",
                      hint="Lead ItemsPath to the list that the Map is to go over.", error=error)


def _error(visit: Visit) -> str:
    return QUERY_EVALUATION if visit.is_jsonata else RUNTIME
