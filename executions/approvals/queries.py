"""What the inbox shows.  All querysets have the token, its execution and machine at hand, newest first.

An approval is closed in the commit that ends its task, so its own status is enough for lists: no list looks at
tokens.  What is addressed to somebody begins with that person's few links, not with all that is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.contrib.auth.models import Group
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from designer.errors import ActionError
from designer.models import User
from designer.people.actors import actor_of
from designer.permissions import Actor, Permission
from executions.approvals.decide import OPEN
from executions.approvals.models import Vote
from executions.approvals.rights import has_right, represented_by
from executions.models import Approval

SOON: Final = timedelta(days=1)
MOST_COUNTED: Final = 1_000  # a number beside a tab need not be larger
SEARCHED: Final = 5_000  # so many of the newest are looked at by the names of machine and execution


@dataclass(frozen=True, slots=True)
class Counts:
    """How many (at most MOST_COUNTED): waiting for the person (by name, by group, for anybody, and together), due soon,
    asked by the person and open, and decided by the person."""

    named: int
    groups: int
    anybody: int
    waiting: int
    soon: int
    requested: int
    decided: int


def everything() -> QuerySet[Approval]:
    return Approval.objects.select_related(
        "token__execution__machine", "token__execution__started_by", "decided_by", "requester", "claimed_by",
    ).prefetch_related("users", "groups").order_by("-created_at")


def waiting() -> QuerySet[Approval]:
    """All that can still be decided."""
    return everything().filter(status="WAITING")


def named(actor: Actor) -> QuerySet[Approval]:
    """Waiting for this person by name, or for whom they stand in for."""
    return _decidable(actor, _by_name(actor) | _represented(actor))


def by_group(actor: Actor) -> QuerySet[Approval]:
    """Waiting for a group that the person is in."""
    return _decidable(actor, _by_group(actor))


def for_anybody(actor: Actor) -> QuerySet[Approval]:
    """Waiting for anybody who may approve."""
    return _decidable(actor, Q(anybody=True))


def inbox(actor: Actor) -> QuerySet[Approval]:
    """Everything that this person can decide now; empty without the permission to approve."""
    return _decidable(actor, _by_name(actor) | _by_group(actor) | Q(anybody=True) | _represented(actor))


def due_soon(actor: Actor) -> QuerySet[Approval]:
    return inbox(actor).filter(due_at__lt=datetime.now(UTC) + SOON).order_by("due_at")


def requested(actor: Actor) -> QuerySet[Approval]:
    """What this person has asked for, those with an open question first."""
    return everything().filter(requester=actor.user_id).order_by("-question_open", "-created_at")


def decided(actor: Actor) -> QuerySet[Approval]:
    """What this person has decided or voted on, the latest first."""
    voted = Vote.objects.filter(person=actor.user_id, void=False).values("approval_id")
    ended = Approval.objects.filter(status__in=("APPROVED", "REJECTED"), decided_by=actor.user_id).values("pk")
    return everything().filter(pk__in=voted.union(ended)).order_by(F("decided_at").desc(nulls_last=True))


def ended(actor: Actor) -> QuerySet[Approval]:
    """Decided by whomever or closed, as far as the person may see it."""
    return visible(actor).exclude(status="WAITING")


def visible(actor: Actor) -> QuerySet[Approval]:
    """What this person may read: addressed to, voted on, asked by them – or all, for those who may view executions."""
    if Permission.VIEW in actor.permissions:
        return everything()
    own = Q(requester=actor.user_id) if actor.user_id else Q(pk__in=[])
    if Permission.APPROVE not in actor.permissions:
        return everything().filter(own)
    voted = Vote.objects.filter(person=actor.user_id).values("approval_id")
    return everything().filter(own | _by_name(actor) | _by_group(actor) | Q(anybody=True) | _represented(actor)
                               | Q(pk__in=voted) | Q(decided_by=actor.user_id))


def find(actor: Actor, public_id: str) -> Approval:
    """One approval that the person may read; ApprovalDoesNotExist otherwise."""
    approval = visible(actor).filter(public_id=public_id).first()
    if approval is None:
        raise ActionError("ApprovalDoesNotExist", f"There is no approval '{public_id}'.")
    return approval


def is_open(approval: Approval) -> bool:
    """Whether it can still be decided."""
    return approval.status == "WAITING" and approval.token.status in OPEN


def may_decide(actor: Actor, approval: Approval) -> bool:
    """Whether the page offers the decision to this person."""
    return is_open(approval) and Permission.APPROVE in actor.permissions and has_right(actor, approval)


def counts(actor: Actor) -> Counts:
    by_name, groups, anybody = _waiting_keys(actor)
    soon = Approval.objects.none()
    if Permission.APPROVE in actor.permissions:
        soon = due_soon(actor)
    return Counts(
        named=len(by_name), groups=len(groups), anybody=len(anybody),
        waiting=min(len(by_name | groups | anybody), MOST_COUNTED), soon=count(soon),
        requested=count(requested(actor).filter(status="WAITING")), decided=count(decided(actor)))


def count_waiting(actor: Actor) -> int:
    """How many the person can decide now, at most MOST_COUNTED."""
    return min(len(set().union(*_waiting_keys(actor))), MOST_COUNTED)


def count(approvals: QuerySet[Approval]) -> int:
    """At most MOST_COUNTED, so that counting ends early."""
    return len(_keys(approvals))


def ordered_keys(approvals: QuerySet[Approval], most: int = MOST_COUNTED) -> list[str]:
    """The first of a list, in its order, without anything that is joined: sorted and counted in one go."""
    return list(approvals.select_related(None).prefetch_related(None).values_list("pk", flat=True)[:most])


def of_keys(keys: Sequence[str]) -> list[Approval]:
    """The approvals of these keys, in their order, with what a list shows."""
    found = {approval.pk: approval for approval in everything().filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def search(approvals: QuerySet[Approval], words: Sequence[str]) -> QuerySet[Approval]:
    """Those whose title or text contain all words, and of the newest SEARCHED those whose machine's or execution's
    name has the rest of them; at most MOST_COUNTED of each kind."""
    if not words:
        return approvals
    said, named_so = Q(), Q()
    for word in words:
        in_text = Q(title__icontains=word) | Q(message__icontains=word)
        said &= in_text
        named_so &= in_text | Q(token__execution__name__icontains=word) | Q(
            token__execution__machine__name__icontains=word)
    newest = approvals.order_by("-created_at").select_related(None).prefetch_related(None).values("pk")[:SEARCHED]
    keys = {*ordered_keys(approvals.filter(said)),
            *ordered_keys(Approval.objects.filter(pk__in=newest).filter(named_so).order_by("-created_at"))}
    return approvals.filter(pk__in=keys)


def _keys(approvals: QuerySet[Approval]) -> set[str]:
    return set(ordered_keys(approvals.order_by()))


def _waiting_keys(actor: Actor) -> tuple[set[str], set[str], set[str]]:
    """What is addressed by name, by group and to anybody.  Groups are joined: a list of all that wait for a large
    group would be made before the first is counted."""
    if Permission.APPROVE not in actor.permissions:
        return set(), set(), set()
    groups = _keys(_decidable(actor, Q(groups__in=_group_ids(actor))))
    return _keys(named(actor)), groups, _keys(for_anybody(actor))


def _decidable(actor: Actor, addressed: Q) -> QuerySet[Approval]:
    """Of what is addressed so, that which nobody else has claimed, and which rights.right_of would allow by number of
    votes and requester (it has the last word)."""
    if Permission.APPROVE not in actor.permissions:
        return waiting().none()
    voted = Vote.objects.filter(approval=OuterRef("pk"), void=False).filter(
        Q(person=actor.user_id) | Q(on_behalf_of=actor.user_id)).filter(
        Q(level=OuterRef("level")) | Q(approval__allow_same_person=False))
    return waiting().filter(addressed).exclude(requester=actor.user_id, allow_requester=False).filter(
        Q(claimed_by=None) | Q(claimed_by=actor.user_id), ~Exists(voted))


_Users = Approval.users.through
_Groups = Approval.groups.through


def _by_name(actor: Actor) -> Q:
    return Q(pk__in=_Users.objects.filter(user_id=actor.user_id).values("approval_id"))


def _by_group(actor: Actor) -> Q:
    """Asked of each approval in turn: what waits for a group is much, and a page of it is soon full."""
    return Q(Exists(_Groups.objects.filter(approval=OuterRef("pk"), group__in=_group_ids(actor))))


def _group_ids(actor: Actor) -> list[int]:
    return list(Group.objects.filter(name__in=actor.groups).values_list("pk", flat=True))


def _represented(actor: Actor) -> Q:
    """Waiting for those this person stands in for, unless they are the requester themselves."""
    found = Q(pk__in=[])
    for person in represented_by(actor.user_id) if actor.user_id else User.objects.none():
        whom = actor_of(person)
        if Permission.APPROVE in whom.permissions:
            found |= (_by_name(whom) | _by_group(whom)) & ~Q(requester=person.pk, allow_requester=False)
    return found
