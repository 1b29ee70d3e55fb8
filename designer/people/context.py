"""What base.html needs on every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from designer.people.actors import actor_of
from designer.people.preferences import THEME_COOKIE, THEMES
from designer.settings import CONFIG


def frame(request: HttpRequest) -> dict[str, Any]:
    """`theme` ("light", "dark" or "" for the system's), `may.view`, `may.design` …, `time_zone`,
    `aws_emulator`: AWS tasks go to the built-in emulator."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    actor = actor_of(request.user) if hasattr(request, "user") else None
    return {
        "theme": theme if theme in THEMES else "",
        "may": {str(permission): True for permission in actor.permissions} if actor else {},
        "time_zone": timezone.get_current_timezone_name(),
        "aws_emulator": CONFIG.aws_emulator,
    }
