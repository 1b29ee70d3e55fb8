"""What the inbox shows.  All querysets have the token, its execution and machine at hand, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from designer.errors import ActionError
from designer.permissions import Actor, Permission
from executions.approvals.decide import APPROVED, OPEN, REJECTED, is_addressed
from executions.models import Approval


@dataclass(frozen=True, slots=True)
class Counts:
    """How many: waiting for the person (by name, by group, for anybody, and together), decided by the person,
    and waiting for whomever."""

    named: int
    groups: int
    anybody: int
    waiting: int
    decided: int
    all_waiting: int


def everything() -> QuerySet[Approval]:
    return Approval.objects.select_related(
        "token__execution__machine", "decided_by").prefetch_related("users", "groups").order_by("-created_at")


def waiting() -> QuerySet[Approval]:
    """All that can still be decided."""
    return everything().filter(status="WAITING", token__status__in=OPEN)


def named(actor: Actor) -> QuerySet[Approval]:
    """Waiting for this person by name."""
    return waiting().filter(_by_name(actor))


def by_group(actor: Actor) -> QuerySet[Approval]:
    """Waiting for a group that the person is in."""
    return waiting().filter(_by_group(actor))


def for_anybody() -> QuerySet[Approval]:
    """Waiting for anybody who may approve."""
    return waiting().filter(_nobody_named())


def inbox(actor: Actor) -> QuerySet[Approval]:
    """Everything that this person can decide now; empty without the permission to approve."""
    if Permission.APPROVE not in actor.permissions:
        return waiting().none()
    return waiting().filter(_addressed(actor))


def decided(actor: Actor) -> QuerySet[Approval]:
    """What this person has decided, the latest first."""
    return everything().filter(status__in=(APPROVED, REJECTED), decided_by=actor.user_id).order_by("-decided_at")


def ended(actor: Actor) -> QuerySet[Approval]:
    """Decided by whomever or closed, as far as the person may see it."""
    return visible(actor).exclude(status="WAITING", token__status__in=OPEN)


def visible(actor: Actor) -> QuerySet[Approval]:
    """What this person may read: addressed to, decided by – or all, for those who may view executions."""
    if Permission.VIEW in actor.permissions:
        return everything()
    if Permission.APPROVE not in actor.permissions:
        return everything().none()
    return everything().filter(_addressed(actor) | Q(decided_by=actor.user_id))


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
    return is_open(approval) and Permission.APPROVE in actor.permissions and is_addressed(actor, approval)


def counts(actor: Actor) -> Counts:
    may = Permission.APPROVE in actor.permissions
    return Counts(
        named=named(actor).count() if may else 0, groups=by_group(actor).count() if may else 0,
        anybody=for_anybody().count() if may else 0, waiting=inbox(actor).count(),
        decided=decided(actor).count(), all_waiting=waiting().count())


# Subqueries instead of joins: an approval with three approvers is one row, not three.

_Users = Approval.users.through
_Groups = Approval.groups.through


def _by_name(actor: Actor) -> Exists:
    return Exists(_Users.objects.filter(approval=OuterRef("pk"), user_id=actor.user_id))


def _by_group(actor: Actor) -> Exists:
    return Exists(_Groups.objects.filter(approval=OuterRef("pk"), group__name__in=actor.groups))


def _nobody_named() -> Q:
    return ~Q(Exists(_Users.objects.filter(approval=OuterRef("pk")))) & ~Q(
        Exists(_Groups.objects.filter(approval=OuterRef("pk"))))


def _addressed(actor: Actor) -> Q:
    return Q(_by_name(actor)) | Q(_by_group(actor)) | _nobody_named()
