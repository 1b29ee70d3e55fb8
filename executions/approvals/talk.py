"""The verbs around a decision: claim, release, delegate, ask, answer, comment, withdraw.

Each changes the request under its lock and writes a note, an audit entry and the mails in the same transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from designer.errors import ActionError
from designer.models import User
from designer.people.actors import actor_of
from designer.permissions import Actor, Permission
from executions.approvals import audit, notices, outcome
from executions.approvals.decide import check_open, locked, wake
from executions.approvals.levels import dump, load
from executions.approvals.models import Note
from executions.approvals.rights import right_of
from executions.models import Approval
from executions.store.writes import storable

MAX_TEXT: Final = 10_000


def claim(actor: Actor, public_id: str) -> Approval:
    """Take it on: until it is released nobody else decides."""
    with transaction.atomic():
        approval = _open(public_id)
        right_of(actor, approval)  # ApprovalClaimedConflict when somebody else has it
        if load(approval.plan)[approval.level].count > 1:
            raise ActionError("NotClaimable", _("Several people decide this together; nobody can take it on alone."))
        if approval.claimed_by_id != actor.user_id:
            approval.claimed_by_id = actor.user_id
            approval.save(update_fields=["claimed_by"])
            _note(approval, actor, "claim")
    return approval


def release(actor: Actor, public_id: str) -> Approval:
    """Give it back; administrators can take it from whoever has it."""
    with transaction.atomic():
        approval = _open(public_id)
        if approval.claimed_by_id is None:
            return approval
        if approval.claimed_by_id != actor.user_id and Permission.ADMINISTER not in actor.permissions:
            raise _denied(_("Only who has taken it on, or an administrator, can release it."))
        approval.claimed_by = None
        approval.save(update_fields=["claimed_by"])
        _note(approval, actor, "release")
    return approval


def delegate(actor: Actor, public_id: str, to: str, text: str = "") -> Approval:
    """Let another person decide instead; an administrator can add one without being asked themselves.

    The other must be able to: with the permission, not the requester, not one who has decided already.
    """
    with transaction.atomic():
        approval = _open(public_id)
        place: User | None = None
        asked = True
        try:
            place = right_of(actor, approval).on_behalf_of
        except ActionError:
            asked = False
            own = approval.requester_id == actor.user_id and not approval.allow_requester
            if own or Permission.ADMINISTER not in actor.permissions:
                raise
        person = _person(to)
        _check_delegate(approval, person)
        leaving = (place.pk if place else actor.user_id) if asked else None
        _exchange(approval, leaving, person)
        _note(approval, actor, "delegate", text, {"to": person.get_username()})
        notices.to_one(approval, "asked", person, text)
    return approval


def ask(actor: Actor, public_id: str, text: str) -> Approval:
    """Ask the requester something; the request stays open and can be decided meanwhile."""
    text = _text(text)
    with transaction.atomic():
        approval = _open(public_id)
        right_of(actor, approval)
        if approval.requester is None:
            raise ActionError("NoRequester", _("A workflow asks here, not a person; there is nobody to answer."))
        approval.question_open = True
        approval.save(update_fields=["question_open"])
        _note(approval, actor, "question", text)
        notices.to_one(approval, "question", approval.requester, text)
    return approval


def answer(actor: Actor, public_id: str, text: str) -> Approval:
    """The requester's answer; those who asked are told."""
    text = _text(text)
    with transaction.atomic():
        approval = _open(public_id)
        if approval.requester_id != actor.user_id:
            raise _denied(_("The requester answers."))
        askers = User.objects.filter(pk__in=Note.objects.filter(
            approval=approval, kind="question").values("person_id"), is_active=True)
        approval.question_open = False
        approval.save(update_fields=["question_open"])
        _note(approval, actor, "answer", text)
        for person in askers:
            notices.to_one(approval, "answer", person, text)
    return approval


