"""The Lambda API in the process, asked as whom the test says."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from designer.models import User
from designer.permissions import Actor, permissions_of
from designer.settings import CONFIG
from executions.api import door
from executions.integrations.functions import catalog
from tests.api.requests import Requests
from tests.api.test_door import post

ROLE = "arn:aws:iam::000000000000:role/r"
ARN = f"arn:aws:lambda:{CONFIG.region}:{CONFIG.account}:function"
MODEL = Requests("lambda", {})


class Caller:
    """`caller("GetFunction", FunctionName="f")` -> (status, answer); for errors the answer is (code, message)."""

    def __init__(self, user):
        self.user, self.role = user, "designer"

    def actor(self):
        return Actor(self.user.pk, "ada", frozenset(), permissions_of(frozenset({self.role})))

    async def __call__(self, operation, **request):
        status, headers, told = await self.raw(operation, request)
        answer = json.loads(told) if told else {}
        if status < 300:
            return status, answer
        return status, (headers["x-amzn-errortype"], answer.get("message") or answer.get("Message"))

    async def raw(self, operation, request):
        """Send the members where HTTP carries them: (status, headers, body)."""
        sent = MODEL.http(operation, request)
        return await post(sent.body, path=sent.path, method=sent.method, query=sent.query, **sent.headers)


@pytest.fixture
def caller(monkeypatch, transactional_db):
    caller = Caller(User.objects.create(username="ada"))

    async def caller_of(request, service):
        assert service == "lambda"
        return caller.actor()

    monkeypatch.setattr(door.entry, "caller_of", caller_of)
    catalog._known.clear()
    return caller


def zip_of(**files):
    """A zip of Python files; `__` in a name stands for a folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(f"{name.replace('__', '/')}.py"), text)
    return buffer.getvalue()
