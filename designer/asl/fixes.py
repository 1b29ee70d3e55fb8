"""Fixes: how they are built by the checker, and how they are made on a definition."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from designer.asl.problems import Fix, Operation
from designer.asl.report import Steps, pointer_of


class FixError(ValueError):
    """The definition is no longer the one that the fix was made for."""


# ---- building ------------------------------------------------------------------------------------


def removing(steps: Steps, title: str = "") -> Fix:
    return Fix(title or f"Remove {steps[-1]}", (Operation("remove", pointer_of(steps)),))


def adding(steps: Steps, value: Any, title: str) -> Fix:
    return Fix(title, (Operation("add", pointer_of(steps), value),))


def replacing(steps: Steps, value: Any, title: str = "") -> Fix:
    return Fix(title or f"Write {value}", (Operation("replace", pointer_of(steps), value),))


def renaming(steps: Steps, name: str, value: Any) -> Fix:
    """The member at `steps`, whose value is `value`, gets another name."""
    return Fix(f"Rename {steps[-1]} to {name}", (Operation("remove", pointer_of(steps)),
                                                 Operation("add", pointer_of((*steps[:-1], name)), value)))


def moving_last(steps: Steps, value: Any, title: str) -> Fix:
    """The element at `steps`, whose value is `value`, goes to the end of its array."""
    return Fix(title, (Operation("remove", pointer_of(steps)), Operation("add", pointer_of((*steps[:-1], "-")), value)))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of `known` that was probably meant: the same but for capitals and blanks, or nearly the same."""
    choices = list(known)
    same = [choice for choice in choices if choice.strip().lower() == name.strip().lower()]
    if same:
        return same[0] if len(same) == 1 else None
    near = get_close_matches(name, choices, n=2, cutoff=0.75)
    return near[0] if near else None


# ---- applying ------------------------------------------------------------------------------------


def apply_fix(definition: Any, fix: Fix) -> Any:
    """A changed copy of the parsed definition.  Raises FixError when a place is not there."""
    changed = copy.deepcopy(definition)
    for operation in fix.operations:
        _apply(changed, operation)
    return changed


def _apply(definition: Any, operation: Operation) -> None:
    *way, last = [step.replace("~1", "/").replace("~0", "~") for step in operation.pointer.split("/")[1:]]
    holder = definition
    try:
        for step in way:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        if isinstance(holder, list):
            _change_array(holder, last, operation)
        else:
            _change_object(holder, last, operation)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise FixError(f"There is nothing at {operation.pointer} any more; check the definition again.") from None


def _change_array(holder: list[Any], last: str, operation: Operation) -> None:
    if operation.op == "add":
        holder.insert(len(holder) if last == "-" else int(last), copy.deepcopy(operation.value))
    elif operation.op == "remove":
        del holder[int(last)]
    else:
        holder[int(last)] = copy.deepcopy(operation.value)


def _change_object(holder: dict[str, Any], last: str, operation: Operation) -> None:
    if operation.op == "remove":
        del holder[last]
    elif operation.op == "replace" and last not in holder:
        raise KeyError(last)
    else:
        holder[last] = copy.deepcopy(operation.value)
