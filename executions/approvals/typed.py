"""From what was typed into one field to its value."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from designer.asl.jsontext import loads

if TYPE_CHECKING:
    from executions.approvals.fields import Field

NOTHING: Final = object()


def read_one(one: Field, posted: list[str]) -> Any:
    if one.kind == "choices":
        one.value = posted
        known = {shown: value for shown, _label, value in one.options}
        chosen = [known[shown] for shown in posted if shown in known]
        return chosen if chosen or one.required else NOTHING
    typed = posted[-1] if posted else ""
    if one.kind == "boolean":
        one.value = bool(typed)
        return one.value
    one.value = typed
    if not typed.strip():
        return NOTHING
    return _converted(one, typed)


def _converted(one: Field, typed: str) -> Any:
    """The typed text as a value; a text that is no such value is kept, so that the schema refuses it too."""
    if one.kind == "choice":
        return next((value for shown, _label, value in one.options if shown == typed), typed)
    if one.kind in ("number", "integer"):
        return _number(one, typed)
    if one.kind == "lines":
        return [line.strip() for line in typed.splitlines() if line.strip()]
    if one.kind == "moment":
        return _moment(typed)
    if one.kind == "json":
        try:
            return loads(typed)
        except ValueError:
            one.error = _("This is no JSON.")
            return typed
    return typed.replace("\r\n", "\n") if one.kind == "multiline" else typed.strip()


def _number(one: Field, typed: str) -> Any:
    """Also with full-width digits and separators of thousands: １２,０００."""
    text = unicodedata.normalize("NFKC", typed).strip().replace(",", "")
    try:
        number = int(text) if re.fullmatch(r"[+-]?\d{1,100}", text) else float(text)
        json.dumps(number, allow_nan=False)
    except ValueError:
        one.error = _("Enter a number, such as 1200.")
        return typed
    if one.kind == "integer" and isinstance(number, float):
        one.error = _("Enter a whole number.")
    return number


def _moment(typed: str) -> str:
    """A local time of the reader as a moment with its offset (RFC 3339)."""
    try:
        local = datetime.fromisoformat(typed.strip())
    except ValueError:
        return typed
    return (timezone.make_aware(local) if timezone.is_naive(local) else local).isoformat()
