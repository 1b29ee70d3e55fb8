"""From a JSON Schema to the fields of a form a person fills in, and from what was posted to data.

A nested object becomes a group of fields with dotted names, a list of choices check boxes, a list of
texts one line each.  What no field can hold is typed as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from executions.approvals.attachments import FILE
from executions.approvals.typed import NOTHING, read_one
from executions.approvals.words import humanised

MAX_DEPTH: Final = 4
MAX_FIELDS: Final = 500  # groups beyond are typed as JSON: a form may refer to itself many times over
LONG_TEXT: Final = 200  # characters; a text that may be longer gets several lines
# Numbers are typed as text: a browser keeps a wrong text in such a field, and full-width digits are welcome.
INPUT_TYPES: Final = {"date": "date", "time": "time", "email": "email", "moment": "datetime-local"}
CELLS: Final = ("text", "number", "integer", "choice", "date", "time", "email")
MAX_COLUMNS: Final = 8
MAX_ROWS: Final = 200
FEWEST_ROWS: Final = 2
FORMATS: Final = {"file": "file", "date": "date", "time": "time", "email": "email", "date-time": "moment"}


@dataclass(slots=True)
class Field:
    """One field; `kind`: text, multiline, number, integer, boolean, choice, choices, lines, date, time, moment, email,
    file, json, group, table.  `value` is what the input shows (a list for choices), `error` what is wrong with it."""

    name: str  # "amount", "address.city": as problems are named
    key: str  # "city"
    kind: str
    label: str
    hint: str = ""
    required: bool = False
    options: list[tuple[str, str, Any]] = field(default_factory=list)  # (value in the form, label, value in the data)
    attributes: dict[str, str] = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)  # of a group; the columns of a table
    rows: list[list[Field]] = field(default_factory=list)  # of a table: filled ones, then some to be filled in
    unit: str = ""  # a currency
    value: Any = ""
    error: str = ""

    @property
    def input_id(self) -> str:
        return "field-" + re.sub(r"[^\w-]", "-", self.name)

    @property
    def input_name(self) -> str:
        return "form." + self.name

    @property
    def input_type(self) -> str:
        return INPUT_TYPES.get(self.kind, "text")


def fields_of(form: Mapping[str, Any]) -> list[Field]:
    """The fields of a form's schema, defaults filled in."""
    return _fields(form, form, "", 0, [MAX_FIELDS])


def every(fields: list[Field]) -> Iterator[Field]:
    """All fields, also those in groups."""
    for one in fields:
        yield one
        yield from every(one.fields if one.kind == "group" else [cell for row in one.rows for cell in row])


def read(fields: list[Field], posted: Mapping[str, list[str]]) -> dict[str, Any]:
    """The data that was posted.  Sets each field's value to what was typed and `error` where it is no such value."""
    data: dict[str, Any] = {}
    for one in fields:
        if one.kind == "group":
            inner = read(one.fields, posted)
            if inner or one.required:
                data[one.key] = inner
            continue
        if one.kind == "table":
            rows = _read_rows(one, posted)
            if rows or one.required:
                data[one.key] = rows
            continue
        value = read_one(one, posted.get(one.input_name, []))
        if value is not NOTHING:
            data[one.key] = value
    return data


def _read_rows(table: Field, posted: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """The rows in which something was typed; shown again they stand where they do in the data."""
    pattern = re.compile(re.escape(table.input_name) + r"\.(\d{1,4})\.")
    numbers = sorted({int(match[1]) for name in posted if (match := pattern.match(name))})[:MAX_ROWS]
    filled: list[dict[str, list[str]]] = []
    for number in numbers:
        before = f"{table.input_name}.{number}."
        typed = {name.removeprefix(before): texts for name, texts in posted.items() if name.startswith(before)}
        if any(text.strip() for texts in typed.values() for text in texts):
            filled.append(typed)
    table.rows, data = [], []
    for number, typed in enumerate(filled):
        cells = _row(table, number)
        data.append(read(cells, {f"{table.input_name}.{number}.{name}": texts for name, texts in typed.items()}))
        table.rows.append(cells)
    _add_blank(table)
    return data


def _row(table: Field, number: int) -> list[Field]:
    """The cells of one row, empty."""
    return [replace(column, name=f"{table.name}.{number}.{column.key}") for column in table.fields]


def _fill(table: Field, default: Any) -> None:
    """The rows of a default, and some blank ones."""
    items = [item for item in default if isinstance(item, Mapping)] if isinstance(default, list) else []
    for number, item in enumerate(items[:MAX_ROWS]):
        table.rows.append([
            replace(cell, value=_shown(cell, item[cell.key])) if cell.key in item else cell
            for cell in _row(table, number)])
    _add_blank(table)


def _add_blank(table: Field) -> None:
    """Rows to be filled in: there is always one."""
    for number in range(len(table.rows), max(len(table.rows) + 1, FEWEST_ROWS)):
        table.rows.append(_row(table, number))


def show_problems(fields: list[Field], problems: Mapping[str, str]) -> list[str]:
    """Put each problem at its field; those that belong to no field are answered."""
    known = {one.name: one for one in every(fields)}
    rest = []
    for place, message in problems.items():
        name = place
        while name and name not in known:
            name = name.rpartition(".")[0]
        if name:
            known[name].error = known[name].error or message
        elif message not in rest:
            rest.append(message)
    return rest


def _fields(root: Mapping[str, Any], schema: Mapping[str, Any], path: str, depth: int, room: list[int]) -> list[Field]:
    """`room` holds how many fields there may still be in all groups."""
    required = schema.get("required", ())
    properties = schema.get("properties", {})
    room[0] -= len(properties)
    return [
        _field(root, _resolved(root, part), path, name, name in required, depth, room)
        for name, part in properties.items()
    ]


def _resolved(root: Mapping[str, Any], part: Any) -> Mapping[str, Any]:
    """A property's schema, one "$ref" within the form followed; nothing is known of what is no object."""
    if not isinstance(part, Mapping):
        return {}
    reference = part.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return part
    found: Any = root
    for step in reference[2:].split("/"):
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
    return {**found, **part} if isinstance(found, Mapping) else part


def _field(
    root: Mapping[str, Any], schema: Mapping[str, Any], path: str, key: str, required: bool, depth: int,
    room: list[int],
) -> Field:
    kind = _kind(schema)
    made = Field(
        name=path + key, key=key, kind=kind, label=str(schema.get("title") or humanised(key)), hint=_hint(schema, kind),
        required=required, options=_options(schema, kind), attributes=_attributes(schema, kind),
        unit=str(schema.get("currency", "")) if kind in ("number", "integer") else "")
    if kind == "group" and depth < MAX_DEPTH and len(schema["properties"]) <= room[0]:
        made.fields = _fields(root, schema, f"{path}{key}.", depth + 1, room)
    elif kind == "table":
        made.fields = _fields(root, schema["items"], f"{path}{key}.", depth + 1, room)
        _fill(made, schema.get("default"))
        return made
    elif kind == "group":
        made.kind = "json"
    if "default" in schema:
        made.value = _shown(made, schema["default"])
    return made


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema or _titled(schema):
        return "choice"
    kind = schema.get("type", "string")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), "string")
    if kind == "array":
        items = schema.get("items")
        items = items if isinstance(items, Mapping) else {}
        if "enum" in items or _titled(items):
            return "choices"
        if _is_flat(items):
            return "table"
        return "lines" if items.get("type") == "string" and items.get("format") != FILE else "json"
    if kind == "object":
        return "group" if schema.get("properties") else "json"
    if kind == "string":
        return _text_kind(schema)
    return kind if kind in ("number", "integer", "boolean") else "json"


