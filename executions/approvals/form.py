"""Forms: JSON Schemas of an object, and what is filled in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext, gettext_lazy
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from designer.asl.jsontext import dump_bytes, loads
from executions.approvals.form_check import Finding, findings

EMPTY: Final[dict[str, Any]] = {"type": "object"}
MAX_DEPTH: Final = 20
_TYPES: Final = {
    "string": gettext_lazy("Must be text."), "number": gettext_lazy("Must be a number."),
    "integer": gettext_lazy("Must be a whole number."), "boolean": gettext_lazy("Must be yes or no."),
    "array": gettext_lazy("Must be a list."), "object": gettext_lazy("Must be a group of fields."),
}
# Keywords whose check can take very long: regular expressions, references, comparisons of everything with everything.
UNBOUNDED: Final = frozenset({"pattern", "patternProperties", "$ref", "$dynamicRef", "uniqueItems", "unevaluatedItems",
                              "unevaluatedProperties", "contains", "dependentSchemas", "propertyNames"})
SECONDS: Final = 5
SCRIPT: Final = Path(__file__).with_name("form_check.py")


class FormError(ValueError):
    """The form is no JSON Schema that a person could fill in; the message says where and why."""


class TooHardError(Exception):
    """The data could not be checked within the time and memory there are for it."""


def check_form(form: Any) -> dict[str, Any]:
    """Return the form, or raise FormError.  Only references within the form itself are allowed."""
    if not isinstance(form, dict):
        raise FormError("it must be a JSON Schema, that is a JSON object")
    if form and form.get("type", "object") != "object":
        raise FormError('its "type" must be "object"')
    for place, reference in _references(form, ""):
        if not (isinstance(reference, str) and reference.startswith("#")):
            raise FormError(f'"{place}" refers to "{reference}"; only references that begin with # are possible')
    try:
        Draft202012Validator.check_schema(form)
    except SchemaError as error:
        place = "/".join(map(str, error.absolute_path)) or "the schema"
        raise FormError(f"{place}: {error.message}") from None
    except RecursionError:
        raise FormError("one of its patterns is nested too deeply") from None
    return form


def _references(value: Any, place: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    if depth > MAX_DEPTH:
        raise FormError(f'it is nested deeper than {MAX_DEPTH} levels at "{place}"')
    if isinstance(value, dict):
        for name, item in value.items():
            if name in ("$ref", "$dynamicRef"):
                yield f"{place}/{name}", item
            yield from _references(item, f"{place}/{name}", depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _references(item, f"{place}/{index}", depth + 1)


def problems(form: dict[str, Any], data: Any, *, partly: bool = False) -> dict[str, str]:
    """What is wrong with the data: field ("amount", "items.0.name", "" for the whole) → message.

    `partly`: fields may be missing (somebody who rejects need not fill in the form).  Do not hold a
    transaction meanwhile: a form may take up to SECONDS.
    """
    found: dict[str, str] = {}
    try:
        for finding in _findings(form or EMPTY, data):
            if not (partly and finding["keyword"] == "required"):
                _note(found, finding)
    except (TooHardError, RecursionError):
        found[""] = gettext("This form cannot be checked: its rules take too long or lead back to themselves.")
    return found


def _findings(form: dict[str, Any], data: Any) -> list[Finding]:
    """In place where the form's keywords bound the work, else in a process that can be ended.

    A pattern such as ^(a+)+$ would hold up the whole server, engine and all.
    """
    if _is_bounded(form):
        return findings(form, data)
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-I", str(SCRIPT)], input=dump_bytes({"form": form, "data": data}), capture_output=True,
            timeout=SECONDS, env={}, check=True)
    except subprocess.SubprocessError:
        raise TooHardError from None
    answer: list[Finding] = loads(done.stdout)
    return answer


def _is_bounded(schema: Any) -> bool:
    if isinstance(schema, list):
        return all(map(_is_bounded, schema))
    if not isinstance(schema, dict):
        return True
    if schema.keys() & UNBOUNDED or schema.get("format") == "regex":
        return False
    return all(map(_is_bounded, schema.values()))


def _note(found: dict[str, str], finding: Finding) -> None:
    for name in finding["missing"]:
        found.setdefault(".".join([*finding["path"], name]), gettext("This field is required."))
    if not finding["missing"]:
        found.setdefault(".".join(finding["path"]), _message(finding))


def _message(finding: Finding) -> str:
    """What a person who is no programmer understands; the library's own words for the rest."""
    wanted: Any = finding["wanted"]
    match finding["keyword"]:
        case "type" if isinstance(wanted, str) and wanted in _TYPES:
            return str(_TYPES[wanted])
        case "minLength" if wanted == 1:
            return gettext("This field is required.")
        case "minLength":
            return gettext("Must have at least %(count)s characters.") % {"count": wanted}
        case "maxLength":
            return gettext("Must have at most %(count)s characters.") % {"count": wanted}
        case "minimum":
            return gettext("Must be %(limit)s or more.") % {"limit": wanted}
        case "maximum":
            return gettext("Must be %(limit)s or less.") % {"limit": wanted}
        case "exclusiveMinimum":
            return gettext("Must be more than %(limit)s.") % {"limit": wanted}
        case "exclusiveMaximum":
            return gettext("Must be less than %(limit)s.") % {"limit": wanted}
        case "enum":
            return gettext("Must be one of: %(choices)s.") % {"choices": ", ".join(map(str, wanted))}
        case "format":
            return gettext("Is not written as a %(format)s.") % {"format": wanted}
        case "pattern":
            return gettext("Does not have the required form.")
        case "additionalProperties":
            return gettext("Has a field that the form does not have.")
        case _:
            return str(finding["message"])
