"""Policy tables: rows of conditions on the data, and the levels of people who then decide.

    {"description": "…",
     "rows": [{"when": [{"field": "amount", "is": "between", "from": 0, "to": 50000},
                        {"field": "category", "is": "one of", "values": ["travel"]}],
               "levels": [{"name": "Team lead", "users": [], "groups": ["leads"], "needed": 1}],
               "step_up": false}]}

The first row whose conditions all hold counts; a row without conditions always does.  A row without levels approves by
itself.  A version never changes; an approval notes name and version of the policy that chose its levels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from designer.errors import ActionError
from designer.models import User
from designer.permissions import Actor, Permission, require
from executions.approvals import audit
from executions.approvals.levels import ALL, Level
from executions.approvals.models import Policy, PolicyVersion

KINDS: Final = ("between", "one of", "not one of")
MAX_ROWS: Final = 200
MAX_LEVELS: Final = 10
MAX_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Choice:
    """What a policy says: the number of the row (from 1; 0: no row fits) and its levels."""

    row: int
    levels: tuple[Level, ...]
    step_up: bool = False


def choose(body: Mapping[str, Any], data: Any) -> Choice:
    """The row that fits the data."""
    for number, row in enumerate(body.get("rows", ()), 1):
        if all(_holds(condition, data) for condition in row.get("when", ())):
            return Choice(number, tuple(map(level_of, row.get("levels", ()))), bool(row.get("step_up")))
    return Choice(0, ())


def level_of(part: Mapping[str, Any]) -> Level:
    return Level(str(part.get("name") or ""), tuple(part.get("users") or ()), tuple(part.get("groups") or ()),
                 part.get("needed") or 1, due=part.get("due"))


def value_at(data: Any, field: str) -> Any:
    """The value of "a.b" in the data; None when there is none."""
    for step in field.split("."):
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def _holds(condition: Mapping[str, Any], data: Any) -> bool:
    value = value_at(data, condition["field"])
    if condition["is"] == "between":
        number = _number(value)
        least, most = condition.get("from"), condition.get("to")
        return number is not None and (least is None or number >= least) and (most is None or number <= most)
    listed = str(value) in {str(each) for each in condition.get("values", ())}
    return listed if condition["is"] == "one of" else not listed


def _number(value: Any) -> float | None:
    """A number, also one in a text (DynamoDB gives "500")."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def current(name: str) -> PolicyVersion | None:
    """The newest version of a policy."""
    return PolicyVersion.objects.filter(policy__name=name).select_related("policy").order_by("-number").first()


def save_policy(actor: Actor, name: str, body: Any, comment: str = "", *, base: int | None = None) -> PolicyVersion:
    """A new version; the policy is made if there is none.

    `base` is the version the change was made on (0: a new policy): PolicyConflict when there is a newer one.
    InvalidPolicy (member problems) says what is wrong.
    """
    require(actor, Permission.ADMINISTER)
    name = name.strip()
    found = ([_("The policy needs a name of at most 80 characters.")] if not 0 < len(name) <= MAX_NAME else [])
    found += problems(body)
    if found:
        raise ActionError("InvalidPolicy", " ".join(found), problems=found)
    with transaction.atomic():
        Policy.objects.get_or_create(name=name)
        policy = Policy.objects.select_for_update().get(name=name)
        last = policy.versions.order_by("-number").values_list("number", flat=True).first() or 0
        if base is not None and base != last:
            message = _("'%(name)s' has a newer version %(number)s; look at it and make your change anew.")
            raise ActionError("PolicyConflict", message % {"name": name, "number": last})
        version = PolicyVersion.objects.create(
            policy=policy, number=last + 1, body=body, comment=comment[:200], created_by_id=actor.user_id)
        audit.append(actor.name, "policy.saved", f"policy:{name}", {"version": version.number, "body": body})
    return version


def problems(body: Any) -> list[str]:
    """What is wrong with a policy's body, in the reader's language."""
    rows = body.get("rows") if isinstance(body, Mapping) else None
    if not isinstance(rows, list) or not rows or len(rows) > MAX_ROWS:
        return [_("A policy needs from 1 to %(most)s rows.") % {"most": MAX_ROWS}]
    found: list[str] = []
    for number, row in enumerate(rows, 1):
        try:
            found += [_("Row %(number)s: %(problem)s") % {"number": number, "problem": one} for one in _row(row)]
        except (TypeError, AttributeError, KeyError):
            found.append(_("Row %(number)s cannot be read.") % {"number": number})
    return found


def _row(row: Mapping[str, Any]) -> list[str]:
    found = []
    for condition in row.get("when", []):
        if condition["is"] not in KINDS or not str(condition["field"]).strip():
            found.append(_("a condition needs a field and one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
        elif condition["is"] == "between":
            limits = (condition.get("from"), condition.get("to"))
            if any(limit is not None and _number(limit) != limit for limit in limits) or limits == (None, None):
                found.append(_("'%(field)s' needs a number from or to.") % {"field": condition["field"]})
        elif not condition.get("values"):
            found.append(_("'%(field)s' needs values.") % {"field": condition["field"]})
    if len(row.get("levels", [])) > MAX_LEVELS:
        found.append(_("there are more than %(most)s levels.") % {"most": MAX_LEVELS})
    for part in row.get("levels", []):
        found += _level(level_of(part))
    return found


def _level(level: Level) -> list[str]:
    users = set(User.objects.filter(username__in=level.users, is_active=True).values_list("username", flat=True))
    groups = set(Group.objects.filter(name__in=level.groups).values_list("name", flat=True))
    unknown = [*(set(level.users) - users), *(set(level.groups) - groups)]
    found = [_("there is no person or group '%(name)s'.") % {"name": name} for name in sorted(unknown)]
    if level.anybody:
        found.append(_("a level names nobody."))
    if level.needed != ALL and not (isinstance(level.needed, int) and 1 <= level.needed <= 100):
        found.append(_("how many have to approve is a number from 1, or all."))
    return found
