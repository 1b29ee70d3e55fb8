"""Concurrency limits, packages of their own, logs while a call runs, and functions at another Lambda."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from designer.errors import ActionError
from designer.settings import CONFIG
from executions.integrations.aws import local
from executions.integrations.functions import actions, remote, requirements, runtime
from executions.integrations.functions.actions import save_function
from executions.integrations.functions.concurrency import set_reserved
from executions.integrations.functions.tailing import _running_logs
from executions.integrations.functions.task import FunctionTask, InvokeTask
from executions.integrations.kinds import TaskError
from executions.models import Function
from executions.store import in_thread
from tests.executions.integrations.conftest import ANYBODY, Save, Sent, request
from tests.executions.integrations.test_aws_own_server import Service
from tests.executions.integrations.test_aws_own_server import service as lambda_server

__all__ = ["lambda_server"]  # a fixture
SLOW = ("import time\ndef handler(event, context):\n    print('begun', flush=True)\n    time.sleep(event)\n"
        "    return event\n")
ARN = "arn:aws:lambda:us-east-1:000000000000:function:"


async def call(name: str, payload: Any) -> Any:
    sent = Sent()
    await FunctionTask().run(request(ARN + name, payload), sent)
    return sent.signals[-1].output  # type: ignore[union-attr]


async def test_more_calls_than_the_limit_are_refused_and_the_place_comes_back(save: Save) -> None:
    await save("narrow", SLOW, concurrency=1)
    first = asyncio.ensure_future(call("narrow", 1))
    while not await _running_logs((await in_thread(Function.objects.get, name="narrow")).pk):
        await asyncio.sleep(0.02)
    with pytest.raises(TaskError) as refused:
        await call("narrow", 0)
    assert refused.value.error == "Lambda.TooManyRequestsException"
    assert "Status Code: 429" in (refused.value.cause or "")
    assert await first == 1
    assert await call("narrow", 0) == 0


async def test_a_call_that_is_cut_gives_its_place_back(save: Save) -> None:
    await save("narrow", SLOW, concurrency=1)
    first = asyncio.ensure_future(call("narrow", 60))
    while not runtime.current().places._running:
        await asyncio.sleep(0.01)
    first.cancel("stopped")
    await asyncio.wait([first])
    assert await call("narrow", 0) == 0


async def test_none_at_all_and_without_limit_again(save: Save) -> None:
    await save("shut", "def handler(event, context):\n    return 7\n", concurrency=0)
    with pytest.raises(TaskError, match="TooManyRequests"):
        await call("shut", {})
    await in_thread(set_reserved, ANYBODY, "shut", None)
    assert await call("shut", {}) == 7


@pytest.mark.parametrize("number", [-1, 10_001, 1.5, True, "2"])
@pytest.mark.django_db
def test_limits_that_are_none(number: Any) -> None:
    with pytest.raises(ActionError, match="whole number from 0"):
        save_function(ANYBODY, "f", source="def handler(event, context):\n    return 1\n", concurrency=number)


async def test_what_a_call_has_written_so_far(save: Save) -> None:
    spec = await save("slow", SLOW)
    running = asyncio.ensure_future(call("slow", 1))
    while not (found := await _running_logs(spec.id)) or not found[0].log:
        await asyncio.sleep(0.02)
    assert found[0].log == "begun\n"
    await running
    assert await _running_logs(spec.id) == []


@pytest.mark.parametrize("line", [
    "requests", "requests>=2", "-r other.txt", "--index-url https://x", "-e .", "git+https://x/y", "./a.whl",
    "a==1 --global-option=x", "a @ https://x/y.whl", "a==1\\", "../x==1",
])
def test_requirements_that_are_not_pinned_are_refused(line: str) -> None:
    with pytest.raises(ActionError) as refused:
        requirements.check(f"ok==1.0\n{line}")
    assert refused.value.members == {"field": "requirements", "line": 2}


def test_requirements_that_are_pinned() -> None:
    requirements.check("# ours\n\nrequests==2.32.3  # why\nuvicorn[standard]==0.30.1\n"
                       f"x-y_z.w==1.0a1+local ; python_version > '3'\na==1 --hash=sha256:{'0' * 64}")


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Instead of pip: writes a package for each line, fails for `broken`, takes its time; counts its runs."""
    monkeypatch.setattr(requirements, "folder_of", _folder_in(tmp_path))
    calls: list[list[str]] = []

    def run(command: list[str], *, stdout: io.BufferedWriter, **_: Any) -> subprocess.CompletedProcess[bytes]:
        calls.append(command)
        listed, target = Path(command[command.index("--requirement") + 1]), Path(command[command.index("--target") + 1])
        stdout.write(b"Collecting\n")
        if "broken" in listed.read_text():
            stdout.write(b"ERROR: No matching distribution found for broken==1\n")
            return subprocess.CompletedProcess(command, 1)
        target.mkdir()
        (target / "greeting.py").write_text(f"WORDS = {listed.read_text()!r}\n")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(requirements.subprocess, "run", run)
    return calls


