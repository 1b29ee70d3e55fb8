"""The colours of static/css/tokens.css, resolved for one theme: one place for every value, the exports included."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

_TOKENS: Final = Path(__file__).resolve().parents[2] / "static/css/tokens.css"
_PAIR: Final = re.compile(r"--([\w-]+):\s*light-dark\((#\w{6})\w*,\s*(#\w{6})\w*\)")
EDGE: Final = {"light": "#9aa0ad", "dark": "#5a606d"}


@lru_cache(maxsize=2)
def palette(theme: str) -> dict[str, str]:
    """Token name -> "#rrggbb" for "light" or "dark"."""
    dark = theme == "dark"
    text = _TOKENS.read_text(encoding="utf-8")
    colours = {name: (second if dark else first) for name, first, second in _PAIR.findall(text)}
    return {**colours, "edge": EDGE["dark" if dark else "light"]}
