"""The data of an approval as a person reads it: facts, tables and lists instead of JSON.

`readable(data)` answers nodes that templates/parts/data.html draws; nothing in them is markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from designer.people import moments
from executions.approvals.words import humanised

MOST_ITEMS: Final = 100  # of a list; the rest is counted
MOST_COLUMNS: Final = 8
DEEPEST: Final = 6
LONG_TEXT: Final = 120
AMOUNT: Final = re.compile(
    r"total|amount|price|cost|sum\b|budget|金額|合計|総額|価格|費用|料金|送料|予算", re.IGNORECASE)
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)")
MOST_FIGURES: Final = 2


@dataclass(frozen=True, slots=True)
class Node:
    """`kind`: text, prose, number, link, facts, table, list, nothing.

    facts: `pairs` of (label, node); table: `columns` of (label, holds numbers) and `rows` of nodes; list: `items`.
    `more` items are not shown.
    """

    kind: str
    text: str = ""
    pairs: list[tuple[str, Node]] = field(default_factory=list)
    columns: list[tuple[str, bool]] = field(default_factory=list)
    rows: list[list[Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Readable:
    """`figures`: the amounts to show large; `body`: everything else."""

    figures: list[tuple[str, str]]
    body: Node


def readable(data: Any) -> Readable:
    """The whole data of an approval."""
    if not isinstance(data, dict):
        return Readable([], node(data))
    amounts = [name for name, value in data.items() if _is_number(value) and AMOUNT.search(name)][:MOST_FIGURES]
    figures = [(humanised(name), _number(data[name])) for name in amounts]
    return Readable(figures, node({name: value for name, value in data.items() if name not in amounts}))


def figure(data: Any) -> str:
    """The first amount of the data, for one line of a list; "" when there is none."""
    if not isinstance(data, dict):
        return ""
    return next((_number(value) for name, value in data.items() if _is_number(value) and AMOUNT.search(name)), "")


def answered(data: dict[str, Any], labels: dict[str, str]) -> Readable:
    """What was filled in, under the labels of the form's fields."""
    return Readable([], Node("facts", pairs=[
        (labels.get(name) or humanised(name), node(value, 1)) for name, value in data.items()]))


def node(value: Any, depth: int = 0) -> Node:
    """One value."""
    if value is None or value in ("", [], {}):
        return Node("nothing")
    if isinstance(value, bool):
        return Node("text", _("Yes") if value else _("No"))
    if _is_number(value):
        return Node("number", _number(value))
    if isinstance(value, str):
        return _text(value)
    if depth >= DEEPEST:
        return Node("text", "…")
    if isinstance(value, dict):
        return Node("facts", pairs=[(humanised(str(name)), node(item, depth + 1)) for name, item in value.items()])
    return _list(value, depth)


def _list(value: list[Any], depth: int) -> Node:
    shown, more = value[:MOST_ITEMS], max(0, len(value) - MOST_ITEMS)
    names = list(dict.fromkeys(name for item in shown if isinstance(item, dict) for name in item))
    flat = all(isinstance(item, dict) and not any(isinstance(part, (dict, list)) for part in item.values())
               for item in shown)
    if flat and 0 < len(names) <= MOST_COLUMNS:
        rows = [[node(item.get(name), depth + 1) for name in names] for item in shown]
        numbers = [all(row[at].kind in ("number", "nothing") for row in rows) for at in range(len(names))]
        columns = list(zip(map(humanised, names), numbers, strict=True))
        return Node("table", columns=columns, rows=rows, more=more)
    return Node("list", items=[node(item, depth + 1) for item in shown], more=more)


def _text(value: str) -> Node:
    if MOMENT.fullmatch(value):
        try:
            return Node("text", moments.short(datetime.fromisoformat(value)))
        except (ValueError, OverflowError):
            return Node("text", value)
    if re.fullmatch(r"https?://[^\s<>\"]+", value):
        return Node("link", value)
    return Node("prose" if len(value) > LONG_TEXT or "\n" in value else "text", value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number(value: float) -> str:
    """With separators of thousands, as exact as it came."""
    text = repr(value)
    if isinstance(value, float) and ("e" in text or "n" in text):
        return text
    return number_format(text, use_l10n=True, force_grouping=True)
