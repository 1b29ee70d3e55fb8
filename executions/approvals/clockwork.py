"""What happens to approvals by itself: reminders, escalation, the decision by default, telling what was closed, mails.

Everything that is to happen is a row with `wake_at`; this looks for rows that are due, so nothing is lost in a crash
and what came due while the server was away happens once, at the next start.  Each row is looked at again under its
lock: a person who decides at the same instant is either before this or is told that it is too late.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from django.contrib.auth.models import Group
from django.db import transaction

from designer.models import User
from executions.approvals import audit, deadlines, digests, notices, outcome, webhooks
from executions.approvals.decide import wake
from executions.approvals.late import tell_closed
from executions.approvals.levels import dump, load
from executions.approvals.mail import send_due
from executions.approvals.models import Note, Vote
from executions.approvals.rights import able
from executions.models import Approval

log = logging.getLogger(__name__)

EVERY: Final = 1.0  # seconds between two looks, each one read of an index
AT_ONCE: Final = 100
NOBODY_DECIDED: Final = "Nobody decided in time."


def look_at_all() -> float:
    """One round of everything that is due; the seconds until the next."""
    look(datetime.now(UTC))
    send_due(deadlines.now_ms())
    webhooks.send_due(deadlines.now_ms())
    digests.send_due(datetime.now(UTC))
    return EVERY


def look(now: datetime) -> int:
    """Do everything that is due at `now`; how many approvals were looked at."""
    due = list(Approval.objects.filter(wake_at__lte=deadlines.to_ms(now)).order_by("wake_at").values_list(
        "pk", "status")[:AT_ONCE])
    for token, status in due:
        try:
            if status == "CLOSED":
                tell_closed(token)
            else:
                _act(token, now)
        except Exception:  # one that cannot be handled must not keep the others waiting; it is tried again
            log.exception("The approval of the token …%s could not be looked at.", token[-8:])
            Approval.objects.filter(pk=token).update(wake_at=deadlines.to_ms(now + timedelta(minutes=1)))
    return len(due)


def _act(token: str, now: datetime) -> None:
    with transaction.atomic():
        approval = Approval.objects.select_for_update(of=("self",)).select_related(
            "token__execution__machine", "token__execution__revision", "requester").get(pk=token)
        if approval.wake_at is None or approval.wake_at > deadlines.to_ms(now):
            return
        if approval.status != "WAITING":
            if approval.status == "CLOSED":
                return  # closed at this moment: it is told in the next round
            Approval.objects.filter(pk=token).update(wake_at=None)
            return
        overdue = approval.due_at is not None and approval.due_at <= now
        ended = _due(approval, now) if overdue else _remind(approval, now)
    if ended:
        wake(approval.token.execution_id)


def _due(approval: Approval, now: datetime) -> bool:
    """Escalate, else decide by default; whether that ended it."""
    escalate = approval.rules.get("escalate")
    if escalate and not approval.rules.get("escalated"):
        _escalate(approval, escalate, now)
        return False
    status = approval.rules.get("default", outcome.EXPIRED)
    outcome.finish(approval, status, now, by=outcome.BY_DEFAULT, reason=NOBODY_DECIDED)
    return True


def _escalate(approval: Approval, escalate: dict[str, list[str]], now: datetime) -> None:
    """Ask these people, too, and give them as much time as there was (or as the rule says)."""
    users = User.objects.filter(username__in=escalate["users"], is_active=True)
    groups = Group.objects.filter(name__in=escalate["groups"])
    approval.users.add(*users)
    approval.groups.add(*groups)
    levels = load(approval.plan)
    level = levels[approval.level]
    level = levels[approval.level] = replace(
        level, users=tuple(dict.fromkeys([*level.users, *escalate["users"]])),
        groups=tuple(dict.fromkeys([*level.groups, *escalate["groups"]])))
    without = None if approval.allow_requester else approval.requester_id
    levels[approval.level] = replace(level, people=able(level.users, level.groups, without=without).count())
    begun = datetime.fromisoformat(approval.rules["begun"])
    again = max((approval.due_at or now) - begun, timedelta(minutes=1))
    approval.plan, approval.claimed_by = dump(levels), None
    approval.rules = {**approval.rules, "escalated": True}
    approval.due_at = deadlines.moment_of(
        escalate["due"], now, approval.rules.get("calendar")) if escalate.get("due") else now + again
    deadlines.set_wake(approval)
    approval.save()
    Note.objects.create(approval=approval, kind="escalate", text=", ".join([*escalate["users"], *escalate["groups"]]))
    audit.append(audit.SYSTEM, "approval.escalated", outcome.subject_of(approval), outcome.facts(approval) | {
        "users": escalate["users"], "groups": escalate["groups"]})
    notices.to_level(approval, "escalated", able(tuple(escalate["users"]), tuple(escalate["groups"]), without=without))


def _remind(approval: Approval, now: datetime) -> bool:
    """Write once more to those who have not decided yet; reminders that came due while nobody looked are one."""
    voted = Vote.objects.filter(approval=approval, level=approval.level, void=False).values("person_id")
    level = load(approval.plan)[approval.level]
    sent = approval.rules.get("reminders", 0)
    while (following := deadlines.next_reminder(approval)) is not None and following <= now:
        sent += 1
        approval.rules = {**approval.rules, "reminders": sent}
    deadlines.set_wake(approval)
    approval.save(update_fields=["rules", "wake_at"])
    without = None if approval.allow_requester else approval.requester_id
    people = able(level.users, level.groups, without=without).exclude(pk__in=voted)
    notices.to_level(approval, "reminder", people)
    audit.append(audit.SYSTEM, "approval.reminded", outcome.subject_of(approval), {"reminder": sent})
    return False
