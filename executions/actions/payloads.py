"""JSON text that comes in from outside: is it JSON, and not too large?"""

from __future__ import annotations

from typing import Any

from designer.asl.jsontext import loads
from designer.asl.source import read
from executions.actions.limits import limits


def problem_with(text: str) -> str | None:
    """What the JSON parser says against `text`, in AWS's words; None when it is JSON."""
    return parse(text)[1]


def parse(text: str) -> tuple[Any, str | None]:
    """(value, None), or (None, what the JSON parser says against it)."""
    if not text.strip():
        return None, "No content to map due to end-of-input"
    try:
        return loads(text), None
    except ValueError as error:
        problems = read(text).problems
        message = problems[0].message if problems else str(error)
        return None, message.partition("\n at [Source")[0]


def too_large(text: str) -> bool:
    """Whether a payload is over the limit (256 KiB of UTF-8, or more where large ones may lie aside)."""
    largest = limits().largest_payload
    if len(text) > largest:
        return True
    return len(text) * 4 > largest and len(text.encode("utf-8", "surrogatepass")) > largest
