"""Who asks: the Actor behind a request."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

from django.db.models import Q

from designer.errors import ActionError
from designer.keyring import ring
from designer.models import User
from designer.people.actors import actor_of
from designer.permissions import Actor
from designer.settings import CONFIG
from designer.signing import Scope, SignedRequest, read_claim, verify
from executions.store import in_thread

_STATES: Final = Scope(CONFIG.region, "states")
LARGE: Final = 1024 * 1024  # bytes of a body that is hashed and read beside the loop
_GLOBAL: Final = "us-east-1"
_administrator: Actor | None = None


async def caller_of(request: SignedRequest, service: str) -> Actor:
    """The Actor who signed `request` for `service`; the administrator when signatures are switched off."""
    if not CONFIG.verify_signatures:
        return await administrator()
    claim = read_claim(request)
    scope = _STATES if service == "states" else _scope(service, claim.region)
    key = ring.cached(claim.key_id) or await in_thread(ring.find, claim.key_id)
    arguments = request, claim, key.secret if key else None, scope, datetime.now(UTC)
    if len(request.body) > LARGE:
        await asyncio.to_thread(verify, *arguments)
    else:
        verify(*arguments)
    assert key is not None  # noqa: S101 — verify refuses an unknown key
    return key.actor


async def is_known(request: SignedRequest) -> bool:
    """Whether the request says that it is signed by a key that there is; for what must be known before the body is."""
    if not CONFIG.verify_signatures:
        return True
    try:
        claim = read_claim(request)
    except ActionError:
        return False
    return (ring.cached(claim.key_id) or await in_thread(ring.find, claim.key_id)) is not None


def _scope(service: str, claimed: str) -> Scope:
    """STS has an endpoint for the whole world besides, whose requests are scoped to us-east-1."""
    return Scope(_GLOBAL if service == "sts" and claimed == _GLOBAL else CONFIG.region, service)


async def administrator() -> Actor:
    """The first administrator: whom requests without signature count as."""
    global _administrator
    if _administrator is None:
        _administrator = await in_thread(_first_administrator)
    return _administrator


def _first_administrator() -> Actor:
    rows = User.objects.filter(Q(is_superuser=True) | Q(groups__name="administrator"), is_active=True)
    user = rows.order_by("pk").first()
    if user is None:
        message = "There is no administrator yet; start the server with `manage.py serve`, which makes one."
        raise ActionError("AccessDeniedException", message)
    return actor_of(user)
