"""Who may open a socket: somebody signed in with the view permission, from a page of this installation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from designer.models import User
from designer.people.actors import actor_of
from designer.permissions import Permission
from executions.models import Execution
from executions.rest.lookup import LARGEST_ID
from executions.store import in_thread


def same_origin(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a handshake comes from one of our own pages; other programs than browsers name no origin."""
    named = {name.lower(): value.decode("latin-1") for name, value in headers}
    origin = named.get(b"origin")
    if origin is None:
        return True
    host = urlsplit(origin).netloc.lower()
    return bool(host) and (host == named.get(b"host", "").lower() or origin in settings.CSRF_TRUSTED_ORIGINS)


async def may_watch(scope: dict[str, Any], execution: int | None = None) -> bool:
    """Whether the user of this scope may watch, and the execution (when one is named) exists."""
    user_id = getattr(scope.get("user"), "pk", None)
    return user_id is not None and await in_thread(_allowed, user_id, execution)


def _allowed(user_id: int, execution: int | None) -> bool:
    # Read anew: a permission that was taken away, or a person who was, ends the watching.
    user = User.objects.filter(pk=user_id).first()
    if user is None or Permission.VIEW not in actor_of(user).permissions:
        return False
    return execution is None or (execution <= LARGEST_ID and Execution.objects.filter(pk=execution).exists())
