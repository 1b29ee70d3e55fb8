"""The task `arn:aws:states:::mail:send`, and its form that waits for the answer to a callback address."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives, make_msgid

from executions.actions.callback_url import signed_url
from executions.engine.signals import Began, Replied, Submitted
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.integrations.mail.schema import Letter, read

log = logging.getLogger(__name__)
PLACEHOLDER: Final = "{callbackUrl}"


class MailTask:
    async def run(self, request: TaskRequest, send: Send) -> None:
        task = request.task
        waits = task.resource.waits_for_token
        if waits and task.submitted:
            return
        letter = read(task.payload)
        if not task.begun:
            send(Began(task.ask))
        url = signed_url(task.token) if waits and task.token else None
        result = await asyncio.to_thread(_sent, letter, url)
        send(Submitted(task.ask, result) if waits else Replied(task.ask, result))


def _sent(letter: Letter, url: str | None) -> dict[str, Any]:
    """Hand the mail to Django's mail back end; TaskError when that fails."""
    message_id = make_msgid(domain="statewright")
    mail = EmailMultiAlternatives(
        letter.subject, _filled(letter.text, url), to=letter.to, cc=letter.cc, bcc=letter.bcc,
        reply_to=letter.reply_to, headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"})
    if letter.html is not None:
        mail.attach_alternative(_filled(letter.html, url), "text/html")
    try:
        mail.send()
    except Exception as error:  # whatever the configured back end raises
        log.warning("A mail of a task could not be sent: %s", error)
        raise TaskError("Mail.SendFailed", f"The mail could not be sent: {error}") from None
    return {"MessageId": message_id.strip("<>"), "To": letter.to}


def _filled(text: str, url: str | None) -> str:
    return text if url is None else text.replace(PLACEHOLDER, url)
