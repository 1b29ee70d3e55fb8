"""A request to our own door from inside the process: its body comes once, and its client never hangs up."""

from __future__ import annotations

import asyncio

from botocore.awsrequest import AWSRequest

from executions.integrations.aws.local import _Exchange


async def test_who_waits_for_the_client_to_hang_up_lets_others_run() -> None:
    exchange = _Exchange(AWSRequest("POST", "http://example.invalid/", data=b"{}").prepare())
    assert await exchange.receive() == {"type": "http.request", "body": b"{}", "more_body": False}
    waiting = asyncio.ensure_future(exchange.receive())
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
