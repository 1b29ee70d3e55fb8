"""The verb: a person approves or rejects.

One immediate transaction holds the decision and the signal that carries it to the execution; the
engine is woken after it, and takes the signal up even if this process dies in between.
"""

from __future__ import annotations

import logging
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from designer.asl.errors import MAX_PAYLOAD_BYTES
from designer.asl.jsontext import dump_bytes
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.approvals.form import problems
from executions.engine.signals import Replied, dump_signal
from executions.models import Approval, Signal, TaskToken
from executions.store.writes import storable

log = logging.getLogger(__name__)

APPROVED: Final = "APPROVED"
REJECTED: Final = "REJECTED"
MAX_COMMENT: Final = 10_000
OPEN: Final = ("OPEN", "STARTED")
TOO_LATE: Final = {"TIMED_OUT": "The task timed out.", "CANCELLED": "The workflow no longer waits for it."}


@dataclass(frozen=True, slots=True)
class _Decision:
    actor: Actor
    decision: str
    comment: str
    form_data: dict[str, Any]
    moment: datetime


def decide(actor: Actor, public_id: str, decision: str, comment: str = "",
           form_data: dict[str, Any] | None = None) -> Approval:
    """Decide; the approval as it is then.

    Refuses with AccessDeniedException (may not approve, or is not addressed), ApprovalDoesNotExist,
    ApprovalAlreadyDecided (members decidedBy, decidedAt, decision), ApprovalClosed (member reason),
    InvalidForm (member fields: field → message) and InvalidDecision.
    """
    require(actor, Permission.APPROVE)
    given = _checked(actor, decision, comment, form_data)
    result = _result(given)
    seen = _open(actor, Approval.objects, public_id)
    _check_form(seen, given)  # may take its time, so that no transaction waits for it; a form never changes
    with transaction.atomic():
        # The row locked (PostgreSQL) or the database held for writing (SQLite, IMMEDIATE).
        approval = _open(actor, Approval.objects.select_for_update(of=("self",)), public_id)
        _write(approval, given, result)
    _wake(approval.token.execution_id)
    _check_in_time(approval)
    return approval


def _checked(actor: Actor, decision: str, comment: str, form_data: Any) -> _Decision:
    if decision not in (APPROVED, REJECTED):
        raise ActionError("InvalidDecision", f"The decision must be {APPROVED} or {REJECTED}, not '{decision}'.")
    if len(comment) > MAX_COMMENT:
        message = f"The comment has {len(comment)} characters; at most {MAX_COMMENT} are allowed."
        raise ActionError("InvalidForm", message, fields={"comment": message})
    data = {} if form_data is None else form_data
    if not isinstance(data, dict):
        raise ActionError("InvalidForm", "The form's data must be a JSON object.", fields={})
    now = datetime.now(UTC)
    moment = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return _Decision(actor, decision, storable(comment) or "", data, moment)


def _open(actor: Actor, rows: Any, public_id: str) -> Approval:
    """The approval, which this person can decide now; or the refusal."""
    approval: Approval | None = rows.select_related("token", "decided_by").filter(public_id=public_id).first()
    if approval is None:
        raise ActionError("ApprovalDoesNotExist", f"There is no approval '{public_id}'.")
    _check_addressed(actor, approval)
    _check_open(approval)
    return approval


def is_addressed(actor: Actor, approval: Approval) -> bool:
    """Whether the approval waits for this person: named, in a named group, or nobody is named."""
    users = set(approval.users.values_list("pk", flat=True))
    groups = set(approval.groups.values_list("name", flat=True))
    return actor.user_id in users or bool(groups & actor.groups) or not (users or groups)


def _check_addressed(actor: Actor, approval: Approval) -> None:
    if not is_addressed(actor, approval):
        raise ActionError("AccessDeniedException",
                          f"{actor.name} may not decide '{approval.title}'; it is addressed to others.")


def _check_open(approval: Approval) -> None:
    if approval.status in (APPROVED, REJECTED):
        by = approval.decided_by.get_username() if approval.decided_by else "somebody who is no longer here"
        at = _iso(approval.decided_at) if approval.decided_at else ""
        message = f"'{approval.title}' was already decided: {approval.status} by {by} at {at}."
        raise ActionError("ApprovalAlreadyDecided", message, decision=approval.status, decidedBy=by, decidedAt=at)
    if approval.status != "WAITING" or approval.token.status not in OPEN:
        reason = approval.closed_reason or "The workflow no longer waits for it."
        raise ActionError("ApprovalClosed", f"'{approval.title}' can no longer be decided. {reason}", reason=reason)


def _check_form(approval: Approval, given: _Decision) -> None:
    rejects = given.decision == REJECTED
    if rejects and not given.form_data:
        return
    found = problems(approval.form, given.form_data, partly=rejects)
    if found:
        listed = "; ".join(f"{field or 'the form'}: {message}" for field, message in found.items())
        raise ActionError("InvalidForm", f"The form is not filled in as it must be. {listed}", fields=found)


def _write(approval: Approval, given: _Decision, result: dict[str, Any]) -> None:
    """Compare and set: of two who decide at once, one changes the row."""
    changed = Approval.objects.filter(pk=approval.pk, status="WAITING", token__status__in=OPEN).update(
        status=given.decision, decided_by=given.actor.user_id, decided_at=given.moment, comment=given.comment,
        form_data=given.form_data)
    if not changed:
        _check_open(Approval.objects.select_related("token", "decided_by").get(pk=approval.pk))
        raise ActionError("ApprovalClosed", f"'{approval.title}' can no longer be decided.", reason="")
    signal = Replied(approval.token.ask, result)
    Signal.objects.create(execution_id=approval.token.execution_id, body=dump_signal(signal))
    approval.refresh_from_db()


def _result(given: _Decision) -> dict[str, Any]:
    """What the state gets."""
    result = {
        "decision": given.decision, "approved": given.decision == APPROVED, "decidedBy": given.actor.name,
        "decidedAt": _iso(given.moment), "comment": given.comment, "form": given.form_data,
    }
    try:
        size = len(dump_bytes(result))
    except ValueError:
        message = "The form's data is nested too deeply."
        raise ActionError("InvalidForm", message, fields={"": message}) from None
    if size > MAX_PAYLOAD_BYTES:
        message = f"The form and the comment have {size} bytes together; a state may hand on {MAX_PAYLOAD_BYTES}."
        raise ActionError("InvalidForm", message, fields={"": message})
    return result


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _check_in_time(approval: Approval) -> None:
    """The engine may have been about to give up the task when the decision was written; then it was no decision."""
    token = TaskToken.objects.get(pk=approval.pk)
    if token.status not in TOO_LATE:
        return
    reason = TOO_LATE[token.status]
    Approval.objects.filter(pk=approval.pk).update(
        status="CLOSED", closed_reason=reason, decided_by=None, decided_at=None, comment="", form_data={})
    raise ActionError("ApprovalClosed", f"The decision on '{approval.title}' came too late. {reason}", reason=reason)


def _wake(execution: int) -> None:
    """Tell the engine of this process, if it has one; another process finds the signal by itself."""
    try:
        engine = gateway.engine()
    except RuntimeError:
        return
    try:
        gateway.from_thread(engine.wake(execution))
    except WaitedTooLong:
        log.warning("The engine did not take up the decision for execution %s in time; it is kept.", execution)

