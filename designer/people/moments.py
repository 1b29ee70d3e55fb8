"""How a moment is written in the reader's language and time zone."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

# Per language: this year, another year, exact (for the tooltip).
FORMATS: dict[str, tuple[str, str, str]] = {
    "en": ("j M, H:i", "j M Y, H:i", "j M Y, H:i:s T"),
    "ja": ("n月j日 H:i", "Y年n月j日 H:i", "Y年n月j日 H:i:s T"),
}


def from_ms(milliseconds: int) -> datetime:
    """The moment of `milliseconds` since the epoch."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def short(moment: datetime) -> str:
    """Day and time, with the year when it is another one than now."""
    local = timezone.localtime(moment)
    this_year, other_year, _ = _formats()
    return date_format(local, this_year if local.year == timezone.localtime().year else other_year)


def exact(moment: datetime) -> str:
    """To the second, with the zone."""
    return date_format(timezone.localtime(moment), _formats()[2])


def _formats() -> tuple[str, str, str]:
    return FORMATS.get((get_language() or "en")[:2], FORMATS["en"])
