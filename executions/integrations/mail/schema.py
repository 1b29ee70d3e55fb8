"""The parameters of `arn:aws:states:::mail:send`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from executions.integrations.parameters import Parameters, lowered

FIELDS: Final = ("to", "cc", "bcc", "replyTo", "subject", "text", "html")
MOST: Final = 50
MAX_SUBJECT: Final = 500
MAX_TEXT: Final = 262_144


@dataclass(frozen=True, slots=True)
class Letter:
    to: list[str]
    cc: list[str]
    bcc: list[str]
    reply_to: list[str]
    subject: str
    text: str
    html: str | None


def read(payload: Any) -> Letter:
    """TaskError("States.Runtime") names the field that is wrong."""
    given = Parameters(lowered(payload, FIELDS), FIELDS, whole=payload)
    subject = given.text("subject", required=True, longest=MAX_SUBJECT) or ""
    if any(character < " " for character in subject):
        raise given.refusal(f"{given.name('subject')} must be one line")
    text, html = given.text("text", longest=MAX_TEXT), given.text("html", longest=MAX_TEXT)
    if not text and not html:
        raise given.refusal(f"{given.name('text')} or \"html\" is required but was missing")
    to = _addresses(given, "to")
    if not to:
        raise given.refusal(f"{given.name('to')} is required but was missing")
    return Letter(to, _addresses(given, "cc"), _addresses(given, "bcc"), _addresses(given, "replyTo"), subject,
                  text or "", html)


def _addresses(given: Parameters, field: str) -> list[str]:
    value = given.values.get(field)
    several = [value] if isinstance(value, str) else given.texts(field)
    if len(several) > MOST:
        raise given.refusal(f"{given.name(field)} must not hold more than {MOST} addresses")
    for each in several:
        try:
            validate_email(each)
        except ValidationError:
            raise given.refusal(f"{given.name(field)} holds '{each[:320]}', which is no mail address") from None
    return several
