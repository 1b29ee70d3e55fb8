"""Every operation of AWS with requests made from its model: a well-formed answer of the right kind, never a 500."""

from __future__ import annotations

import json
import random

import pytest

from designer.models import User
from designer.permissions import Actor, Permission
from executions.api import door
from tests.api.requests import STATES, wild
from tests.api.test_door import call
from tests.executions.worker.conftest import bench

__all__ = ["bench"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

WILD = 500
# Errors that the model does not name for every operation: they come from before it, or from permissions and limits.
COMMON = {"ValidationException", "SerializationException", "InvalidArn", "AccessDeniedException",
          "ThrottlingException", "StateMachineDoesNotExist", "RequestEntityTooLargeException"}


@pytest.fixture(autouse=True)
def caller(monkeypatch, transactional_db):
    user = User.objects.create(username="ada")
    ada = Actor(user.pk, "ada", frozenset(), frozenset(Permission))

    async def caller_of(request, service):
        return ada

    monkeypatch.setattr(door, "caller_of", caller_of)


def well_formed(operation, status, answer, about):
    """The error's code, None for a success."""
    assert isinstance(answer, dict), about
    if status == 200:
        assert "__type" not in answer, about
        return None
    assert status in (400, 403, 404, 413), (about, status, answer)
    assert isinstance(answer["message"], str), about
    assert answer["message"], about
    assert answer["__type"] in STATES.errors_of(operation) | COMMON, (about, answer)
    return answer["__type"]


@pytest.mark.parametrize("operation", STATES.operations)
async def test_right_missing_wrong_and_beyond_its_limit(bench, operation):
    for case in STATES.cases(operation):
        body = json.dumps(case.request).encode()
        if len(body) > door.MAX_BODY:
            continue
        status, answer = await call(operation, body)
        code = well_formed(operation, status, answer, (case.operation, case.about))
        if case.error is not None:
            assert code == case.error, (case.operation, case.about, answer)


async def test_wild_requests_get_well_formed_answers(bench):
    dice = random.Random(20_261_125)
    for number in range(WILD):
        operation, sent = wild(dice)
        status, answer = await call(operation, sent.body)
        well_formed(operation, status, answer, (number, operation, sent.body[:300]))
