"""Page tokens: opaque, signed, good for 24 hours and for one question only (api.md section 5).

A token holds the operation, a digest of the other arguments (all but the page size) and the position after
the page's last item.  It is signed with SECRET_KEY, so that it survives a restart and nobody makes one up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from django.core import signing

from designer.asl.jsontext import dump_bytes
from designer.errors import ActionError

DEFAULT_SIZE: Final = 100
GOOD_SECONDS: Final = 24 * 3600
_SALT: Final = "executions.api.pages"
_NOT_COMPARED: Final = frozenset({"nextToken", "maxResults"})

Request = Mapping[str, Any]


def page_size(request: Request) -> int:
    """How many items are asked for: absent and 0 mean the default."""
    return request.get("maxResults") or DEFAULT_SIZE


def position(operation: str, request: Request) -> Any:
    """The position that the request's token names, None without a token; InvalidToken."""
    token = request.get("nextToken")
    if token is None:
        return None
    try:
        said = signing.loads(token, salt=_SALT, max_age=GOOD_SECONDS)
    except signing.BadSignature:
        raise invalid_token() from None
    if said[:2] != [operation, _digest(request)]:
        raise invalid_token()
    return said[2]


def next_token(operation: str, request: Request, after: Any) -> str:
    """A token for the page that follows the position `after` (JSON-able)."""
    return signing.dumps([operation, _digest(request), after], salt=_SALT)


def page(operation: str, request: Request, name: str, items: list[dict[str, Any]], after: Any) -> dict[str, Any]:
    """An answer with the items under `name`, and a token when `after` (the position) is not None."""
    answer: dict[str, Any] = {name: items}
    if after is not None:
        answer["nextToken"] = next_token(operation, request, after)
    return answer


def invalid_token() -> ActionError:
    return ActionError("InvalidToken", "Invalid Token: 'Invalid token'")


def _digest(request: Request) -> str:
    compared = sorted((name, value) for name, value in request.items() if name not in _NOT_COMPARED)
    return hashlib.sha256(dump_bytes(compared)).hexdigest()[:16]
