"""Failed sign-ins slow the next ones down: per name and address, and per address."""

from __future__ import annotations

import hashlib
from typing import Final

from django.core.cache import cache

WINDOW: Final = 15 * 60  # seconds
MOST_PER_NAME: Final = 5
MOST_PER_ADDRESS: Final = 50


def refused(username: str, address: str) -> bool:
    """Whether this name from this address must wait."""
    limits = zip(_keys(username, address), (MOST_PER_NAME, MOST_PER_ADDRESS), strict=True)
    return any(cache.get(key, 0) >= most for key, most in limits)


def note_failure(username: str, address: str) -> None:
    """Count one more; the count is forgotten `WINDOW` seconds after the first."""
    for key in _keys(username, address):
        cache.add(key, 0, WINDOW)
        try:
            cache.incr(key)
        except ValueError:  # ended between the two lines
            cache.set(key, 1, WINDOW)


def forget(username: str, address: str) -> None:
    """A sign-in succeeded."""
    cache.delete(_keys(username, address)[0])


def _keys(username: str, address: str) -> tuple[str, str]:
    digest = hashlib.sha256(f"{username.casefold()}\0{address}".encode()).hexdigest()
    return f"sign-in:{digest}", f"sign-in-from:{hashlib.sha256(address.encode()).hexdigest()}"
