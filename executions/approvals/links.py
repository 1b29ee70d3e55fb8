"""Links in mails: they show by GET and decide by POST; signed, for one person, one level and one use, for some days.

The signature (Django's, with the installation's secret) keeps out what was made up; the row says whether the link was
used.  A link is as good as its reader's mailbox: requests that need more (`stepUp`) only lead to the sign-in.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.utils.translation import gettext as _

from designer.errors import ActionError
from designer.models import User
from designer.people.actors import actor_of
from executions.approvals.decide import decide
from executions.approvals.models import MailLink
from executions.models import Approval

LIFETIME: Final = timedelta(days=7)
SALT: Final = "approvals.links"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is genuine; whether it was used or is old, `check_usable` says."""

    row: MailLink
    approval: Approval
    person: User


def make_link(approval: Approval, person: User) -> str:
    """The token of a new link; only its digest is kept."""
    secret = secrets.token_urlsafe(24)
    expires = datetime.now(UTC) + LIFETIME
    MailLink.objects.create(
        digest=_digest(secret), approval=approval, person=person, level=approval.level, expires_at=expires)
    return signing.dumps([approval.public_id, person.pk, approval.level, secret], salt=SALT)


def read_link(token: str, reader: User | None) -> Link:
    """The link of a token; LinkNotFound when it is forged or its request is gone, AccessDeniedException when somebody
    else is signed in (`reader`), or its person may no longer sign in."""
    try:
        public_id, person_id, level, secret = signing.loads(token, salt=SALT, max_age=LIFETIME + timedelta(days=90))
    except (signing.BadSignature, ValueError, TypeError):
        raise _unknown() from None
    row = MailLink.objects.select_related(
        "approval__token__execution__machine", "approval__requester", "person").filter(
        digest=_digest(str(secret)), approval__public_id=public_id, person_id=person_id, level=level).first()
    if row is None:
        raise _unknown()
    if not row.person.is_active:
        raise ActionError("AccessDeniedException", _("This link belongs to somebody who is no longer active."))
    if reader is not None and reader.pk != row.person_id:
        message = _("This link was sent to %(name)s, and you are signed in as somebody else.")
        raise ActionError("AccessDeniedException", message % {"name": row.person.get_username()})
    return Link(row, row.approval, row.person)


def check_usable(link: Link) -> None:
    """LinkUsedConflict, LinkExpired, or AccessDeniedException where one has to sign in."""
    if link.row.used_at is not None:
        raise ActionError("LinkUsedConflict", _("This link has been used. A link decides once."))
    if link.row.expires_at <= datetime.now(UTC):
        raise ActionError("LinkExpired", _("This link has expired. Sign in to decide."))
    if link.approval.rules.get("step_up"):
        raise ActionError("AccessDeniedException", _("This request is decided by people who have signed in."))


def decide_by_link(link: Link, decision: str, comment: str, form_data: dict[str, Any] | None) -> Approval:
    """Decide as the link's person; the link is used up in the same transaction.

    Refuses as `check_usable` and `decide` do.
    """
    check_usable(link)

    def use_up() -> None:
        used = MailLink.objects.filter(pk=link.row.pk, used_at=None).update(used_at=datetime.now(UTC))
        if not used:
            raise ActionError("LinkUsedConflict", _("This link has been used. A link decides once."))

    return decide(actor_of(link.person), link.approval.public_id, decision, comment, form_data, via="mail",
                  level=link.row.level, within=use_up)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _unknown() -> ActionError:
    return ActionError("LinkNotFound", _("This link is not valid. Perhaps the mail program has cut it off."))
