"""One POST of JSON to a webhook whose address a connection keeps; tasks and approvals use it."""

from __future__ import annotations

from typing import Any, Final

from designer.asl.jsontext import dump_bytes
from executions.integrations.http.connections import Known, known_by_name
from executions.integrations.http.exchange import Answer, Outgoing, Transport

KIND: Final = "WEBHOOK"


def webhook(name: str) -> Known | None:
    """The connection of this name or ARN, if it is a webhook.  ValueError: sealed under another secret key."""
    found = known_by_name(name)
    return found if found is not None and found.kind == KIND else None


async def post(found: Known, body: Any, transport: Transport) -> Answer:
    """RefusedError and SocketError as Transport.send raises them."""
    headers = {"User-Agent": "Statewright", "Content-Type": "application/json", **found.added["headers"]}
    return await transport.send(Outgoing("POST", found.values["url"], tuple(headers.items()), dump_bytes(body)))
