"""When an approval has to be looked at again: reminders, the due date, escalation.

`rules` of an approval:
    veto        one rejection is enough (default true)
    fail        rejection is the error Approval.Rejected instead of a result
    due         seconds after the beginning of a level, or an ISO time
    remind      {"every": seconds, "times": how often}
    escalate    {"users", "groups", "due": seconds}: who is asked, too, when it is due
    default     APPROVED, REJECTED or EXPIRED (the error Approval.Expired): what happens at the end
    calendar    whose working time spans count (calendars.py)
    webhook     the connection whose webhook is told (webhooks.py)
    step_up     a link in a mail is not enough, one has to sign in
    begun, reminders, escalated: what has happened on the present level
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from executions.approvals.calendars import after
from executions.approvals.levels import Level
from executions.models import Approval

LONGEST: Final = 366 * 24 * 3600  # seconds


def now_ms() -> int:
    return to_ms(datetime.now(UTC))


def to_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def begin(approval: Approval, level: Level, now: datetime) -> None:
    """The clocks of a level that begins (not saved)."""
    approval.rules = {**approval.rules, "begun": now.isoformat(), "reminders": 0, "escalated": False}
    due = level.due if level.due is not None else approval.rules.get("due")
    approval.due_at = moment_of(due, now, approval.rules.get("calendar"))
    set_wake(approval)


def moment_of(due: Any, now: datetime, calendar: dict[str, Any] | None = None) -> datetime | None:
    """`due` as in the rules, as a moment; spans count the calendar's working time."""
    if due is None:
        return None
    if isinstance(due, str):
        return datetime.fromisoformat(due)
    return after(now, due, calendar) if calendar else now + timedelta(seconds=due)


def set_wake(approval: Approval) -> None:
    """`wake_at`: the next reminder or the due date, whichever is first (not saved)."""
    moments = [moment for moment in (next_reminder(approval), approval.due_at) if moment is not None]
    approval.wake_at = to_ms(min(moments)) if moments else None


def next_reminder(approval: Approval) -> datetime | None:
    """When to remind next; None when there is nothing left to remind of."""
    remind, sent = approval.rules.get("remind"), approval.rules.get("reminders", 0)
    if not remind or sent >= remind["times"] or not approval.rules.get("begun"):
        return None
    return moment_of(remind["every"] * (sent + 1), datetime.fromisoformat(approval.rules["begun"]),
                     approval.rules.get("calendar"))
