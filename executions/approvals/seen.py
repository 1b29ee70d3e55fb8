"""Who has seen the data of a request: noted in the audit log, once for each person and request.

A look through the link of a mail is not noted: whoever opens it may be a scanner.
"""

from __future__ import annotations

from django.db import transaction

from designer.permissions import Actor
from executions.approvals import audit
from executions.approvals.models import AuditEntry
from executions.approvals.outcome import subject_of
from executions.models import Approval

SEEN = "approval.seen"


def note_seen(actor: Actor, approval: Approval) -> None:
    known = AuditEntry.objects.filter(subject=subject_of(approval), action=SEEN, actor=actor.name[:150])
    if known.exists():
        return
    with transaction.atomic():
        audit.append(actor.name, SEEN, subject_of(approval), {"title": approval.title})
