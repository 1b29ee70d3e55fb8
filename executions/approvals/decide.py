"""The verb: a person approves or rejects.

One immediate transaction holds the vote, what follows from it, the audit entry and, when it ends the approval, the
signal that carries the result to the execution; the engine is woken after it, and takes the signal up even if this
process dies in between.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.approvals import audit, outcome
from executions.approvals.attachments import check_files
from executions.approvals.form import problems
from executions.approvals.late import TOO_LATE, make_void
from executions.approvals.levels import APPROVED, REJECTED
from executions.approvals.models import Vote
from executions.approvals.rights import NoRightError, is_addressed, right_of
from executions.models import Approval, TaskToken
from executions.store.writes import storable

log = logging.getLogger(__name__)

MAX_COMMENT: Final = 10_000
OPEN: Final = ("OPEN", "STARTED")


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody wants; `level` (the first is 0) is the one that was shown, if it is known."""

    decision: str
    comment: str = ""
    form_data: dict[str, Any] | None = None
    via: str = "page"
    level: int | None = None


def decide(actor: Actor, public_id: str, decision: str, comment: str = "",
           form_data: dict[str, Any] | None = None, *, within: Callable[[], None] | None = None,
           **details: Any) -> Approval:
    """Decide; the approval as it is then.  `details` as in Decision; `within` is called in the same transaction.

    Refuses with AccessDeniedException (may not approve, is not addressed, asked for it, has decided already),
    ApprovalDoesNotExist, ApprovalAlreadyDecided (members decidedBy, decidedAt, decision), ApprovalClosed (member
    reason), ApprovalClaimedConflict, InvalidForm (member fields: field → message) and InvalidDecision.
    """
    require(actor, Permission.APPROVE)
    given = _checked(Decision(decision, comment, form_data, **details))
    seen = _open(actor, Approval.objects, public_id)
    _check_form(seen, given)  # may take its time, so that no transaction waits for it; a form never changes
    with transaction.atomic():
        if within is not None:
            within()
        approval, ended = vote(actor, public_id, given)
    if ended:
        wake(approval.token.execution_id)
        _check_in_time(approval)
    return approval


def vote(actor: Actor, public_id: str, given: Decision) -> tuple[Approval, bool]:
    """Write the vote and what follows from it, in the caller's transaction; whether that ended the approval."""
    approval = _open(actor, locked(), public_id)
    if given.level is not None and given.level != approval.level:
        raise ActionError("ApprovalClosed", f"'{approval.title}' has gone on to another level meanwhile.",
                          reason="It has gone on to another level meanwhile.")
    place = right_of(actor, approval).on_behalf_of
    now = datetime.now(UTC)
    cast = Vote.objects.create(
        approval=approval, level=approval.level, person_id=actor.user_id, person_name=actor.name,
        on_behalf_of=place, on_behalf_of_name=place.get_username() if place else "", decision=given.decision,
        comment=given.comment, form_data=given.form_data or {}, via=given.via,
        at=now.replace(microsecond=now.microsecond // 1000 * 1000))
    check_files(approval, cast.form_data)
    audit.append(actor.name, "approval.vote", outcome.subject_of(approval), outcome.facts(approval) | {
        "decision": cast.decision, "onBehalfOf": cast.on_behalf_of_name, "comment": cast.comment,
        "form": cast.form_data, "via": cast.via, "data": approval.data})
    return approval, outcome.count(approval, cast)


def locked() -> Any:
    """The rows to change: locked (PostgreSQL), or the database held for writing (SQLite, IMMEDIATE)."""
    return Approval.objects.select_for_update(of=("self",))


def _checked(given: Decision) -> Decision:
    if given.decision not in (APPROVED, REJECTED):
        raise ActionError(
            "InvalidDecision", f"The decision must be {APPROVED} or {REJECTED}, not '{given.decision}'.")
    if len(given.comment) > MAX_COMMENT:
        message = f"The comment has {len(given.comment)} characters; at most {MAX_COMMENT} are allowed."
        raise ActionError("InvalidForm", message, fields={"comment": message})
    data = {} if given.form_data is None else given.form_data
    if not isinstance(data, dict):
        raise ActionError("InvalidForm", "The form's data must be a JSON object.", fields={})
    outcome.check_size({"form": data, "comment": given.comment, "vote": [data, given.comment]})
    return Decision(given.decision, storable(given.comment) or "", data, given.via, given.level)


def _open(actor: Actor, rows: Any, public_id: str) -> Approval:
    """The approval, which this person can decide now; or the refusal."""
    approval: Approval | None = rows.select_related(
        "token__execution__machine", "token__execution__revision", "decided_by", "requester", "claimed_by",
    ).filter(public_id=public_id).first()
    if approval is None:
        raise ActionError("ApprovalDoesNotExist", f"There is no approval '{public_id}'.")
    if approval.status == "WAITING":
        check_open(approval)
        right_of(actor, approval)
    else:
        check_seen(actor, approval)
        check_open(approval)
    return approval


def check_seen(actor: Actor, approval: Approval) -> None:
    """What has ended is told only to those who were asked last or have decided on it."""
    if is_addressed(actor, approval) or approval.votes.filter(person=actor.user_id).exists():
        return
    raise NoRightError("AccessDeniedException",
                       f"{actor.name} may not decide '{approval.title}'; it is addressed to others.")


def check_open(approval: Approval) -> None:
    """ApprovalAlreadyDecided or ApprovalClosed, unless it can still be decided."""
    if approval.status in (APPROVED, REJECTED):
        by = approval.decided_by.get_username() if approval.decided_by else "a rule or somebody who is no longer here"
        at = outcome.iso(approval.decided_at) if approval.decided_at else ""
        message = f"'{approval.title}' was already decided: {approval.status} by {by} at {at}."
        raise ActionError("ApprovalAlreadyDecided", message, decision=approval.status, decidedBy=by, decidedAt=at)
    if approval.status != "WAITING" or approval.token.status not in OPEN:
        reason = approval.closed_reason or "The workflow no longer waits for it."
        raise ActionError("ApprovalClosed", f"'{approval.title}' can no longer be decided. {reason}", reason=reason)


def _check_form(approval: Approval, given: Decision) -> None:
    rejects = given.decision == REJECTED
    if rejects and not given.form_data:
        return
    found = problems(approval.form, given.form_data, partly=rejects)
    if found:
        listed = "; ".join(f"{field or 'the form'}: {message}" for field, message in found.items())
        raise ActionError("InvalidForm", f"The form is not filled in as it must be. {listed}", fields=found)


def _check_in_time(approval: Approval) -> None:
    """The engine may have been about to give up the task when the decision was written; then it was no decision."""
    token = TaskToken.objects.get(pk=approval.pk)
    if token.status not in TOO_LATE:
        return
    reason = make_void(approval.pk, TOO_LATE[token.status])
    raise ActionError("ApprovalClosed", f"The decision on '{approval.title}' came too late. {reason}", reason=reason)


def wake(execution: int) -> None:
    """Tell the engine of this process, if it has one; another process finds the signal by itself."""
    try:
        engine = gateway.engine()
    except RuntimeError:
        return
    try:
        gateway.from_thread(engine.wake(execution))
    except WaitedTooLong:
        log.warning("The engine did not take up the decision for execution %s in time; it is kept.", execution)
