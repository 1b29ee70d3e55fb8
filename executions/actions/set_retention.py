"""Say how long the ended executions of a machine are kept."""

from __future__ import annotations

from typing import Any, Final

from designer.errors import ActionError
from designer.models import StateMachine
from designer.permissions import Actor, Permission, require
from executions.models import Retention

LONGEST: Final = 36_500  # days


def set_retention(actor: Actor, machine: StateMachine, days: Any) -> None:
    """`days` 0: for ever; None: as the limit retention_days says.  AccessDeniedException, ValidationException."""
    require(actor, Permission.DESIGN)
    if days is None:
        Retention.objects.filter(machine=machine).delete()
        return
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= LONGEST:
        message = f"'days' must be a whole number from 0 (for ever) to {LONGEST}, or null for the usual time."
        raise ActionError("ValidationException", message)
    Retention.objects.update_or_create(machine=machine, defaults={"days": days})
