"""Saving, deleting and testing functions."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Callable

import pytest

from designer.errors import ActionError
from designer.permissions import ROLES, Actor
from executions.actions import gateway
from executions.integrations.functions import catalog, code, runtime
from executions.integrations.functions.actions import (
    delete_function,
    find_function,
    invoke_function,
    list_functions,
    save_function,
)
from executions.integrations.functions.journal import Entry, write
from executions.integrations.functions.outcome import Outcome
from executions.models import Function, Invocation
from tests.executions.integrations.conftest import ANYBODY

ECHO = "def handler(event, context): return event\n"


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.django_db
def test_saving_creates_and_changes():
    first = save_function(ANYBODY, "在庫確認", source=ECHO, description="数える")
    again = save_function(ANYBODY, "在庫確認", source=ECHO, timeout=5)
    assert first.pk == again.pk
    assert first.sha256 == again.sha256  # the same source is the same content
    assert (again.timeout, again.source, again.account, again.region) == (5, ECHO, "000000000000", "us-east-1")
    assert save_function(ANYBODY, "在庫確認", memory=512).source == ECHO
    assert [row.name for row in list_functions(ANYBODY)] == ["在庫確認"]


@pytest.mark.django_db
def test_a_zip_of_one_file_can_be_edited_and_a_larger_one_not():
    assert save_function(ANYBODY, "one", zip_file=zipped({"index.py": ECHO})).source == ECHO
    packed = zipped({"app/main.py": ECHO, "app/data.txt": "x"})
    assert save_function(ANYBODY, "two", zip_file=packed, handler="app.main.handler").source == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "field", "text"), [
    ({"name": "a b"}, "name", "1 to 64 letters"),
    ({"name": ""}, "name", "1 to 64 letters"),
    ({"name": "x" * 65}, "name", "1 to 64 letters"),
    ({"handler": "handler"}, "handler", "must be MODULE.FUNCTION"),
    ({"timeout": 0}, "timeout", "from 1 to 900"),
    ({"timeout": True}, "timeout", "from 1 to 900"),
    ({"memory": 11_000}, "memory", "from 64 to 10240"),
    ({"environment": {"1A": "x"}}, "environment", "no name for an environment variable"),
    ({"environment": {"AWS_LAMBDA_RUNTIME_API": "x"}}, "environment", "is reserved"),
    ({"environment": {"A": 1}}, "environment", "must be text"),
    ({"environment": {"A": "x" * 5000}}, "environment", "at most 4096"),
    ({"source": None}, "source", "needs code"),
    ({"zip_file": b""}, "source", "not both"),
    ({"runtime_name": "nodejs20.x"}, "runtime", "is not available"),
])
def test_what_is_refused(change, field, text):
    given = {"name": "f", "source": ECHO, **change}
    with pytest.raises(ActionError) as caught:
        save_function(ANYBODY, given.pop("name"), **given)
    assert caught.value.code == "InvalidParameterValueException"
    assert text in caught.value.message
    assert caught.value.members["field"] == field
    assert not Function.objects.exists()


@pytest.mark.django_db
def test_a_syntax_error_tells_its_line():
    with pytest.raises(ActionError) as caught:
        save_function(ANYBODY, "f", source="def handler(event, context):\n    return 1 +\n")
    assert caught.value.message == "Syntax error in index.py, line 2: invalid syntax."
    assert caught.value.members["line"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("files", "text"), [
    (None, "no readable zip"),
    ({"../index.py": ECHO}, "outside its folder"),
    ({"/index.py": ECHO}, "outside its folder"),
    ({"other.py": ECHO}, "needs index.py"),
    ({"index.py": "def handler(:\n"}, "Syntax error in index.py, line 1"),
    ({"index.py": b"\xff\xfe"}, "Syntax error in index.py"),
])
def test_zips_that_are_refused(files, text):
    with pytest.raises(ActionError) as caught:
        save_function(ANYBODY, "f", zip_file=b"no zip" if files is None else zipped(files))
    assert text in caught.value.message


@pytest.mark.django_db
def test_a_zip_with_a_link_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("index.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ActionError, match="symbolic link"):
        save_function(ANYBODY, "f", zip_file=buffer.getvalue())


@pytest.mark.django_db
def test_deleting():
    save_function(ANYBODY, "f", source=ECHO)
    delete_function(ANYBODY, "f")
    for verb in (delete_function, find_function):
        with pytest.raises(ActionError) as caught:
            verb(ANYBODY, "f")
        assert caught.value.code == "ResourceNotFoundException"


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "allowed"), [
    ("viewer", set()), ("operator", {"invoke"}), ("approver", set()), ("designer", {"save", "delete", "invoke"}),
    ("administrator", {"save", "delete", "invoke"}),
])
def test_permissions(role, allowed):
    actor = Actor(0, role, frozenset({role}), ROLES[role])
    verbs: dict[str, Callable[[], object]] = {
        "save": lambda: save_function(actor, "f", source=ECHO), "delete": lambda: delete_function(actor, "f"),
        "invoke": lambda: invoke_function(actor, "missing", {}),
    }
    refused = set()
    for name, verb in verbs.items():
        try:
            verb()
        except ActionError as error:
            if error.code == "AccessDeniedException":
                refused.add(name)
    assert refused == set(verbs) - allowed


@pytest.mark.django_db
def test_logs_of_a_function_deleted_meanwhile_are_dropped():
    kept = save_function(ANYBODY, "kept", source=ECHO)
    outcome = Outcome(b"1", log="ログ", duration_ms=1.5, cold=True)
    write([Entry("1", kept.pk, 1000, outcome, execution=5, ask=6), Entry("2", kept.pk + 1, 1000, outcome)])
    row = Invocation.objects.get()
    assert (row.request_id, row.log, row.execution_id, row.ask) == ("1", "ログ", None, None)


class Loop:
    """An engine of which only the loop is asked for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop


