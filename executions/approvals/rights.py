"""Who may decide an approval now, and in whose place.

One answer for every door (page, REST, mail, bulk): `right_of`.  Nobody decides what they asked for themselves, nor
twice, nor on two levels, unless the request allows it; not through a substitute and not as one either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from designer.errors import ActionError
from designer.models import User
from designer.people.actors import actor_of
from designer.permissions import ROLES, Actor, Permission, require
from executions.approvals.models import Substitute, Vote
from executions.models import Approval


@dataclass(frozen=True, slots=True)
class Right:
    """To decide for oneself, or in the place of somebody who is away."""

    on_behalf_of: User | None = None


class NoRightError(ActionError):
    """AccessDeniedException, or ApprovalClaimedConflict when somebody else has taken it on."""


def right_of(actor: Actor, approval: Approval) -> Right:
    """How this person may decide the present level; NoRightError says why not.  Whether it is open is not asked."""
    require(actor, Permission.APPROVE)
    own = [None] if is_addressed(actor, approval) else []
    places: list[User | None] = [*own, *_represented(actor, approval)]
    if not places:
        message = _("%(name)s may not decide '%(title)s'; it is addressed to others.")
        raise NoRightError("AccessDeniedException", message % {"name": actor.name, "title": approval.title})
    reasons = [_objection(actor, place, approval) for place in places]
    for place, reason in zip(places, reasons, strict=True):
        if not reason:
            _check_claim(actor, place, approval)
            return Right(place)
    raise NoRightError("AccessDeniedException", reasons[0])


def has_right(actor: Actor, approval: Approval) -> bool:
    try:
        right_of(actor, approval)
    except ActionError:
        return False
    return True


def is_addressed(actor: Actor, approval: Approval) -> bool:
    """Whether the present level asks this person: by name, by a group, or everybody."""
    if approval.anybody:
        return True
    users = {user.pk for user in approval.users.all()}
    return actor.user_id in users or any(group.name in actor.groups for group in approval.groups.all())


def represented_by(user_id: int, now: datetime | None = None) -> QuerySet[User]:
    """Those who are away now and have named this person as their substitute."""
    now = now or datetime.now(UTC)
    away = Substitute.objects.filter(substitute_id=user_id, begins__lte=now, ends__gt=now)
    return User.objects.filter(pk__in=away.values("person_id"), is_active=True)


def _represented(actor: Actor, approval: Approval) -> list[User]:
    """Whose place the person could take here; a substitute of a substitute takes nobody's."""
    return [
        person for person in represented_by(actor.user_id)
        if Permission.APPROVE in (whom := actor_of(person)).permissions and not approval.anybody
        and is_addressed(whom, approval)]


def _objection(actor: Actor, place: User | None, approval: Approval) -> str:
    """Why this person may not decide in this place; "" when they may."""
    people = {actor.user_id, place.pk if place else actor.user_id}
    if not approval.allow_requester and approval.requester_id in people:
        return _("Nobody decides their own request: '%(title)s' was asked for by you or by whom you stand in for.") % {
            "title": approval.title}
    votes = Vote.objects.filter(approval=approval, void=False).filter(
        Q(person__in=people) | Q(on_behalf_of__in=people))
    levels = set(votes.values_list("level", flat=True))
    if approval.level in levels:
        return _("You, or whom you stand in for, have decided this level of '%(title)s' already.") % {
            "title": approval.title}
    if levels and not approval.allow_same_person:
        return _("You, or whom you stand in for, have decided an earlier level of '%(title)s'; another person must "
                 "decide this one.") % {"title": approval.title}
    return ""


def _check_claim(actor: Actor, place: User | None, approval: Approval) -> None:
    holder = approval.claimed_by_id
    if holder is not None and holder not in (actor.user_id, place.pk if place else 0):
        by = approval.claimed_by.get_username() if approval.claimed_by else ""
        message = _("'%(title)s' is being looked after by %(name)s.") % {"title": approval.title, "name": by}
        raise NoRightError("ApprovalClaimedConflict", message, claimedBy=by)


def able(users: tuple[str, ...], groups: tuple[str, ...], *, without: int | None = None) -> QuerySet[User]:
    """The active people with the permission to approve among these users and groups (none: everybody),
    `without` the requester."""
    roles = [role for role, allowed in ROLES.items() if Permission.APPROVE in allowed]
    may = Q(is_superuser=True) | Q(groups__in=Group.objects.filter(name__in=roles))
    people = User.objects.filter(may, is_active=True)
    if users or groups:
        people = people.filter(
            Q(username__in=users) | Q(pk__in=User.groups.through.objects.filter(
                group__name__in=groups).values("user_id")))
    return people.exclude(pk=without).distinct() if without else people.distinct()
