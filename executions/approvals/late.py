"""The workflow no longer waits: what its commit closed is told, and a decision that came too late counts no more.

The store closes approvals by SQL, in the commit that ends the waiting, and sets `wake_at` to 0; here the rest is
done, once: votes that had just ended it become void, the audit log says so, mails go out.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from executions.approvals import audit, notices, outcome
from executions.approvals.models import Vote
from executions.models import Approval

TOO_LATE: Final = {"TIMED_OUT": "The task timed out.", "CANCELLED": "The workflow no longer waits for it."}


def make_void(token: str, reason: str) -> str:
    """A decision was overtaken: the approval is closed instead; the reason that is kept."""
    with transaction.atomic():
        approval = _locked(token)
        if approval.status != "CLOSED":
            approval.status, approval.closed_reason = "CLOSED", reason
            approval.decided_by, approval.decided_at, approval.comment, approval.form_data = None, None, "", {}
            approval.wake_at = 0
            approval.save()
        if approval.wake_at is not None:
            _tell(approval)
        return approval.closed_reason


def tell_closed(token: str) -> None:
    """Tell of an approval that the store has closed, unless it was told."""
    with transaction.atomic():
        approval = _locked(token)
        if approval.status == "CLOSED" and approval.wake_at is not None:
            _tell(approval)


def _tell(approval: Approval) -> None:
    details = outcome.facts(approval) | {"reason": approval.closed_reason}
    for late in Vote.objects.filter(approval=approval, final=True, void=False):
        late.void = True
        late.save(update_fields=["void"])
        audit.append(audit.SYSTEM, "approval.void", outcome.subject_of(approval), details | {
            "decision": late.decision, "by": late.person_name})
    audit.append(audit.SYSTEM, "approval.closed", outcome.subject_of(approval), details)
    notices.of_end(approval)
    approval.wake_at = None
    approval.save(update_fields=["wake_at"])


def _locked(token: str) -> Approval:
    return Approval.objects.select_for_update(of=("self",)).select_related(
        "token__execution__machine", "token__execution__revision", "requester").get(pk=token)
