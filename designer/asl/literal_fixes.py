"""Literals with `${$.path}` in them, turned into what is evaluated: a path, States.Format or States.Array."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from designer.asl.intrinsics import compile_intrinsic
from designer.asl.paths import parse_path
from designer.asl.problems import Fix, Operation
from designer.asl.report import Steps, pointer_of

_PLACE: Final = re.compile(r"\$\{\s*(\$\$?[.\[][^{}]*?)\s*\}")


def evaluated(steps: Steps, root: Any, inside: Steps) -> Fix | None:
    """The fix for the text at `steps`, at `inside` in the template `root`; None where there is no plain one."""
    holder = root
    for step in inside[:-1]:
        holder = holder[step]
    if isinstance(holder, dict):
        return _renamed(steps, _expression(holder[inside[-1]]))
    if isinstance(holder, list) and len(inside) > 1 and isinstance(inside[-2], str):
        arguments = [_argument(item) for item in holder]
        return None if None in arguments else _renamed(steps[:-1], f"States.Array({', '.join(map(str, arguments))})")
    return None


def _renamed(steps: Steps, text: str | None) -> Fix | None:
    if text is None or not _is_valid(text):
        return None
    key = f"{steps[-1]}.$"
    return Fix(f"Write {key}: {text}", (Operation("add", pointer_of((*steps[:-1], key)), text),
                                        Operation("remove", pointer_of(steps))))


def _is_valid(text: str) -> bool:
    try:
        if text.startswith("States."):
            compile_intrinsic(text)
        else:
            parse_path(text)
    except ValueError:
        return False
    return True


def _expression(value: str) -> str:
    whole = _PLACE.fullmatch(value)
    if whole:
        return whole.group(1)
    pieces = _PLACE.split(value)
    text = "{}".join(_escaped(piece) for piece in pieces[::2])
    return f"States.Format('{text}', {', '.join(pieces[1::2])})"


def _argument(item: Any) -> str | None:
    if isinstance(item, str):
        return _expression(item) if _PLACE.search(item) else f"'{_escaped(item)}'"
    return json.dumps(item) if item is None or isinstance(item, (bool, int, float)) else None


def _escaped(text: str) -> str:
    return re.sub(r"['{}\\]", lambda mark: f"\\{mark.group()}", text)