async def test_the_test_button(save):
    await save("echo", "def handler(event, context):\n    print('こんにちは')\n    return {'got': event}\n")
    gateway.install(Loop(asyncio.get_running_loop()))  # type: ignore[arg-type]
    try:
        result = await asyncio.to_thread(invoke_function, ANYBODY, "echo", {"a": 1.0})
    finally:
        gateway.install(None)
    assert (result.payload, result.error, result.log) == ('{"got":{"a":1.0}}', None, "こんにちは\n")
    assert result.cold
    assert result.duration_ms > 0
    await runtime.current().journal.flush()
    assert await asyncio.to_thread(lambda: Invocation.objects.get().request_id) == result.request_id


async def test_a_save_is_seen_at_once(save):
    await save("f", ECHO)
    before = await catalog.find("f")
    await save("f", ECHO + "# changed\n")
    after = await catalog.find("f")
    assert before is not None
    assert after is not None
    assert before.sha256 != after.sha256


def _damaged(name: str) -> bytes:
    """A zip whose file `name` is not what its checksum says."""
    content = bytearray(zipped({"index.py": ECHO, "data.txt": "1234567890"}))
    start = content.find(name.encode()) + len(name)
    content[start] ^= 0xFF
    return bytes(content)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [
    _damaged("index.py"), _damaged("data.txt"), zipped({"index.py": ECHO})[10:], zipped({"index.py": ECHO})[:-5],
])
def test_a_damaged_zip_is_refused_when_it_is_saved(content):
    with pytest.raises(ActionError) as refused:
        save_function(ANYBODY, "f", zip_file=content)
    assert refused.value.code == "InvalidParameterValueException"
    assert not Function.objects.exists()


@pytest.mark.django_db
def test_very_long_code_is_parsed_by_the_worker_only(monkeypatch):
    monkeypatch.setattr(code, "MAX_SOURCE_CHARACTERS", 100)
    assert save_function(ANYBODY, "f", zip_file=zipped({"index.py": "x = ! " * 20})).source == ""
    with pytest.raises(ActionError):
        save_function(ANYBODY, "f", zip_file=zipped({"index.py": "x = !"}))