def _is_flat(items: Mapping[str, Any]) -> bool:
    """Whether a list of these is a table: objects of a few plain values."""
    properties = items.get("properties")
    if items.get("type") != "object" or not isinstance(properties, Mapping) or not 0 < len(properties) <= MAX_COLUMNS:
        return False
    return all(isinstance(part, Mapping) and "$ref" not in part and _kind(part) in CELLS
               for part in properties.values())


def _text_kind(schema: Mapping[str, Any]) -> str:
    if schema.get("format") in FORMATS:
        return FORMATS[str(schema["format"])]
    longest = schema.get("maxLength", 0)
    many = isinstance(longest, int) and longest > LONG_TEXT
    return "multiline" if many or schema.get("format") in ("multiline", "textarea") else "text"


def _titled(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """`oneOf`/`anyOf` of constants, the way to give choices a title; [] for anything else."""
    parts = schema.get("oneOf") or schema.get("anyOf") or []
    constants = isinstance(parts, list) and all(isinstance(part, Mapping) and "const" in part for part in parts)
    return parts if constants else []


def _options(schema: Mapping[str, Any], kind: str) -> list[tuple[str, str, Any]]:
    source = schema.get("items", {}) if kind == "choices" else schema
    if kind not in ("choice", "choices"):
        return []
    pairs = [(part["const"], part.get("title", part["const"])) for part in _titled(source)]
    pairs = pairs or [(value, value) for value in source["enum"]]
    return [(json.dumps(value), "–" if label is None else str(label), value) for value, label in pairs]


def _hint(schema: Mapping[str, Any], kind: str) -> str:
    """The schema's description and, for a number, its limits."""
    least, most = (_limit(schema.get(name)) for name in ("minimum", "maximum"))
    limits = ""
    if kind in ("number", "integer"):
        if least and most:
            limits = _("%(least)s to %(most)s") % {"least": least, "most": most}
        elif least:
            limits = _("%(least)s or more") % {"least": least}
        elif most:
            limits = _("%(most)s or less") % {"most": most}
    return " · ".join(part for part in (str(schema.get("description", "")), limits) if part)


def _limit(value: Any) -> str:
    return number_format(value, force_grouping=True) if isinstance(value, (int, float)) else ""


def _attributes(schema: Mapping[str, Any], kind: str) -> dict[str, str]:
    """What the browser can help with while somebody types; the schema itself is checked by decide()."""
    if kind in ("number", "integer"):
        return {"inputmode": "numeric" if kind == "integer" else "decimal"}
    if kind in ("text", "multiline", "email") and isinstance(schema.get("maxLength"), int):
        return {"maxlength": str(schema["maxLength"])}
    return {}


def _shown(one: Field, value: Any) -> Any:
    """A default as the input shows it."""
    if one.kind == "choices":
        return [json.dumps(item) for item in value] if isinstance(value, list) else []
    if one.kind == "choice":
        return json.dumps(value)
    if one.kind == "boolean":
        return value is True
    if one.kind == "lines":
        return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    if one.kind == "json":
        return json.dumps(value, ensure_ascii=False, indent=2)
    if one.kind == "moment":
        return _local(str(value))
    return "" if value is None else str(value)


def _local(moment: str) -> str:
    """A moment as the browser's field for a local time wants it."""
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        return ""
    return (timezone.localtime(parsed) if timezone.is_aware(parsed) else parsed).strftime("%Y-%m-%dT%H:%M")
