"""How a person is written: name, initials, colour."""

from __future__ import annotations

import unicodedata

from designer.models import User

COLOURS = 5  # .avatar--1 … .avatar--5 in status.css


def display_name(user: User) -> str:
    """The name to show: the full name, else the user name."""
    return user.get_full_name() or user.get_username()


def initials(name: str) -> str:
    """One character of a name written wide (佐藤 → 佐), else the first letters of two words (Ana Ruiz → AR)."""
    name = name.strip()
    if not name:
        return "?"
    if unicodedata.east_asian_width(name[0]) in "WF":
        return name[0]
    words = name.replace(".", " ").replace("_", " ").replace("-", " ").split() or [name]
    letters = words[0][0] + (words[1][0] if len(words) > 1 else words[0][1:2])
    return letters.upper()


def colour(user_id: int) -> int:
    """The number of the person's colour, 1 to 5."""
    return user_id % COLOURS + 1
