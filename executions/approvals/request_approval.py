"""The verb: a workflow asks for a decision."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from designer.models import User
from executions.approvals import audit, outcome, policies
from executions.approvals.levels import APPROVED, Level, dump
from executions.approvals.rights import able
from executions.models import Approval, TaskToken
from executions.store.writes import storable


class AskingError(Exception):
    """It cannot be asked like this; `field` is the parameter, `problem` what is wrong with it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.  `levels` are given, or chosen by the policy; `requester` is a user name, None whoever
    started the execution; `rules` as in deadlines.py."""

    title: str
    message: str = ""
    data: Any = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    levels: tuple[Level, ...] = (Level(),)
    policy: str | None = None
    requester: str | None = None
    allow_requester: bool = False
    allow_same_person: bool = False
    bulk: bool = False
    priority: int = 0
    rules: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """`ended`: a policy without levels has decided already."""

    public_id: str
    ended: bool


def request_approval(token: str, wanted: Wanted) -> Asked | None:
    """Make the approval of an open task token; None when nobody waits for the token any more.

    Asked again (after a crash), it gives the approval that is there.  Raises AskingError.
    """
    with transaction.atomic():
        row = TaskToken.objects.select_for_update(of=("self",)).select_related(
            "execution__machine", "execution__revision", "execution__started_by").filter(pk=token).first()
        if row is None or row.closed_at is not None:
            return None
        known = Approval.objects.filter(pk=token).first()
        approval = known if known is not None else _ask(row, wanted)
        return Asked(approval.public_id, approval.status != "WAITING")


def _ask(row: TaskToken, wanted: Wanted) -> Approval:
    wanted, policy = _with_policy(wanted)
    requester = _person("requester", wanted.requester) if wanted.requester else row.execution.started_by
    for number, level in enumerate(wanted.levels):
        _check_level(f"levels[{number}]" if len(wanted.levels) > 1 else "approvers", level, wanted, requester)
    escalate = wanted.rules.get("escalate")
    if escalate:
        _check_names("escalate", Level(users=tuple(escalate["users"]), groups=tuple(escalate["groups"])))
    approval = Approval.objects.create(
        token=row, public_id=secrets.token_urlsafe(16), title=storable(wanted.title) or "",
        message=storable(wanted.message) or "", data=wanted.data, form=wanted.form, plan=dump(wanted.levels),
        rules=wanted.rules, policy=policy, requester=requester, allow_requester=wanted.allow_requester,
        allow_same_person=wanted.allow_same_person, bulk=wanted.bulk, priority=wanted.priority)
    by = requester.get_username() if requester else audit.SYSTEM
    audit.append(by, "approval.asked", outcome.subject_of(approval),
                 outcome.facts(approval) | {"data": wanted.data, "form": wanted.form, "plan": approval.plan})
    now = datetime.now(UTC)
    if wanted.levels:
        outcome.begin_level(approval, 0, now)
    else:
        outcome.finish(approval, APPROVED, now, by=f"policy {policy}")
    return approval


def _with_policy(wanted: Wanted) -> tuple[Wanted, str]:
    if wanted.policy is None:
        return wanted, ""
    version = policies.current(wanted.policy)
    if version is None:
        raise AskingError("policy", f'names "{wanted.policy}", which does not exist')
    chosen = policies.choose(version.body, wanted.data)
    if not chosen.row:
        raise AskingError("policy", f'names "{wanted.policy}", of which no row fits the data')
    rules = {**wanted.rules, "step_up": chosen.step_up or wanted.rules.get("step_up", False)}
    return (replace(wanted, levels=chosen.levels, rules=rules),
            f"{version.policy.name} v{version.number}, row {chosen.row}")


def _check_level(place: str, level: Level, wanted: Wanted, requester: User | None) -> None:
    _check_names(place, level)
    if level.anybody or level.groups:
        return  # others may come later; the page says who is missing
    without = requester.pk if requester and not wanted.allow_requester else None
    people = able(level.users, level.groups, without=without).count()
    if isinstance(level.needed, int) and level.needed > max(people, 1):
        raise AskingError(place, f"needs {level.needed} approvals, and {people} people could give one")


def _check_names(place: str, level: Level) -> None:
    users = set(User.objects.filter(username__in=level.users, is_active=True).values_list("username", flat=True))
    groups = set(Group.objects.filter(name__in=level.groups).values_list("name", flat=True))
    for kind, names, known in (("users", level.users, users), ("groups", level.groups, groups)):
        for name in names:
            if name not in known:
                raise AskingError(f"{place}.{kind}", f'names "{name}", who does not exist or is not active')


def _person(place: str, name: str) -> User:
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise AskingError(place, f'names "{name}", who does not exist or is not active')
    return found
