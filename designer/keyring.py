"""Who holds an access key, without a query per request.

A key that was found is kept for a short while with its secret and its Actor; actions that change keys
call `forget`.  Other processes, and changes of a person's groups, are seen when the time is over.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from designer.models import AccessKey
from designer.people.actors import actor_of
from designer.permissions import Actor
from designer.settings import CONFIG
from designer.signing import unseal
from designer.texts import storable

log = logging.getLogger(__name__)

KEEP_SECONDS: Final = 10.0
USE_NOTED_EVERY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Key:
    secret: str
    actor: Actor


class KeyRing:
    """Access keys by id.  Safe to use from several threads: entries are replaced, never changed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Key]] = {}
        self._own: dict[str, Key] = {}

    def cached(self, key_id: str) -> Key | None:
        """The key if it was found a short while ago.  Never blocks."""
        if key_id in self._own:
            return self._own[key_id]
        kept = self._kept.get(key_id)
        return kept[1] if kept is not None and kept[0] > self._clock() else None

    def find(self, key_id: str) -> Key | None:
        """The key, from the database if need be; None when it is unknown, inactive or its owner is.  Blocks."""
        key = self.cached(key_id)
        if key is None:
            key = _load(key_id) if storable(key_id) == key_id else None
            if key is None:
                self.forget(key_id)
            else:
                self._kept[key_id] = (self._clock() + KEEP_SECONDS, key)
        return key

    def keep(self, key_id: str, key: Key) -> None:
        """A key of this process' own, which is in no database."""
        self._own[key_id] = key

    def forget(self, key_id: str) -> None:
        self._kept.pop(key_id, None)

    def forget_all(self) -> None:
        self._kept.clear()


def _load(key_id: str) -> Key | None:
    row = AccessKey.objects.select_related("user").filter(
        access_key_id=key_id, active=True, user__is_active=True).first()
    if row is None:
        return None
    try:
        secret = unseal(row.secret, CONFIG.secret_key)
    except ValueError:
        log.error("The access key %s cannot be used: it was made under another SECRET_KEY. Make a new one.", key_id)
        return None
    moment = timezone.now()
    if row.last_used_at is None or moment - row.last_used_at > USE_NOTED_EVERY:
        AccessKey.objects.filter(pk=row.pk).update(last_used_at=moment)
    return Key(secret, actor_of(row.user))


ring: Final = KeyRing()
