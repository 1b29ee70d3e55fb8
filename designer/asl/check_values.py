"""Checks of single values: types, ranges, enumerations, paths, templates, JSONata texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from designer.asl import jsonata, literal_fixes
from designer.asl.fixes import nearest, renaming, replacing
from designer.asl.intrinsics import compile_intrinsic, is_intrinsic
from designer.asl.paths import parse_path
from designer.asl.placeholders import Placeholder
from designer.asl.problems import Fix
from designer.asl.report import Report, Steps
from designer.asl.rules import Field
from designer.asl.templates import SUFFIX
from designer.asl.timestamps import parse_timestamp

_TYPE_NAMES: Final = {"string": "STRING", "integer": "INTEGER", "number": "NUMBER", "boolean": "BOOLEAN",
                      "object": "OBJECT", "array": "ARRAY"}
LOOKS_DYNAMIC: Final = re.compile(r"\$(\$?[.\[].*|\$)|States\.[A-Z]\w*\(.*\)\s*", re.DOTALL)
_LOOKS_PATH: Final = re.compile(r"\$(?!\{)")
_PLACEHOLDER_PATH: Final = re.compile(r"\$\{\s*\$\$?[.\[]")
_NAME: Final = re.compile(r"[^\W\d]\w*")
MAX_NAME: Final = 80


def is_type(value: Any, kind: str) -> bool:
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool, "object": dict, "array": list}[kind])


def expect(report: Report, steps: Steps, value: Any, kind: str) -> bool:
    """Whether the value has the type; reports it if not.  A placeholder may become anything: no, unreported."""
    if isinstance(value, Placeholder) and (kind == "string" or value.is_whole):
        return False
    if is_type(value, kind):
        return True
    report.error(steps, f"Expected value of type [{_TYPE_NAMES[kind]}]", hint=f"Write {_ARTICLES[kind]} here.",
                 fix=_typed_fix(steps, value, kind))
    return False


_WHOLE_NUMBER: Final = re.compile(r"-?\d{1,15}", re.ASCII)


def _typed_fix(steps: Steps, value: Any, kind: str) -> Fix | None:
    """For `"true"`, `"5"`, 5.0, and one value where an array of them is wanted."""
    if isinstance(value, str) and kind == "boolean" and value.lower() in ("true", "false"):
        return replacing(steps, value.lower() == "true", f"Write {value.lower()} without quotes")
    if isinstance(value, str) and kind in ("integer", "number") and _WHOLE_NUMBER.fullmatch(value):
        return replacing(steps, int(value), f"Write {int(value)} without quotes")
    if isinstance(value, float) and kind == "integer" and value.is_integer():
        return replacing(steps, int(value))
    if isinstance(value, str) and kind == "array" and steps[-1:] == ("ErrorEquals",):
        return replacing(steps, [value], "Write it as an array")
    return None


_ARTICLES: Final = {"string": "a text in double quotes", "integer": "a whole number without quotes",
                    "number": "a number without quotes", "boolean": "true or false without quotes",
                    "object": "an object, { … }", "array": "an array, [ … ]"}


def check_scalar(report: Report, steps: Steps, value: Any, field: Field, *, is_jsonata: bool) -> None:
    """Kinds string, integer, number, boolean, enum, timestamp."""
    if field.dynamic and is_jsonata and isinstance(value, str) and "{%" in value:
        check_expressions(report, steps, value)
    elif field.kind == "enum":
        _check_enum(report, steps, value, field.values)
    elif field.kind == "timestamp":
        _check_timestamp(report, steps, value)
    else:
        _check_typed(report, steps, value, field)


def _check_typed(report: Report, steps: Steps, value: Any, field: Field) -> None:
    if isinstance(value, str) and field.kind != "string" and _LOOKS_PATH.match(value):
        report.warning(steps, f"The value looks like a path, but the name '{steps[-1]}' does not end in 'Path'",
                       "NO_PATH", hint=f"Name the field {steps[-1]}Path.",
                       fix=renaming(steps, f"{steps[-1]}Path", value))
    if not expect(report, steps, value, field.kind) or field.kind in ("string", "boolean"):
        return
    if field.low is not None and value < field.low:
        low = float(field.low) if field.kind == "number" else field.low
        report.error(steps, f"Minimum value is {low}", hint="Write a larger number.")
    if field.high is not None and value > field.high:
        high = float(field.high) if field.kind == "number" else field.high
        report.error(steps, f"Maximum value is {high}", hint="Write a smaller number.")


def _check_enum(report: Report, steps: Steps, value: Any, values: tuple[str, ...]) -> None:
    if value not in values or not isinstance(value, str):
        near = nearest(value, values) if isinstance(value, str) else None
        report.error(steps, f"Value should be one of the following: [{', '.join(values)}]",
                     hint=f"Write {' or '.join(values)}.", fix=replacing(steps, near) if near else None)


def _check_timestamp(report: Report, steps: Steps, value: Any) -> None:
    if expect(report, steps, value, "string") and parse_timestamp(value) is None:
        report.error(steps, "Value is not a valid ISO-8601 extended offset date-time format string",
                     hint="Write it as 2030-01-31T12:00:00Z.")


# ---- paths ---------------------------------------------------------------------------------------


def check_path(report: Report, steps: Steps, value: Any, *, nullable: bool = False, reference: bool = False,
               roots: str = "any") -> None:
    """`reference`: a Reference Path.

    `roots`: "any"; "data", neither context nor variables (ResultPath); "no context" (the numbers of a Map).
    """
    if nullable and value is None:
        return
    if not expect(report, steps, value, "string"):
        return
    try:
        path = parse_path(value)
    except ValueError as broken:
        message = "Value must be a valid JSONPath."
        if reference:
            message = "Value is not a Reference Path"
            message += "" if value.startswith("$") else ": Reference path didn't start with '$'"
        report.error(steps, message, hint=f"Write a path such as $.order.id ({broken}).")
        return
    if (roots == "data" and path.root != "$") or (roots == "no context" and path.root == "$$"):
        report.error(steps, "Value is not a Reference Path", hint="Start from the data, such as $.order.id.")
    elif reference and not path.is_reference:
        report.error(steps, "Value is not a Reference Path",
                     hint="Use only names and indices here, such as $.order.items[0].")


_GIVE_TEXT: Final = ("States.ArrayGetItem", "States.Base64Encode", "States.Base64Decode", "States.Format",
                     "States.JsonToString", "States.Hash", "States.UUID")


def check_text_path(report: Report, steps: Steps, value: Any) -> None:
    """ErrorPath, CausePath: a Reference Path or an intrinsic function."""
    if isinstance(value, str) and is_intrinsic(value):
        _check_dynamic(report, steps, str(steps[-1]), value)
        if value.strip().split("(")[0] not in _GIVE_TEXT:
            report.error(steps, f"The value for the field '{steps[-1]}' must be a JSONPath or an intrinsic function "
                                "that returns a string", hint=f"Use one of {', '.join(_GIVE_TEXT)}.")
    else:
        check_path(report, steps, value, reference=True)


# ---- payload templates ---------------------------------------------------------------------------


def walk(value: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """The value and everything in it, with places; no recursion."""
    waiting = [(steps, value)]
    while waiting:
        here, current = waiting.pop()
        yield here, current
        if isinstance(current, dict):
            waiting.extend([((*here, key), item) for key, item in current.items()][::-1])
        elif isinstance(current, list):
            waiting.extend([((*here, number), item) for number, item in enumerate(current)][::-1])


def check_template(report: Report, steps: Steps, value: Any) -> None:
    for here, current in walk(value, steps):
        if isinstance(current, dict):
            _check_double_names(report, here, current)
        key = here[-1]
        if len(here) > len(steps) and isinstance(key, str) and key.endswith(SUFFIX):
            _check_dynamic(report, here, key, current)
        elif isinstance(current, str):
            _check_literal(report, here, current, value, here[len(steps):])


def _check_double_names(report: Report, steps: Steps, template: dict[str, Any]) -> None:
    for key in template:
        if key.endswith(SUFFIX) and key.removesuffix(SUFFIX) in template:
            report.error((*steps, key), f"The fields '{key.removesuffix(SUFFIX)}' and '{key}' exclude each other",
                         hint="Keep one of the two.")


def _check_dynamic(report: Report, steps: Steps, key: str, value: Any) -> None:
    if isinstance(value, Placeholder):
        return
    message = f"The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call"
    if not isinstance(value, str):
        report.error(steps, message,
                     hint=f"Write a path, or name the field '{key.removesuffix(SUFFIX)}' for a literal.")
        return
    try:
        if is_intrinsic(value):
            compile_intrinsic(value)
        else:
            parse_path(value)
    except ValueError as broken:
        report.error(steps, message, hint=str(broken))


def _check_literal(report: Report, steps: Steps, value: str, root: Any, inside: Steps) -> None:
    key = next((step for step in reversed(steps) if isinstance(step, str)), "value")
    if _PLACEHOLDER_PATH.search(value):
        report.warning(steps, f"The value of '{key}' is a literal: ${{…}} is not replaced", "NO_DOLLAR",
                       hint=f"Write \"{key}.$\": \"$.path\", or States.Format with a path.",
                       fix=literal_fixes.evaluated(steps, root, inside) if inside else None)
    elif LOOKS_DYNAMIC.fullmatch(value):
        report.warning(steps, f"The value of '{key}' looks like a JSONPath or an intrinsic function, but the name does "
                              "not end in '.$'", "NO_DOLLAR", hint=f"Name the field '{key}.$' to have it evaluated.",
                       fix=renaming(steps, f"{key}.$", value) if steps[-1] == key else None)


def check_static(report: Report, steps: Steps, value: Any) -> None:
    """`Result` is copied as it is."""
    for here, current in walk(value, steps):
        key = here[-1]
        marked = isinstance(key, str) and key.endswith(SUFFIX) and len(here) > len(steps)
        if isinstance(current, str) and (marked or LOOKS_DYNAMIC.fullmatch(current)):
            report.warning(here, "The Result of a Pass state is static: paths and intrinsic functions in it are not "
                                 "evaluated", "PASS_RESULT_IS_STATIC", hint="Use Parameters in place of Result.",
                           fix=renaming(steps, "Parameters", value) if marked and isinstance(value, dict) else None)


def check_names(report: Report, steps: Steps, names: dict[str, Any], *, is_jsonata: bool) -> None:
    """Names of variables in Assign (§5)."""
    for key in names:
        name = key if is_jsonata else key.removesuffix(SUFFIX)
        if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
            report.error((*steps, key), f"'{name}' is not a valid variable name",
                         hint="Use letters, digits and _, at most 80, not a digit first.")
        elif name == "states":
            report.error((*steps, key), "'states' is a reserved variable name", hint="Choose another name.")


# ---- JSONata -------------------------------------------------------------------------------------


def check_expressions(report: Report, steps: Steps, value: Any,
                      available: frozenset[str] = jsonata.ALWAYS) -> None:
    """All texts in any JSON: each an expression, or a literal without the markers.

    `available`: what the field may read of `$states`.
    """
    for here, current in walk(value, steps):
        if not isinstance(current, str):
            continue
        if jsonata.is_expression(current):
            _check_expression(report, here, current, available)
        elif current.startswith("{%") or current.endswith("%}"):
            report.error(here, "A JSONata expression must start with '{%' and end with '%}'",
                         "INVALID_JSONATA_EXPRESSION", hint="Write \"{% expression %}\" without blanks around it.",
                         fix=replacing(here, current.strip(), "Remove the blanks around the expression")
                         if jsonata.is_expression(current.strip()) else None)


def _check_expression(report: Report, steps: Steps, marked: str, available: frozenset[str]) -> None:
    faults = jsonata.check(marked, available)
    for fault in faults:
        if fault.is_bare_name and report.is_template:
            report.warning(steps, f"{fault.message} AWS refuses the definition unless a placeholder stands here.",
                           fault.code, hint=fault.hint)
        else:
            report.error(steps, fault.message, fault.code, hint=fault.hint)
    name = None if faults else jsonata.missing_function(marked)
    if name:
        report.warning(steps, f"There is no function ${name}", "UNDEFINED_VARIABLE",
                       hint="Use $parse to read JSON text." if name == "eval" else "Mend the name.")
