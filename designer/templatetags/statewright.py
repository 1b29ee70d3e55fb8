"""The small parts every page is made of: icons, status glyphs, people, moments."""

from __future__ import annotations

import re
from datetime import datetime

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from designer.models import User
from designer.people import moments, names, roles

register = template.Library()
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

# Statuses of executions, task tokens and approvals → (glyph, word).
STATUSES = {
    "RUNNING": ("running", gettext_lazy("Running")),
    "SUCCEEDED": ("succeeded", gettext_lazy("Succeeded")),
    "FAILED": ("failed", gettext_lazy("Failed")),
    "TIMED_OUT": ("timedout", gettext_lazy("Timed out")),
    "ABORTED": ("aborted", gettext_lazy("Aborted")),
    "WAITING": ("waiting", gettext_lazy("Waiting for a person")),
    "APPROVED": ("succeeded", gettext_lazy("Approved")),
    "REJECTED": ("failed", gettext_lazy("Rejected")),
    "CLOSED": ("aborted", gettext_lazy("Closed")),
    "EXPIRED": ("timedout", gettext_lazy("Expired")),
    "CANCELLED": ("aborted", gettext_lazy("Withdrawn")),
}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """`{% icon "play" %}`; `extra` are further classes ("icon--small")."""
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#i-{}"/></svg>', extra, _sprite(), name)


@register.simple_tag
def glyph(status: str, extra: str = "") -> SafeString:
    """The sign of a status: running, succeeded, failed, timedout, aborted, waiting, caught, notreached."""
    markup = '<svg class="glyph glyph--{0} {1}" aria-hidden="true"><use href="{2}#s-{0}"/></svg>'
    return format_html(markup, status, extra, _sprite())


def _sprite() -> str:
    return static("vendor/icons.svg")


@register.simple_tag
def chip(status: str, extra: str = "") -> SafeString:
    """A status with glyph and word; `extra` are further classes ("chip--bare")."""
    sign, word = STATUSES.get(status, ("notreached", status))
    return format_html('<span class="chip chip--{} {}">{}{}</span>', sign, extra, glyph(sign), word)


@register.simple_tag
def avatar(user: User | None, extra: str = "") -> SafeString:
    """The round picture of a person: initials on the person's colour."""
    if user is None:
        return format_html('<span class="avatar {}" data-initials="?" aria-hidden="true"></span>', extra)
    name = names.display_name(user)
    return format_html(
        '<span class="avatar avatar--{} {}" title="{}" data-initials="{}" aria-hidden="true"></span>',
        names.colour(user.pk), extra, name, names.initials(name),
    )


@register.filter
def display_name(user: User | None) -> str:
    """The name of a person; a word for one who was removed."""
    return names.display_name(user) if user else gettext("somebody who was removed")


@register.filter
def language_of(text: str) -> str:
    """ "ja" for a text with Japanese characters, else "": {% if title|language_of %} lang="ja"{% endif %}."""
    return "ja" if JAPANESE.search(text) else ""


@register.filter
def breakable(path: str) -> SafeString:
    """An address that may go on in another line after each slash."""
    return mark_safe(conditional_escape(path).replace("/", "/<wbr>"))  # noqa: S308 (escaped)


@register.filter
def role_name(group: str) -> str:
    """A role in the reader's language; a group as it is called."""
    return str(roles.role_name(group))


@register.filter
def role_allows(role: str) -> str:
    """What a role may do."""
    return str(roles.ROLE_TEXTS[role][1])


@register.simple_tag
def moment(value: datetime | int | None) -> SafeString:
    """A moment (or ms since the epoch) in the reader's zone; exact in the tooltip, ISO for machines."""
    if value is None:
        return SafeString("–")
    when = moments.from_ms(value) if isinstance(value, int) else value
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', when.isoformat(), moments.exact(when), moments.short(when))


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, extra: str = "") -> dict[str, object]:
    """A form field with its label, hint and errors; `extra` are further classes of the input."""
    widget = bound.field.widget
    options = isinstance(widget, forms.RadioSelect)  # Django's CheckboxSelectMultiple is one, too
    control = "" if options else bound.as_widget(attrs={"class": f"{_control_class(widget)} {extra}".strip()})
    return {"field": bound, "control": control, "options": options,
            "box": "check" if isinstance(widget, forms.CheckboxSelectMultiple) else "radio"}


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "select" if isinstance(widget, forms.Select) else "input"
