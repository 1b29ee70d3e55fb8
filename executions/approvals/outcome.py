"""From votes to the next level or the end.  Everything here is called with the approval's row locked.

What ends an approval is one signal to the execution, written in the same transaction as the decision, the audit entry
and the mails: whoever is second finds the row changed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib.auth.models import Group

from designer.asl.errors import MAX_PAYLOAD_BYTES
from designer.asl.jsontext import dump_bytes
from designer.errors import ActionError
from designer.models import User
from executions.approvals import audit, deadlines, notices
from executions.approvals.attachments import of_approval
from executions.approvals.levels import APPROVED, REJECTED, Level, dump, load, standing
from executions.approvals.models import Note, Vote
from executions.approvals.rights import able
from executions.engine.signals import Refused, Replied, Signal, dump_signal
from executions.models import Approval
from executions.models import Signal as SignalRow

EXPIRED: Final = "EXPIRED"
CANCELLED: Final = "CANCELLED"
BY_DEFAULT: Final = "default"  # decidedBy when nobody did
ERRORS: Final = {REJECTED: "Approval.Rejected", EXPIRED: "Approval.Expired", CANCELLED: "Approval.Cancelled"}


def subject_of(approval: Approval) -> str:
    """What the audit log calls an approval."""
    return f"approval:{approval.public_id}"


def begin_level(approval: Approval, index: int, now: datetime) -> None:
    """Ask the people of a level; how many there are, is counted now."""
    levels = load(approval.plan)
    level = levels[index]
    asked = able(level.users, level.groups, without=None if approval.allow_requester else approval.requester_id)
    people = asked.count()
    needed = max(1, people) if level.needed == "all" else level.needed
    levels[index] = level = replace(level, people=people, needed=needed)
    approval.plan, approval.level = dump(levels), index
    approval.anybody, approval.claimed_by, approval.question_open = level.anybody, None, False
    approval.users.set(User.objects.filter(username__in=level.users))
    approval.groups.set(Group.objects.filter(name__in=level.groups))
    deadlines.begin(approval, level, now)
    approval.save()
    if index:
        Note.objects.create(approval=approval, kind="level", text=level.name)
    notices.to_level(approval, "asked", asked)


def count(approval: Approval, vote: Vote) -> bool:
    """What a vote that has just been written comes to; True when it ended the approval."""
    levels = load(approval.plan)
    level = levels[approval.level]
    votes = list(Vote.objects.filter(approval=approval, level=approval.level, void=False).values_list(
        "decision", flat=True))
    stands = standing(level, votes, veto=approval.rules.get("veto", True))
    if stands == "OPEN":
        return False
    if stands == APPROVED and approval.level + 1 < len(levels):
        begin_level(approval, approval.level + 1, vote.at)
        return False
    vote.final = True
    vote.save(update_fields=["final"])
    approval.decided_by, approval.comment, approval.form_data = vote.person, vote.comment, vote.form_data
    finish(approval, stands, vote.at, by=vote.person_name)
    return True


def finish(approval: Approval, status: str, now: datetime, *, by: str, reason: str = "") -> None:
    """The final outcome: row, signal, audit and mails."""
    approval.status, approval.decided_at, approval.wake_at = status, now, None
    approval.closed_reason = reason[:200]
    result = result_of(approval, by, slim=status in (EXPIRED, CANCELLED) or by == BY_DEFAULT)
    approval.save()
    SignalRow.objects.create(execution_id=approval.token.execution_id, body=dump_signal(_signal(approval, result)))
    audit.append(by, f"approval.{status.lower()}", subject_of(approval), facts(approval) | {"result": result})
    notices.of_end(approval)


def _signal(approval: Approval, result: dict[str, Any]) -> Signal:
    ask, status = approval.token.ask, approval.status
    if status in (EXPIRED, CANCELLED) or (status == REJECTED and approval.rules.get("fail")):
        cause = approval.closed_reason or f"Rejected by {result['decidedBy']}: {approval.comment}".rstrip(": ")
        return Refused(ask, ERRORS[status], cause)
    return Replied(ask, result)


def result_of(approval: Approval, by: str, *, slim: bool = False) -> dict[str, Any]:
    """What the state gets; the last vote's data first, then every level.

    InvalidForm when it is too large.  `slim`: without what was filled in, since no person is there to fill in less.
    """
    votes: dict[int, list[Vote]] = {}
    for vote in approval.votes.filter(void=False).order_by("at", "pk"):
        votes.setdefault(vote.level, []).append(vote)
    result = {
        "decision": approval.status, "approved": approval.status == APPROVED, "decidedBy": by,
        "decidedAt": iso(approval.decided_at or datetime.now(UTC)), "comment": approval.comment,
        "form": approval.form_data,
        "requester": approval.requester.get_username() if approval.requester else None,
        "policy": approval.policy or None, "attachments": of_approval(approval),
        "levels": [_level(number, level, votes.get(number, []), slim)
                   for number, level in enumerate(load(approval.plan))],
    }
    check_size(result)
    return result


def _level(number: int, level: Level, votes: list[Vote], slim: bool) -> dict[str, Any]:
    return {
        "level": number + 1, "name": level.name, "needed": level.count,
        "votes": [{
            "decision": vote.decision, "by": vote.person_name, "onBehalfOf": vote.on_behalf_of_name or None,
            "at": iso(vote.at), "comment": vote.comment, "form": {} if slim else vote.form_data} for vote in votes],
    }


def check_size(result: dict[str, Any]) -> None:
    """InvalidForm when a state could not hand the result on."""
    try:
        size = len(dump_bytes(result))
    except ValueError:
        message = "The form's data is nested too deeply."
        raise ActionError("InvalidForm", message, fields={"": message}) from None
    if size > MAX_PAYLOAD_BYTES:
        message = f"The form and the comment have {size} bytes together; a state may hand on {MAX_PAYLOAD_BYTES}."
        raise ActionError("InvalidForm", message, fields={"": message})


def facts(approval: Approval) -> dict[str, Any]:
    """What every audit entry of an approval says: under which definition, on which data."""
    execution = approval.token.execution
    return {
        "title": approval.title, "execution": execution.arn, "machine": execution.machine.arn,
        "revision": execution.revision.number, "state": approval.token.state, "level": approval.level + 1,
        "policy": approval.policy,
    }


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
