"""How wide a text is: our own rule, so that every layout engine and the browser agree.

Widths are in px for a font size in px.  Latin follows the advance widths of Inter, which the pages
ship; a full-width character counts one em (East Asian width W and F; A too, since the fonts that
draw Japanese draw these full-width), everything else a typical 0.6 em.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

REGULAR: Final = 400
SEMIBOLD: Final = 600

# Advance widths of Inter in hundredths of an em, from U+0020 to U+007E.
_ADVANCES: Final[dict[int, bytes]] = {
    REGULAR: bytes([
        28, 29, 47, 63, 64, 98, 64, 30, 36, 36, 50, 66, 29, 46, 29, 36, 63, 41, 61, 62, 65, 59, 62, 57, 62, 62, 29, 30,
        66, 66, 66, 51, 97, 69, 65, 73, 72, 60, 59, 75, 74, 27, 57, 67, 57, 90, 75, 76, 64, 76, 64, 64, 65, 74, 69, 99,
        68, 68, 63, 36, 36, 36, 47, 46, 32, 56, 61, 57, 61, 58, 37, 61, 59, 24, 24, 55, 24, 88, 59, 60, 61, 61, 38, 53,
        33, 59, 56, 82, 55, 56, 55, 43, 33, 43, 66,
    ]),
    SEMIBOLD: bytes([
        25, 32, 52, 64, 65, 100, 66, 33, 37, 37, 54, 67, 32, 47, 32, 38, 66, 42, 62, 64, 67, 61, 64, 58, 64, 64, 32, 33,
        67, 67, 67, 54, 100, 73, 66, 74, 72, 61, 59, 75, 75, 28, 58, 70, 57, 92, 76, 77, 65, 77, 65, 65, 66, 74, 73,
        102, 72, 71, 65, 37, 38, 37, 48, 47, 35, 57, 62, 58, 62, 59, 39, 63, 61, 26, 26, 57, 26, 90, 61, 61, 62, 62,
        40, 55, 35, 61, 59, 84, 57, 59, 57, 45, 36, 45, 67,
    ]),
}
_TYPICAL: Final = 60
ELLIPSIS: Final = "…"

# Kinsoku: no line begins with one of these, none ends with one of those.
_NOT_FIRST: Final = frozenset(
    "。、，．・：；？！ーゝゞ々〻）］｝」』】〉》〕%,.:;?!)]}…"
    "ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖ")
_NOT_LAST: Final = frozenset("（［｛「『【〈《〔([{$")
_PARTICLES: Final = frozenset("のをにへでがはとやもし")


@lru_cache(maxsize=8192)
def _em(char: str, weight: int) -> int:
    """The width of one character in hundredths of an em."""
    code = ord(char)
    if 0x20 <= code <= 0x7E:
        return _ADVANCES[weight][code - 0x20]
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    if char == ELLIPSIS:
        return 86
    return 100 if unicodedata.east_asian_width(char) in "WFA" else _TYPICAL


def text_width(text: str, size: float, weight: int = REGULAR) -> float:
    """The width of `text` in px, set in `size` px."""
    return sum(_em(char, weight) for char in text) * size / 100


def shorten(text: str, limit: float, size: float, weight: int = REGULAR) -> str:
    """`text`, ended by an ellipsis where it is wider than `limit` px."""
    if text_width(text, size, weight) <= limit:
        return text
    room = limit * 100 / size - _em(ELLIPSIS, weight)
    kept = 0
    for char in text:
        room -= _em(char, weight)
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip() + ELLIPSIS


def wrap(text: str, limit: float, size: float, weight: int = REGULAR) -> list[str]:
    """`text` in one line or two of at most `limit` px; what does not fit ends in an ellipsis.

    The break stands between words, or between the phrases of a Japanese text.
    """
    if text_width(text, size, weight) <= limit:
        return [text]
    at = _best_break(text, limit, size, weight)
    return [text[:at].rstrip(), shorten(text[at:].lstrip(), limit, size, weight)]


def _best_break(text: str, limit: float, size: float, weight: int) -> int:
    """The index where the second line begins: the best-rated place in the last 45 % of the first line."""
    room, fits = limit * 100 / size, 0
    width = 0
    for index, char in enumerate(text):
        width += _em(char, weight)
        if width > room:
            break
        fits = index + 1
    candidates = range(max(1, int(fits * 0.55)), fits + 1)
    return max(candidates, key=lambda index: (_break_quality(text, index), index), default=max(1, fits))


def _break_quality(text: str, index: int) -> int:
    """How well a line may end before text[index]: 0 never, 1 if need be, 2 between phrases, 3 between words."""
    if index >= len(text):
        return 1
    before, after = text[index - 1], text[index]
    if after in _NOT_FIRST or before in _NOT_LAST:
        return 0
    if before in " -_/.:" or after == " " or (before.islower() and after.isupper()):
        return 3
    if _script(before) == _script(after):
        return 1
    return 2 if before in _PARTICLES or _script(after) != "hiragana" else 1


def _script(char: str) -> str:
    code = ord(char)
    if 0x3041 <= code <= 0x309F:
        return "hiragana"
    if 0x30A0 <= code <= 0x30FF:
        return "katakana"
    if 0x3400 <= code <= 0x9FFF:
        return "kanji"
    return "latin" if code < 0x250 else "other"
