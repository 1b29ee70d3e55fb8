"""A drawing's SVG as PNG, by resvg.  Fonts are those of the machine and any that are named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import resvg_py

MAX_PIXELS = 100_000_000


class PngError(Exception):
    """The picture cannot be made; the message says why."""


def png(svg: str, scale: float = 2.0, fonts: Sequence[str] = ()) -> bytes:
    """`scale` is pixels per SVG pixel, `fonts` are files.  Raises PngError."""
    if not 0 < scale <= 20:
        raise PngError("The scale is a number above 0 and up to 20.")
    missing = [font for font in fonts if not Path(font).is_file()]
    if missing:
        raise PngError(f"There is no font file {missing[0]}.")
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, font_files=list(fonts)))
    except ValueError as broken:
        raise PngError(f"The drawing cannot be made a png: {broken}") from None
