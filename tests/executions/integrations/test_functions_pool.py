"""Functions in real worker processes: what they answer, how they fail, and what they may not do."""

from __future__ import annotations

import json

import pytest

from executions.integrations.functions.outcome import Outcome
from executions.integrations.functions.pool import Pool
from executions.integrations.functions.sandbox import Call

pytestmark = pytest.mark.django_db(transaction=True)


async def call(pool: Pool, spec, event: object = None, request_id: str = "request-1") -> Outcome:
    return await pool.invoke(spec, Call(request_id, json.dumps(event).encode(), spec.arn))


async def test_answer(pool, save):
    spec = await save("挨拶", "def handler(event, context):\n    return {'hello': event, 'arn': context.invoked_function_arn}\n")
    outcome = await call(pool, spec, "世界")
    assert outcome.error is None, outcome
    assert json.loads(outcome.payload) == {"hello": "世界", "arn": spec.arn}
    assert outcome.cold
    for _ in range(20):
        again = await call(pool, spec, 1)
        print(again.duration_ms)
    assert not again.cold
