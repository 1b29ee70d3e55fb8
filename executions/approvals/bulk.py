"""The verb: many approvals with one decision, each in its own transaction and under the same rules as alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.approvals import queries
from executions.approvals.decide import decide
from executions.models import Approval

MOST: Final = 200


def decide_many(
    actor: Actor, public_ids: Sequence[str], decision: str, comment: str = "",
) -> tuple[list[Approval], list[tuple[str, ActionError]]]:
    """(what was decided, (title, why not) of what was not).  Only requests that allow it (`bulk`) are decided."""
    require(actor, Permission.APPROVE)
    if len(public_ids) > MOST:
        raise ActionError("TooMany", _("At most %(most)s requests are decided at once.") % {"most": MOST})
    done: list[Approval] = []
    refused: list[tuple[str, ActionError]] = []
    for public_id in dict.fromkeys(public_ids):
        title = ""
        try:
            found = queries.find(actor, public_id)
            title = found.title
            if not found.bulk:
                raise ActionError("NotInBulk", _("This request has to be looked at by itself."))
            done.append(decide(actor, public_id, decision, comment, via="bulk", level=found.level))
        except ActionError as error:
            refused.append((title, error))
    return done, refused
