"""Markers of pages: signed positions, good for the question that they were given for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core import signing

from designer.errors import ActionError

PAGE: Final = 50  # the most that Lambda gives at once
GOOD_SECONDS: Final = 24 * 3600
_SALT: Final = "executions.api.functions.markers"


def size(request: Mapping[str, Any]) -> int:
    return min(int(request.get("MaxItems", PAGE)), PAGE)


def position(question: list[Any], request: Mapping[str, Any]) -> Any:
    """Where the page begins: what was the last before it; None for the first page."""
    marker = request.get("Marker")
    if not marker:
        return None
    try:
        asked, after = signing.loads(marker, salt=_SALT, max_age=GOOD_SECONDS)
    except (signing.BadSignature, ValueError):
        asked, after = None, None
    if asked != question:
        raise ActionError("InvalidParameterValueException", "Invalid marker; give the NextMarker of the page before.")
    return after


def page(question: list[Any], name: str, items: list[dict[str, Any]], last: Any) -> dict[str, Any]:
    """`last` is the position of the last item when more follow, else None."""
    answer: dict[str, Any] = {name: items}
    if last is not None:
        answer["NextMarker"] = signing.dumps([question, last], salt=_SALT)
    return answer
