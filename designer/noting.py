"""What changes who may do what, or what runs, is told here, inside the transaction of the change.

The audit log (executions/approvals/audit.py) listens: this room must not know it.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django.dispatch import Signal

from designer.permissions import Actor

noted: Final = Signal()  # sent with actor (name), action, subject, details


def digest(text: str) -> str:
    """SHA-256 of a text: says which one it was without repeating it."""
    return hashlib.sha256(text.encode()).hexdigest()


def note(actor: Actor, action: str, subject: str, **details: Any) -> None:
    """Say that `actor` has done `action` ("machine.saved") to `subject` (an ARN, "person:ann", "key:AKIA…").

    Nothing secret belongs into `details`: the log is exported.
    """
    noted.send(sender=None, actor=actor.name, action=action, subject=subject, details=details)
