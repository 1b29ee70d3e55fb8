"""The verb: a person names who decides in their place while they are away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from designer.errors import ActionError
from designer.models import User
from designer.people.actors import actor_of
from designer.permissions import Actor, Permission
from executions.approvals import audit
from executions.approvals.models import Substitute

LONGEST: Final = timedelta(days=366)


def name_substitute(actor: Actor, person_id: int, name: str, begins: datetime, ends: datetime) -> Substitute:
    """For oneself, or by an administrator for anybody.  InvalidSubstitute says what is wrong."""
    _check_may(actor, person_id)
    substitute = User.objects.filter(username=name.strip(), is_active=True).first()
    if substitute is None:
        raise _wrong(_("There is no active person '%(name)s'.") % {"name": name})
    if substitute.pk == person_id:
        raise _wrong(_("Nobody stands in for themselves."))
    if Permission.APPROVE not in actor_of(substitute).permissions:
        raise _wrong(_("%(name)s may not decide approvals.") % {"name": substitute.get_username()})
    if not begins < ends or ends <= datetime.now(UTC) or ends - begins > LONGEST:
        raise _wrong(_("The time must end after it begins, in the future, and last at most a year."))
    with transaction.atomic():
        person = User.objects.get(pk=person_id)
        made = Substitute.objects.create(person=person, substitute=substitute, begins=begins, ends=ends)
        audit.append(actor.name, "substitute.named", f"person:{person.get_username()}", {
            "substitute": substitute.get_username(), "begins": begins.isoformat(), "ends": ends.isoformat()})
    return made


def end_substitute(actor: Actor, id: int) -> None:
    """From now on the person decides themselves; nothing happens when it is not there any more."""
    with transaction.atomic():
        found = Substitute.objects.select_related("person", "substitute").filter(pk=id).first()
        if found is None:
            return
        _check_may(actor, found.person_id)
        audit.append(actor.name, "substitute.ended", f"person:{found.person.get_username()}", {
            "substitute": found.substitute.get_username()})
        found.delete()


def substitutes_of(person_id: int) -> QuerySet[Substitute]:
    """Present and future ones, the next first."""
    return Substitute.objects.filter(person_id=person_id, ends__gt=datetime.now(UTC)).select_related(
        "substitute").order_by("begins")


def _check_may(actor: Actor, person_id: int) -> None:
    if actor.user_id != person_id and Permission.ADMINISTER not in actor.permissions:
        raise ActionError("AccessDeniedException", _("Only the person or an administrator can do this."))


def _wrong(message: str) -> ActionError:
    return ActionError("InvalidSubstitute", message)
