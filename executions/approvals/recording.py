"""Writes what designer/noting.py tells into the audit log, in the transaction of the change."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from designer.noting import noted
from executions.approvals import audit


@receiver(noted, dispatch_uid="audit")
def record(actor: str, action: str, subject: str, details: dict[str, Any], **_: Any) -> None:
    audit.append(actor, action, subject, details)
