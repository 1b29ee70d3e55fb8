"""Who has a machine open now.  Kept in the cache, since it is no harm to forget it: a page says so again at once."""

from __future__ import annotations

import time
from typing import Final

from django.core.cache import cache

from designer.models import User
from designer.people.names import display_name

KEPT: Final = 50  # seconds; pages say that they are there every 20


def seen(machine: int, user: int) -> list[str]:
    """Note that a user has the machine open; the names of the others, in the order in which they came."""
    key, now = f"presence:{machine}", time.time()
    known: dict[int, tuple[float, float]] = cache.get(key, {})  # user → (came, was last seen)
    here = {one: times for one, times in known.items() if now - times[1] < KEPT}
    here[user] = (here.get(user, (now, now))[0], now)
    cache.set(key, here, KEPT)
    others = sorted((one for one in here if one != user), key=lambda one: here[one][0])
    names = {row.pk: display_name(row) for row in User.objects.filter(pk__in=others)}
    return [names[one] for one in others if one in names]
