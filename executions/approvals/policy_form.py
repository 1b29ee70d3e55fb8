"""A policy as a form of rows without JSON: names of inputs are r0.c1.field, r0.l0.users and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

NAME = re.compile(r"r(\d{1,3})\.(?:(c|l)(\d{1,2})\.)?(\w+)")


def body_of(posted: QueryDict) -> dict[str, Any]:
    """The body of what was posted; a condition without a field and a level without anything are left out."""
    rows: dict[int, dict[str, Any]] = {}
    for key in posted:
        match = NAME.fullmatch(key)
        if match is None:
            continue
        row = rows.setdefault(int(match[1]), {"c": {}, "l": {}, "step_up": False})
        if match[2] is None:
            row[match[4]] = posted[key]
        else:
            row[match[2]].setdefault(int(match[3]), {})[match[4]] = posted.getlist(key)
    return {"rows": [_row(rows[number]) for number in sorted(rows)]}


def changed(body: dict[str, Any], do: str) -> dict[str, Any]:
    """The body after a button: add-row, remove-row:N, up:N, add-condition:N, add-level:N (N from 0)."""
    rows = body["rows"]
    verb, _colon, text = do.partition(":")
    number = int(text) if text.isdecimal() and int(text) < len(rows) else -1
    if verb == "add-row":
        rows.append({"when": [], "levels": [{}]})
    elif number < 0:
        return body
    elif verb == "remove-row":
        del rows[number]
    elif verb == "up" and number:
        rows[number - 1], rows[number] = rows[number], rows[number - 1]
    elif verb == "add-condition":
        rows[number]["when"].append({"field": "", "is": "between"})
    elif verb == "add-level":
        rows[number]["levels"].append({})
    return body


def shown(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows as the template draws them; values of a list as one text."""
    return [{
        "step_up": row.get("step_up", False), "auto": not row.get("levels"),
        "when": [{**one, "kind": one.get("is", "between"), "least": one.get("from"), "most": one.get("to"),
                  "text": ", ".join(map(str, one.get("values", ())))} for one in row.get("when", ())],
        "levels": [{"name": one.get("name", ""), "users": one.get("users", ()), "groups": one.get("groups", ()),
                    "needed": one.get("needed", 1)} for one in row.get("levels", ())],
    } for row in body.get("rows", ()) if isinstance(row, Mapping)]


def fields_used(body: Mapping[str, Any]) -> list[str]:
    """The fields of the data that the conditions look at."""
    names = [str(one.get("field", "")) for row in body.get("rows", ()) if isinstance(row, Mapping)
             for one in row.get("when", ())]
    return [name for name in dict.fromkeys(names) if name]


def read_sample(given: MultiValueDict[str, str], fields: list[str]) -> dict[str, Any]:
    """Data with these fields; "a.b" becomes an object in an object."""
    data: dict[str, Any] = {}
    for field in fields:
        place = data
        *outer, last = field.split(".")
        for step in outer:
            inner = place.setdefault(step, {})
            place = inner if isinstance(inner, dict) else {}
        place[last] = given.get(f"sample.{field}", "").strip().replace(",", "")
    return data


def _row(parts: dict[str, Any]) -> dict[str, Any]:
    conditions = [_condition(parts["c"][number]) for number in sorted(parts["c"])]
    levels = [_level(parts["l"][number]) for number in sorted(parts["l"])]
    # Only who says so gets a row that approves by itself; nobody chosen is a mistake, and told as one.
    asked = [] if parts.get("auto") == "on" else [one for one in levels if one] or [{}]
    return {"when": [one for one in conditions if one], "levels": asked, "step_up": parts.get("step_up") == "on"}


def _condition(given: dict[str, list[str]]) -> dict[str, Any] | None:
    field = _one(given, "field").strip()
    if not field:
        return None
    kind = _one(given, "is") or "between"
    if kind == "between":
        return {"field": field, "is": kind, "from": _number(_one(given, "from")), "to": _number(_one(given, "to"))}
    values = [text.strip() for text in re.split(r"[,、]", _one(given, "values")) if text.strip()]
    return {"field": field, "is": kind, "values": values}


def _level(given: dict[str, list[str]]) -> dict[str, Any] | None:
    users = [name for name in given.get("users", ()) if name]
    groups = [name for name in given.get("groups", ()) if name]
    if not users and not groups and not _one(given, "name").strip():
        return None
    needed = _one(given, "needed").strip() or "1"
    return {"name": _one(given, "name").strip(), "users": users, "groups": groups,
            "needed": int(needed) if needed.isdecimal() and len(needed) < 5 else needed}


def _number(text: str) -> float | int | str | None:
    """A number as typed; what is none stays a text, which is then refused."""
    text = text.strip().replace(",", "")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _one(given: dict[str, list[str]], name: str) -> str:
    return (given.get(name) or [""])[-1]
