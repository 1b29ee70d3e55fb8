"""Filters that people keep under a name, for themselves or for everybody."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.lists.models import SavedFilter

MOST = 50  # of one person


def filters_of(actor: Actor) -> list[SavedFilter]:
    """One's own and those that are shared, by name."""
    mine = Q(owner=actor.user_id)
    return list(SavedFilter.objects.select_related("owner").filter(mine | Q(shared=True)).order_by("name", "pk"))


def save_filter(actor: Actor, name: str, query: str, shared: bool) -> SavedFilter:
    """Keep a filter; one of the same name of one's own is replaced.  ValidationException."""
    require(actor, Permission.VIEW)
    if shared:
        require(actor, Permission.OPERATE)
    with transaction.atomic():
        others = SavedFilter.objects.filter(owner=actor.user_id).exclude(name=name).count()
        if others >= MOST:
            raise ActionError("ValidationException", f"At most {MOST} filters can be kept. Remove one first.")
        try:
            saved, _ = SavedFilter.objects.update_or_create(
                owner_id=actor.user_id, name=name, defaults={"query": query, "shared": shared})
        except IntegrityError:
            raise ActionError("ValidationException", "A filter needs an owner who is signed in.") from None
    return saved


def remove_filter(actor: Actor, number: int) -> None:
    """Remove one of one's own; an administrator may remove a shared one.  FilterDoesNotExist."""
    rows = SavedFilter.objects.filter(pk=number)
    if Permission.ADMINISTER not in actor.permissions:
        rows = rows.filter(owner=actor.user_id)
    else:
        rows = rows.filter(Q(owner=actor.user_id) | Q(shared=True))
    if not rows.delete()[0]:
        raise ActionError("FilterDoesNotExist", f"You have no filter {number}.")
