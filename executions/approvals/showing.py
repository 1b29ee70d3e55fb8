"""What the page of an approval shows, and what was typed into its form; shared by the page and the link of a mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpRequest

from designer.errors import ActionError
from designer.models import User
from designer.permissions import Actor, Permission
from executions.approvals import queries
from executions.approvals.attachments import attach
from executions.approvals.fields import Field, every, fields_of, read, show_problems
from executions.approvals.levels import Level, load
from executions.approvals.models import Note, Vote
from executions.approvals.reading import answered, readable
from executions.approvals.rights import able, is_addressed
from executions.models import Approval


@dataclass(slots=True)
class ShownLevel:
    """A level with its people and votes; `stands`: done, now, later.  `able`: how many may decide it, while it does."""

    number: int
    level: Level
    stands: str
    users: list[User]
    groups: list[str]
    votes: list[Vote] = field(default_factory=list)
    able: int | None = None

    @property
    def lacks_people(self) -> bool:
        return self.able is not None and self.able < self.level.count

    @property
    def missing(self) -> int:
        return max(0, self.level.count - sum(vote.decision == "APPROVED" for vote in self.votes))


def context(actor: Actor, found: Approval, *, beside: bool = False) -> dict[str, Any]:
    """Everything the templates of an approval need."""
    execution = found.token.execution
    fields = fields_of(found.form)
    levels = levels_of(found)
    open_ = queries.is_open(found)
    return {
        "approval": found, "data": readable(found.data), "execution": execution, "fields": fields, "comment": "",
        "answers": answered(_with_names(found, found.form_data), {each.key: each.label for each in fields})
        if found.form_data else None,
        "may_decide": queries.may_decide(actor, found), "is_open": open_, "beside": beside,
        "may_view": Permission.VIEW in actor.permissions, "levels": levels, "level_now": levels[found.level] if levels
        and found.level < len(levels) else None,
        "is_requester": bool(actor.user_id) and found.requester_id == actor.user_id,
        "is_asked": is_addressed(actor, found),
        "may_claim": open_ and levels[found.level].level.count == 1 and (
            found.anybody or bool(levels[found.level].groups)) if found.level < len(levels) else False,
        "notes": list(Note.objects.filter(approval=found).select_related("person").order_by("at", "pk")),
        "files": list(found.attachments.defer("content").select_related("person").order_by("at", "pk")),
        "overdue": open_ and found.due_at is not None and found.due_at <= datetime.now(UTC),
        "others": able((), (), without=actor.user_id).exclude(pk=found.requester_id or 0).order_by("username")[:500],
        "may_administer": Permission.ADMINISTER in actor.permissions,
    }


def _with_names(found: Approval, data: Any) -> Any:
    """What was filled in, with the names of files instead of their ids."""
    names = dict(found.attachments.values_list("public_id", "name"))

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: named(item) for key, item in value.items()}
        if isinstance(value, list):
            return [named(item) for item in value]
        return names.get(value, value) if isinstance(value, str) else value

    return named(data)


def levels_of(found: Approval) -> list[ShownLevel]:
    """All levels with who is asked and what they have said."""
    plan = load(found.plan)
    if not found.plan:  # from before there were levels
        plan = [Level(users=tuple(user.username for user in found.users.all()),
                      groups=tuple(group.name for group in found.groups.all()))]
    names = {name for level in plan for name in level.users}
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    groups = set(Group.objects.filter(name__in={name for level in plan for name in level.groups}).values_list(
        "name", flat=True))
    votes: dict[int, list[Vote]] = {}
    for vote in Vote.objects.filter(approval=found, void=False).select_related("person", "on_behalf_of").order_by("at"):
        votes.setdefault(vote.level, []).append(vote)
    waiting = found.status == "WAITING"
    without = None if found.allow_requester else found.requester_id
    shown = [ShownLevel(
        number + 1, level, "now" if waiting and number == found.level else "later" if number > found.level else "done",
        [people[name] for name in level.users if name in people], [name for name in level.groups if name in groups],
        votes.get(number, [])) for number, level in enumerate(plan)]
    for one in shown:
        if one.stands == "now":
            one.able = able(one.level.users, one.level.groups, without=without).count()
    return shown


def read_form(request: HttpRequest, actor: Actor, found: Approval) -> dict[str, Any]:
    """{"fields", "comment", "data"} of what was posted; files are kept at once, so that a second try has them.

    Only for people who may decide: files of others are refused (ActionError of right_of).
    """
    fields = fields_of(found.form)
    posted: dict[str, list[str]] = dict(request.POST.lists())
    if request.FILES and queries.may_decide(actor, found):
        _keep_files(request, actor, found, fields, posted)
    data = read(fields, posted)
    return {"fields": fields, "comment": request.POST.get("comment", ""), "data": data}


def _keep_files(
    request: HttpRequest, actor: Actor, found: Approval, fields: list[Field], posted: dict[str, list[str]],
) -> None:
    for one in every(fields):
        upload = request.FILES.get(f"{one.input_name}.file")
        if one.kind != "file" or upload is None:
            continue
        try:
            posted[one.input_name] = [attach(actor, found, upload, one.name).public_id]
        except ActionError as error:
            one.error = error.message


def marked(typed: dict[str, Any], error: ActionError) -> dict[str, Any]:
    """The problems of an InvalidForm at their fields; {"comment_error", "errors"}."""
    problems = dict(error.members.get("fields", {}))
    names = {each.name for each in typed["fields"]}
    comment_error = problems.pop("comment", "") if "comment" not in names else ""
    return {"comment_error": comment_error, "errors": show_problems(typed["fields"], problems)}
