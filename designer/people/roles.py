"""The five roles in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Role → (name, what it may).
ROLE_TEXTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "viewer": (_("Viewer"), _("sees state machines, executions and functions")),
    "operator": (_("Operator"), _("also starts and stops executions")),
    "approver": (_("Approver"), _("decides approvals and sees nothing else")),
    "designer": (_("Designer"), _("also creates and changes state machines and functions")),
    "administrator": (_("Administrator"), _("may do everything, also manage people")),
}


def role_name(role: str) -> str | Promise:
    """The role's name in the reader's language; a group that is no role is written as it is."""
    return ROLE_TEXTS[role][0] if role in ROLE_TEXTS else role


def role_label(role: str) -> str:
    """ "Viewer: sees …", for a check box."""
    name, allows = ROLE_TEXTS[role]
    return gettext("%(role)s: %(allows)s") % {"role": name, "allows": allows}
