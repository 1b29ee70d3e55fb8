"""Data names as words: orderTotal, order_total → "Order total"."""

from __future__ import annotations

import re
from typing import Final

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def humanised(name: str) -> str:
    """A field's name as a label; names in other scripts stay as they are, abbreviations in capitals too."""
    words = _CAMEL.sub(" ", name).replace("_", " ").replace("-", " ").split()
    if not words:
        return name
    lower = [word if word.isupper() and len(word) > 1 else word.lower() for word in words]
    text = " ".join(lower)
    return text[0].upper() + text[1:]
