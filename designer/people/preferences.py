"""Language, theme and time zone: kept with the person, or in a cookie for somebody not signed in."""

from __future__ import annotations

import zoneinfo
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from designer.models import User

THEMES = ("light", "dark")
THEME_COOKIE = "theme"  # also written by static/js/pages/frame.js
ZONE_COOKIE = "timezone"  # the browser's zone, written by static/js/pages/frame.js
YEAR = 365 * 24 * 3600


@cache
def time_zones() -> frozenset[str]:
    """All IANA names this installation knows."""
    return frozenset(zoneinfo.available_timezones())


def language_of(user: object) -> str | None:
    """The language a person chose; None: as the cookie or the browser asks (LocaleMiddleware)."""
    chosen = user.language if isinstance(user, User) else ""
    return chosen if chosen and translation.check_for_language(chosen) else None


def zone_of(request: HttpRequest) -> str:
    """The time zone to show times in: the person's, else the browser's, else the installation's."""
    user = getattr(request, "user", None)
    chosen = user.timezone if isinstance(user, User) else ""
    for name in (chosen, request.COOKIES.get(ZONE_COOKIE, "")):
        if name in time_zones():
            return name
    return settings.TIME_ZONE