def comment(actor: Actor, public_id: str, text: str) -> Approval:
    """Say something to everybody who reads the request."""
    text = _text(text)
    with transaction.atomic():
        approval = _open(public_id)
        if approval.requester_id != actor.user_id:
            right_of(actor, approval)
        _note(approval, actor, "comment", text)
    return approval


def withdraw(actor: Actor, public_id: str, reason: str = "") -> Approval:
    """The requester or an administrator takes it back: the task fails with Approval.Cancelled."""
    with transaction.atomic():
        approval = _open(public_id)
        if approval.requester_id != actor.user_id and Permission.ADMINISTER not in actor.permissions:
            raise _denied(_("Only the requester or an administrator can withdraw this."))
        reason = storable(reason.strip()[:150]) or ""
        said = f"Withdrawn by {actor.name}" + (f": {reason}" if reason else ".")
        outcome.finish(approval, outcome.CANCELLED, datetime.now(UTC), by=actor.name, reason=said)
    wake(approval.token.execution_id)
    return approval


def _open(public_id: str) -> Approval:
    approval: Approval | None = locked().select_related(
        "token__execution__machine", "token__execution__revision", "requester", "claimed_by", "decided_by",
    ).filter(public_id=public_id).first()
    if approval is None:
        raise ActionError("ApprovalDoesNotExist", f"There is no approval '{public_id}'.")
    check_open(approval)
    return approval


def _check_delegate(approval: Approval, person: User) -> None:
    """Whether this person could decide if they were asked (not saved)."""
    if Permission.APPROVE not in actor_of(person).permissions:
        raise ActionError("NotAnApprover", _("%(name)s may not decide approvals.") % {"name": person.get_username()})
    everybody, approval.anybody = approval.anybody, True
    try:
        right_of(actor_of(person), approval)
    except ActionError as error:
        if error.code == "AccessDeniedException":
            message = _("%(name)s asked for this or has decided on it already.")
            raise ActionError("NotAnApprover", message % {"name": person.get_username()}) from None
    finally:
        approval.anybody = everybody


def _exchange(approval: Approval, leaving: int | None, person: User) -> None:
    """The other is asked by name, in the place of who leaves.

    Who was asked as one of a group stays in it; the other then has the request claimed, so that only they decide.
    """
    levels = load(approval.plan)
    level = levels[approval.level]
    gone = User.objects.filter(pk=leaving).values_list("username", flat=True).first() if leaving else None
    users = tuple(dict.fromkeys([*(name for name in level.users if name != gone), person.get_username()]))
    if not level.anybody:
        levels[approval.level] = replace(level, users=users)
        if leaving:
            approval.users.remove(leaving)
        approval.users.add(person)
    approval.plan = dump(levels)
    approval.claimed_by = person if level.count == 1 and leaving else None
    approval.save(update_fields=["plan", "claimed_by"])


def _person(name: str) -> User:
    person = User.objects.filter(username=name.strip(), is_active=True).first()
    if person is None:
        raise ActionError("NotAnApprover", _("There is no active person '%(name)s'.") % {"name": name})
    return person


def _note(approval: Approval, actor: Actor, kind: str, text: str = "", more: dict[str, str] | None = None) -> None:
    shown = " ".join(part for part in ((more or {}).get("to", ""), text) if part)
    Note.objects.create(approval=approval, kind=kind, person_id=actor.user_id or None, text=storable(shown) or "")
    audit.append(actor.name, f"approval.{kind}", outcome.subject_of(approval), outcome.facts(approval) | {
        "text": text, **(more or {})})


def _text(text: str) -> str:
    text = (storable(text) or "").strip()
    if not text or len(text) > MAX_TEXT:
        message = _("Write something, of at most %(most)s characters.") % {"most": MAX_TEXT}
        raise ActionError("InvalidText", message)
    return text


def _denied(message: str) -> ActionError:
    return ActionError("AccessDeniedException", message)
