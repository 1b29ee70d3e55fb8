"""What failures have in common: a cause without what differs from one to the next.

Pure: texts in, texts out.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

LONGEST: Final = 300  # characters of a normalised cause
_RULES: Final = tuple((re.compile(pattern), word) for pattern, word in (
    (r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b", "<uuid>"),
    (r"\barn:aws[\w-]*:[^\s\"',;)\]}]+", "<arn>"),
    (r"\bhttps?://[^\s\"')\]}>]+", "<url>"),
    (r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b", "<mail>"),
    (r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?", "<time>"),
    (r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b", "<address>"),
    (r"\b0x[0-9a-fA-F]+\b", "<hex>"),
    (r"\b(?=[0-9a-fA-F]*\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{8,}\b", "<hex>"),
    (r"(?<![A-Za-z_<])\b[A-Za-z]{0,6}[-_#]?\d[\d,._-]*\b", "<n>"),
    (r"\s+", " "),
))


def normalised(cause: str) -> str:
    """The cause as its signature has it: the message of a function's error, numbers, ids and times taken out."""
    text = _message(cause)[:8 * LONGEST]
    for pattern, word in _RULES:
        text = pattern.sub(word, text)
    return text.strip()[:LONGEST]


def signature(machine: int, state: str, error: str, cause: str) -> str:
    """SHA-256 over machine, state, error and normalised cause."""
    return hashlib.sha256(json.dumps([machine, state, error, cause]).encode()).hexdigest()


def _message(cause: str) -> str:
    """What a function that failed says, without its stack; another cause as it is."""
    try:
        value: Any = json.loads(cause)
    except ValueError:
        return cause
    message = value.get("errorMessage", value.get("Cause")) if isinstance(value, dict) else None
    return message if isinstance(message, str) else cause
