"""Text from outside, as databases and UTF-8 can hold it."""

from __future__ import annotations

from typing import Final

MOST_WORDS: Final = 20  # of a search; databases refuse conditions without end


def without_surrogates(text: str) -> str:
    """Half a surrogate pair, which JSON can say and UTF-8 cannot, becomes "?", as in AWS."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def storable(text: str) -> str:
    """Free text as both databases can hold it: no NUL (PostgreSQL), no lone surrogates (UTF-8)."""
    return without_surrogates(text.replace("\0", "\ufffd"))


def search_words(text: str) -> list[str]:
    """What to search for; what comes after MOST_WORDS words is left out."""
    return storable(text).split()[:MOST_WORDS]
