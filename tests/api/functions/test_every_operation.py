"""Every operation of the Lambda API with requests made from AWS's model: a well-formed answer, never a 5xx."""

from __future__ import annotations

import base64
import random

import pytest

from executions.api.functions.operations import OPERATIONS
from tests.api.functions.conftest import ARN, ROLE
from tests.api.requests import Requests, wild
from tests.api.test_door import post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

LAMBDA = Requests("lambda", {
    "FunctionName": "f", "Resource": f"{ARN}:f", "Name": "live", "FunctionVersion": "1", "Role": ROLE,
    "ZipFile": base64.b64encode(b"def handler(event, context):\n    return event\n").decode(), "Marker": "none",
    "Qualifier": "1", "Runtime": "python3.11", "Handler": "index.handler", "Payload": b"{}", "ClientContext": "e30=",
}, OPERATIONS)
WILD = 500
COMMON = {"ValidationException", "SerializationException", "AccessDeniedException"}


@pytest.mark.parametrize("operation", LAMBDA.operations)
async def test_right_missing_wrong_and_beyond_its_limit(caller, operation):
    named = LAMBDA.errors_of(operation) | COMMON
    for case in LAMBDA.cases(operation):
        status, answer = await caller(operation, **case.request)
        about = (case.about, status, answer)
        if status >= 300:
            code, message = answer
            assert 400 <= status < 500, about
            assert code in named, about
            assert message, about
        if case.error is not None and "FunctionName" not in case.about:
            assert answer[0] == case.error, about


async def test_wild_requests_get_well_formed_answers(caller):
    dice = random.Random(20_261_125)
    for number in range(WILD):
        operation, sent = wild(dice, LAMBDA)
        status, headers, told = await post(sent.body, path=sent.path, method=sent.method, query=sent.query,
                                           **sent.headers)
        about = (number, operation, sent, status, told[:300])
        assert status < 500, about
        assert status < 300 or headers["x-amzn-errortype"], about
