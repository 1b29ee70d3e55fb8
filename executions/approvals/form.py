"""Forms: JSON Schemas of an object, and what is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext, gettext_lazy
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

EMPTY: Final[dict[str, Any]] = {"type": "object"}
MAX_DEPTH: Final = 20
_TYPES: Final = {
    "string": gettext_lazy("Must be text."), "number": gettext_lazy("Must be a number."),
    "integer": gettext_lazy("Must be a whole number."), "boolean": gettext_lazy("Must be yes or no."),
    "array": gettext_lazy("Must be a list."), "object": gettext_lazy("Must be a group of fields."),
}
FORMATS: Final = FormatChecker(formats=("date", "time", "date-time", "email", "ipv4", "ipv6", "uuid", "regex"))


class FormError(ValueError):
    """The form is no JSON Schema that a person could fill in; the message says where and why."""


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

    `partly`: fields may be missing (somebody who rejects need not fill in the form).
    """
    registry: Registry[Any] = Registry()  # knows nothing, fetches nothing
    validator = Draft202012Validator(form or EMPTY, registry=registry, format_checker=FORMATS)
    found: dict[str, str] = {}
    try:
        for error in sorted(validator.iter_errors(data), key=lambda each: list(map(str, each.absolute_path))):
            if not (partly and error.validator == "required"):
                _note(found, error)
    except Unresolvable as error:
        found[""] = str(error)
    return found


def _note(found: dict[str, str], error: ValidationError) -> None:
    path = [str(part) for part in error.absolute_path]
    required: Any = error.validator_value
    if error.validator == "required" and isinstance(error.instance, dict):
        for name in required:
            if name not in error.instance:
                found.setdefault(".".join([*path, name]), gettext("This field is required."))
    else:
        found.setdefault(".".join(path), _message(error))


def _message(error: ValidationError) -> str:
    """What a person who is no programmer understands; the library's own words for the rest."""
    wanted: Any = error.validator_value
    match error.validator:
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
            return error.message
