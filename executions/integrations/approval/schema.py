"""The parameters of `arn:aws:states:::approval:request`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from executions.approvals import calendars
from executions.approvals.deadlines import LONGEST
from executions.approvals.form import FormError, check_form
from executions.approvals.levels import ALL, Level
from executions.approvals.request_approval import Wanted
from executions.integrations.parameters import Parameters, lowered

FIELDS: Final = (
    "title", "message", "data", "form", "approvers", "levels", "policy", "requester", "allowRequester",
    "allowSamePerson", "rejection", "onRejection", "due", "remind", "escalate", "default", "priority", "bulk", "stepUp",
    "calendar", "webhook",
)
APPROVERS: Final = ("users", "groups", "needed", "name", "due")
ESCALATE: Final = ("users", "groups", "due")
REMIND: Final = ("every", "times")
UNITS: Final = {"days": 24 * 3600, "hours": 3600, "minutes": 60, "seconds": 1}
PRIORITIES: Final = {"NORMAL": 0, "HIGH": 1, "LOW": -1}
MAX_TITLE: Final = 200
MAX_MESSAGE: Final = 20_000
MAX_LEVELS: Final = 20
MAX_NEEDED: Final = 1_000
MAX_REMINDERS: Final = 100


def read(parameters: Any) -> Wanted:
    """TaskError("States.Runtime") names the field that is wrong."""
    given = Parameters(lowered(parameters, FIELDS), FIELDS, whole=parameters)
    data = given.values.get("data")
    chosen = [field for field in ("approvers", "levels", "policy") if given.values.get(field) is not None]
    if len(chosen) > 1:
        raise given.refusal(f'The fields {" and ".join(chosen)} exclude each other; give one of them')
    return Wanted(
        title=(given.text("title", required=True, longest=MAX_TITLE) or "").strip(),
        message=given.text("message", longest=MAX_MESSAGE) or "",
        data={} if data is None else data, form=_form(given), levels=_levels(given), policy=given.text("policy"),
        requester=given.text("requester"), allow_requester=_flag(given, "allowRequester"),
        allow_same_person=_flag(given, "allowSamePerson"), bulk=_flag(given, "bulk"),
        priority=PRIORITIES[given.one_of("priority", tuple(PRIORITIES))], rules=_rules(given))


def _levels(given: Parameters) -> tuple[Level, ...]:
    parts = given.values.get("levels")
    if parts is None:
        approvers = given.values.get("approvers")
        return (_level(given, {} if approvers is None else approvers, "approvers"),)
    if not isinstance(parts, list) or not 0 < len(parts) <= MAX_LEVELS:
        raise given.refusal(f"{given.name('levels')} must be an array of 1 to {MAX_LEVELS} levels")
    return tuple(_level(given, part, f"levels[{number}]") for number, part in enumerate(parts))


def _level(given: Parameters, part: Any, place: str) -> Level:
    named = _inner(given, part, APPROVERS, place)
    needed = named.values.get("needed")
    if needed is None:
        needed = 1
    if needed != ALL and not (_is_whole(needed) and 1 <= needed <= MAX_NEEDED):
        raise named.refusal(f"{named.name('needed')} must be a whole number from 1 to {MAX_NEEDED}, or \"{ALL}\"")
    due = named.values.get("due")
    return Level(named.text("name", longest=100) or "", tuple(named.texts("users")), tuple(named.texts("groups")),
                 needed, due=None if due is None else _seconds(named, "due", due))


def _rules(given: Parameters) -> dict[str, Any]:
    rules: dict[str, Any] = {
        "veto": given.one_of("rejection", ("any", "quorum")) == "any",
        "fail": given.one_of("onRejection", ("return", "fail")) == "fail",
        "step_up": _flag(given, "stepUp"),
    }
    if (told := given.text("webhook", longest=256)) is not None:
        rules["webhook"] = told
    if given.values.get("calendar") is not None:
        try:
            rules["calendar"] = calendars.read(given.values["calendar"])
        except calendars.CalendarError as error:
            raise given.refusal(f"{given.name('calendar')} {error}") from None
    due = given.values.get("due")
    if due is not None:
        rules["due"] = _moment(given, due) if isinstance(due, str) else _seconds(given, "due", due)
    rules["default"] = given.one_of("default", ("EXPIRED", "APPROVED", "REJECTED"))
    for field in ("escalate", "default"):
        if given.values.get(field) is not None and due is None and not any(
                level.due is not None for level in _levels(given)):
            raise given.refusal(f"{given.name(field)} needs \"due\", the time after which it happens")
    if given.values.get("escalate") is not None:
        rules["escalate"] = _escalate(given)
    if given.values.get("remind") is not None:
        rules["remind"] = _remind(given)
    return rules


def _escalate(given: Parameters) -> dict[str, Any]:
    to = _inner(given, given.values["escalate"], ESCALATE, "escalate")
    users, groups = to.texts("users"), to.texts("groups")
    if not users and not groups:
        raise to.refusal(f"{to.name('')} must name users or groups")
    due = to.values.get("due")
    return {"users": users, "groups": groups, "due": None if due is None else _seconds(to, "due", due)}


def _remind(given: Parameters) -> dict[str, Any]:
    remind = _inner(given, given.values["remind"], REMIND, "remind")
    times = remind.values.get("times", 1)
    if not _is_whole(times) or not 1 <= times <= MAX_REMINDERS:
        raise remind.refusal(f"{remind.name('times')} must be a whole number from 1 to {MAX_REMINDERS}")
    return {"every": _seconds(remind, "every", remind.values.get("every")), "times": times}


def _seconds(given: Parameters, field: str, value: Any) -> int:
    """A span of time: seconds, or {"days", "hours", "minutes", "seconds"}."""
    total: Any = value
    if isinstance(value, Mapping):
        if not value or not set(value) <= set(UNITS) or not all(map(_is_whole, value.values())):
            raise given.refusal(f"{given.name(field)} must have whole numbers of {', '.join(UNITS)}")
        total = sum(UNITS[unit] * number for unit, number in value.items())
    if not _is_whole(total) or not 1 <= total <= LONGEST:
        raise given.refusal(f"{given.name(field)} must be a span of 1 second to 366 days: a number of seconds, or an "
                            f"object of {', '.join(UNITS)}")
    return int(total)


def _moment(given: Parameters, text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise given.refusal(f"{given.name('due')} must be a time with its zone, such as 2026-04-01T17:00:00+09:00, "
                            "or a span of time")
    return moment.astimezone(UTC).isoformat()


def _flag(given: Parameters, field: str) -> bool:
    value = given.values.get(field)
    if value is not None and not isinstance(value, bool):
        raise given.refusal(f"{given.name(field)} must be true or false")
    return bool(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _inner(given: Parameters, part: Any, fields: tuple[str, ...], place: str) -> Parameters:
    return Parameters(lowered(part, fields), fields, whole=given.whole, path=f"{place}.")


def _form(given: Parameters) -> dict[str, Any]:
    form = given.values.get("form")
    if form is None:
        return {}
    try:
        return check_form(form)
    except FormError as error:
        raise given.refusal(f"{given.name('form')} is not usable: {error}") from None
