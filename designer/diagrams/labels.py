"""Short words for edges: what a Choice rule asks, which errors a catcher takes."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from django.utils.translation import gettext as _

_SIGNS: Final = (("GreaterThanEquals", "≥"), ("LessThanEquals", "≤"), ("GreaterThan", ">"), ("LessThan", "<"),
                 ("Equals", "="), ("Matches", "~"))
_TESTS: Final = {
    "IsPresent": ("present", "absent"), "IsNull": ("null", "not null"), "IsString": ("text", "not text"),
    "IsNumeric": ("number", "not number"), "IsBoolean": ("boolean", "not boolean"),
    "IsTimestamp": ("timestamp", "not timestamp"),
}
_NOT_OPERATORS: Final = frozenset({"Variable", "Next", "Comment", "Assign", "Output", "Condition"})
_LAST_STEP: Final = re.compile(r"[\w\-]+(?:\[[^\]]*\])?$")
_TYPE_STEPS: Final = frozenset({"N", "S", "BOOL", "B"})  # DynamoDB's type letters, which name nothing


def rule_label(rule: Any) -> str:
    """A Choice rule in a few words ("stock > 0"); its Comment where it has one."""
    if not isinstance(rule, dict):
        return "?"
    comment = rule.get("Comment")
    if isinstance(comment, str) and comment.strip():
        return comment.strip()
    return _condition(rule, depth=0)


def _condition(rule: dict[str, Any], depth: int) -> str:
    if "Condition" in rule:
        return _jsonata(rule["Condition"])
    if depth > 2:
        return "…"
    for operator, sign in (("And", " & "), ("Or", " | ")):
        parts = rule.get(operator)
        if isinstance(parts, list):
            return sign.join(_condition(part, depth + 1) for part in parts if isinstance(part, dict)) or operator
    inner = rule.get("Not")
    if isinstance(inner, dict):
        return _("not %(condition)s") % {"condition": _condition(inner, depth + 1)}
    return _comparison(rule)


def _comparison(rule: dict[str, Any]) -> str:
    subject = _short_path(rule.get("Variable"))
    for operator, value in rule.items():
        if operator in _NOT_OPERATORS:
            continue
        if operator in _TESTS:
            return f"{subject}: {_TESTS[operator][0 if value is not False else 1]}"
        plain = operator.removesuffix("Path")
        sign = next((sign for ending, sign in _SIGNS if plain.endswith(ending)), None)
        if sign:
            return f"{subject} {sign} {_short_path(value) if operator != plain else _value(value)}"
    return subject or "?"


def _short_path(path: Any) -> str:
    """The last speaking step of a path."""
    if not isinstance(path, str):
        return "?"
    steps = [step for step in re.split(r"\.", path) if step]
    while len(steps) > 1 and steps[-1] in _TYPE_STEPS:
        steps.pop()
    found = _LAST_STEP.search(steps[-1]) if steps else None
    return found[0] if found else path


def _value(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return f"{value:,}"
    return str(value)


def _jsonata(condition: Any) -> str:
    if isinstance(condition, str):
        return " ".join(condition.strip().removeprefix("{%").removesuffix("%}").replace("$states.input.", "").split())
    return _value(condition)


def catch_label(catcher: Any) -> str:
    """The errors of a catcher, without the common prefix."""
    errors = catcher.get("ErrorEquals") if isinstance(catcher, dict) else None
    if not isinstance(errors, list) or not errors:
        return "?"
    names = [str(error) for error in errors]
    if names == ["States.ALL"]:
        return _("Any error")
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return names[0].removeprefix("States.") + more