def _folder_in(folder: Path) -> Any:
    return lambda text: folder / "packages" / f"{abs(hash(text))}" if text.strip() else None


async def test_a_function_has_its_packages(save: Save, pip: Any) -> None:
    source = "import greeting\ndef handler(event, context):\n    return greeting.WORDS\n"
    await save("needs", source, requirements_text="hello==1.0\n")
    answers = await asyncio.gather(*(call("needs", {}) for _ in range(3)))
    assert answers == ["hello==1.0"] * 3
    assert len(pip) == 1  # those who came meanwhile waited for the same
    assert "--only-binary" in pip[0]
    row = await in_thread(Function.objects.get, name="needs")
    assert requirements.progress(bytes(row.code)).state == "ready"
    assert row.source == source  # still edited in the browser

    await save("needs", source, requirements_text="hello==2.0")
    assert await call("needs", {}) == "hello==2.0"
    await save("needs", source)  # left out: kept
    assert await call("needs", {}) == "hello==2.0"
    await save("needs", source, requirements_text="")
    with pytest.raises(TaskError, match="ImportModuleError"):
        await call("needs", {})


async def test_packages_that_cannot_be_installed(save: Save, pip: Any) -> None:
    await save("needs", "def handler(event, context):\n    return 1\n", requirements_text="broken==1")
    with pytest.raises(TaskError) as failed:
        await call("needs", {})
    assert failed.value.error == "Lambda.ServiceException"
    assert "No matching distribution found for broken==1" in (failed.value.cause or "")
    row = await in_thread(Function.objects.get, name="needs")
    found = requirements.progress(bytes(row.code))
    assert (found.state, "Collecting" in found.log) == ("failed", True)


async def test_a_zip_may_bring_its_list(threads: None, pip: Any) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("index.py", "import greeting\ndef handler(event, context):\n    return greeting.WORDS\n")
        archive.writestr("requirements.txt", "brought-along>=1\n")  # of a tool that has put the packages beside it
        archive.writestr(requirements.FILE, "hello==3")
    await in_thread(lambda: save_function(ANYBODY, "zipped", zip_file=data.getvalue()))
    assert await call("zipped", {}) == "hello==3"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, lambda_server: Service) -> Service:
    """A Lambda at an endpoint of its own (here the place of the emulator)."""
    monkeypatch.setattr(local, "CONFIG", dataclasses.replace(CONFIG, aws_endpoints=frozenset({"LAMBDA"})))
    remote.CLIENTS.close()
    return lambda_server


async def test_a_function_that_is_not_here_is_called_elsewhere(elsewhere: Service, save: Save) -> None:
    elsewhere.answer = (200, {"X-Amz-Executed-Version": "7"}, {"price": 3})
    assert await call("priced", {"sku": 1}) == {"price": 3}
    assert elsewhere.asked[-1] == ("POST", "/2015-03-31/functions/000000000000%3Afunction%3Apriced/invocations",
                                   {"sku": 1})
    sent = Sent()
    await InvokeTask().run(request("arn:aws:states:::lambda:invoke", {"FunctionName": "priced", "Payload": 1}), sent)
    result = sent.signals[-1].output  # type: ignore[union-attr]
    assert (result["ExecutedVersion"], result["Payload"], result["StatusCode"]) == ("7", {"price": 3}, 200)

    await save("priced", "def handler(event, context):\n    return 'here'\n")
    assert await call("priced", {}) == "here"  # this installation's own come first


async def test_errors_of_functions_elsewhere(elsewhere: Service, threads: None) -> None:
    elsewhere.answer = (200, {"X-Amz-Function-Error": "Unhandled"}, {"errorType": "Boom", "errorMessage": "no"})
    with pytest.raises(TaskError) as failed:
        await call("priced", {})
    assert (failed.value.error, json.loads(failed.value.cause or "")["errorMessage"]) == ("Boom", "no")
    elsewhere.answer = (429, {"x-amzn-ErrorType": "TooManyRequestsException"}, {"message": "Rate Exceeded."})
    with pytest.raises(TaskError) as failed:
        await call("priced", {})
    assert failed.value.error == "Lambda.TooManyRequestsException"
    elsewhere.answer = (404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, {"message": "Function not found"})
    with pytest.raises(TaskError) as failed:
        await call("priced", {})
    assert failed.value.error == "Lambda.ResourceNotFoundException"


def test_without_another_lambda_nobody_is_asked() -> None:
    assert not remote.is_configured()  # the emulator's never is
    assert actions.MAX_TIMEOUT == 900
