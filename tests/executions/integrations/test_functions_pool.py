"""Functions in real worker processes: what they answer, how they fail, and what they may not do."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from executions.integrations.functions.actions import delete_function
from executions.integrations.functions.outcome import Outcome
from executions.integrations.functions.pool import Pool
from executions.integrations.functions.process import remove_leftovers
from executions.integrations.functions.sandbox import Call
from executions.store import in_thread
from tests.executions.integrations.conftest import ANYBODY

REQUEST = "7b0f4b2e-0000-4000-8000-000000000001"


async def call(pool: Pool, spec, event: object = None, **details) -> Outcome:
    return await pool.invoke(spec, Call(REQUEST, json.dumps(event).encode(), spec.arn, **details))


def answer(outcome: Outcome) -> Any:
    assert outcome.error is None, (outcome.error, outcome.cause, outcome.log)
    return json.loads(outcome.payload)


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def gone(pid: int) -> bool:
    async with asyncio.timeout(20):
        while alive(pid):
            await asyncio.sleep(0.02)
    return True


async def test_the_answer_and_the_context_as_lambda_gives_them(pool, save):
    spec = await save("挨拶", """
def handler(event, context):
    return {"event": event, "arn": context.invoked_function_arn, "id": context.aws_request_id,
            "name": context.function_name, "memory": context.memory_limit_in_mb,
            "version": context.function_version, "remaining": context.get_remaining_time_in_millis() > 1000,
            "client": context.client_context.custom}
""", memory=200)
    outcome = await call(pool, spec, {"名前": "世界", "n": 1.0}, client_context={"custom": {"k": "値"}})
    assert outcome.error is None, outcome.cause
    assert json.loads(outcome.payload) == {
        "event": {"名前": "世界", "n": 1.0}, "arn": spec.arn, "id": REQUEST, "name": "挨拶", "memory": "200",
        "version": "$LATEST", "remaining": True, "client": {"k": "値"}}
    assert isinstance(json.loads(outcome.payload)["event"]["n"], float)


async def test_a_worker_is_used_again_for_the_same_function(pool, save):
    spec = await save("pid", "import os\ndef handler(event, context): return os.getpid()\n")
    first, second = await call(pool, spec), await call(pool, spec)
    assert first.payload == second.payload
    assert (first.cold, second.cold) == (True, False)
    assert len(pool.workers) == 1


async def test_changed_code_gets_a_new_worker_and_the_old_one_ends(pool, save):
    old = await call(pool, await save("f", "import os\ndef handler(event, context): return [1, os.getpid()]\n"))
    new = await call(pool, await save("f", "import os\ndef handler(event, context): return [2, os.getpid()]\n"))
    (was, old_pid), (now, new_pid) = json.loads(old.payload), json.loads(new.payload)
    assert (was, now) == (1, 2)
    assert old_pid != new_pid
    assert await gone(old_pid)


async def test_a_changed_environment_gets_a_new_worker(pool, save):
    source = "import os\ndef handler(event, context): return os.environ.get('GREETING')\n"
    assert (await call(pool, await save("f", source, environment={"GREETING": "hello"}))).payload == b'"hello"'
    assert json.loads((await call(pool, await save("f", source, environment={"GREETING": "やあ"}))).payload) == "やあ"


async def test_calls_at_the_same_time_have_workers_of_their_own(pool, save):
    spec = await save("f", """
import os, time
def handler(event, context):
    time.sleep(0.4)
    return os.getpid()
""")
    outcomes = await asyncio.gather(*(call(pool, spec) for _ in range(4)))
    assert len({outcome.payload for outcome in outcomes}) == 4


async def test_an_exception_is_reported_with_its_type_message_and_trace(pool, save):
    spec = await save("f", 'def handler(event, context):\n    raise Exception("Some exception was raised.")\n')
    outcome = await call(pool, spec)
    assert outcome.error == "Exception"
    assert outcome.cause == (
        '{"errorMessage": "Some exception was raised.", "errorType": "Exception", "requestId": "' + REQUEST + '", '
        '"stackTrace": ["  File \\"/var/task/index.py\\", line 2, in handler\\n'
        '    raise Exception(\\"Some exception was raised.\\")\\n"]}')
    assert "Some exception was raised." in outcome.log
    assert (await call(pool, spec)).cold is False  # an exception does not end a worker


async def test_a_japanese_exception_class_is_the_error_name(pool, save):
    spec = await save("f", "class 在庫不足(Exception): pass\ndef handler(event, context): raise 在庫不足('残り0個')\n")
    outcome = await call(pool, spec)
    assert outcome.error == "在庫不足"
    assert '"errorMessage": "残り0個"' in (outcome.cause or "")


async def test_half_a_surrogate_pair_in_a_message_can_be_stored(pool, save):
    spec = await save("f", "def handler(event, context): raise ValueError('\\ud800\\x00')\n")
    outcome = await call(pool, spec)
    assert outcome.error == "ValueError"
    (outcome.cause or "").encode()


@pytest.mark.parametrize(("source", "error", "message"), [
    ("import no_such_module\ndef handler(event, context): pass\n", "Runtime.ImportModuleError",
     "Unable to import module 'index': No module named 'no_such_module'"),
    ("def other(event, context): pass\n", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'index'"),
    ("class 失敗(Exception): pass\nraise 失敗('読み込めません')\n", "失敗", "読み込めません"),
    ("def handler(event, context): return {1, 2}\n", "Runtime.MarshalError",
     "Unable to marshal response: Object of type set is not JSON serializable"),
])
async def test_what_the_runtime_itself_refuses(pool, save, source, error, message):
    outcome = await call(pool, await save("f", source))
    assert outcome.error == error
    report = json.loads(outcome.cause or "")
    assert report["errorMessage"] == message
    assert report["requestId"] == REQUEST


@pytest.mark.parametrize(("body", "reason"), [
    ("os._exit(3)", "Runtime exited with error: exit status 3"),
    ("os._exit(0)", "Runtime exited without providing a reason"),
    ("sys.exit(7)", "Runtime exited with error: exit status 7"),
    ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
])
async def test_a_worker_that_exits_fails_its_call_and_is_replaced(pool, save, body, reason):
    spec = await save("f", f"import os, sys\ndef handler(event, context):\n    if event: {body}\n    return 'well'\n")
    outcome = await call(pool, spec, True)
    assert outcome.error == "Runtime.ExitError"
    assert outcome.cause == f'{{"errorType":"Runtime.ExitError","errorMessage":"RequestId: {REQUEST} Error: {reason}"}}'
    assert (await call(pool, spec, False)).payload == b'"well"'


async def test_a_call_that_runs_too_long_is_killed_with_its_children(pool, save):
    spec = await save("f", """
import os, subprocess, time
def handler(event, context):
    ordinary = subprocess.Popen(["sleep", "600"])
    runaway = subprocess.Popen(["sleep", "600"], start_new_session=True)
    print("pids", os.getpid(), ordinary.pid, runaway.pid, flush=True)
    time.sleep(600)
""", timeout=1)
    outcome = await call(pool, spec)
    assert outcome.error == "Sandbox.Timedout"
    assert outcome.cause == ('{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ' + REQUEST
                             + ' Error: Task timed out after 1.00 seconds"}')
    pids = [int(word) for word in outcome.log.split()[1:4]]
    assert [await gone(pid) for pid in pids] == [True, True, True]


async def test_a_module_that_never_loads_is_killed(pool, save, monkeypatch):
    monkeypatch.setattr("executions.integrations.functions.sandbox.INIT_SECONDS", 1.0)
    outcome = await call(pool, await save("f", "while True: pass\ndef handler(event, context): pass\n", timeout=1))
    assert outcome.error == "Sandbox.Timedout"


async def test_a_cancelled_call_ends_its_worker_and_keeps_its_log(pool, save):
    spec = await save("f", """
import os, time
def handler(event, context):
    print(os.getpid())
    time.sleep(600)
""")
    began = asyncio.Event()
    cut: list[Outcome] = []
    running = asyncio.create_task(call(pool, spec, on_start=began.set, on_cut=cut.append))
    await began.wait()
    while not pool.workers[0]._log._chunks:
        await asyncio.sleep(0.02)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert cut[0].error == "Cancelled"
    assert await gone(int(cut[0].log))


async def test_memory_over_the_limit_kills_the_worker(pool, save):
    spec = await save("f", """
import time
def handler(event, context):
    kept = [bytearray(b"x" * 1024 * 1024) for _ in range(300)]
    time.sleep(60)
""", memory=128)
    outcome = await call(pool, spec)
    assert outcome.error == "Runtime.ExitError"
    assert "signal: killed" in (outcome.cause or "")


async def test_one_huge_allocation_is_refused_at_once(pool, save):
    spec = await save("f", "def handler(event, context): return len(bytearray(8 * 1024 ** 3))\n", memory=128)
    assert (await call(pool, spec)).error == "MemoryError"


async def test_the_end_of_megabytes_of_output_is_kept(pool, save):
    spec = await save("f", """
import sys
def handler(event, context):
    for n in range(100_000):
        print("line", n, "x" * 40)
    print("最後の行", file=sys.stderr)
    return "done"
""")
    outcome = await call(pool, spec)
    assert outcome.payload == b'"done"'
    assert outcome.log.startswith("[")
    assert outcome.log.endswith("最後の行\n")
    assert "line 99999 " in outcome.log
    assert len(outcome.log.encode()) < 70_000


async def test_each_call_has_its_own_log(pool, save):
    spec = await save("f", "def handler(event, context):\n    print('this is', event)\n")
    logs = [(await call(pool, spec, n)).log for n in range(5)]
    assert logs == [f"this is {n}\n" for n in range(5)]


async def test_nothing_of_the_server_is_in_the_environment(pool, save, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    spec = await save("f", """
import os, sys
def handler(event, context):
    fds = sorted(int(fd) for fd in os.listdir("/proc/self/fd"))
    return {"names": sorted(os.environ), "cwd": os.getcwd(), "root": os.environ["LAMBDA_TASK_ROOT"],
            "stdin": sys.stdin.read(), "fds": len(fds), "path": sys.path[0]}
""", environment={"MINE": "1"})
    seen = answer(await call(pool, spec))
    ours = {name for name in seen["names"] if not name.startswith(("AWS_LAMBDA_", "LAMBDA_"))}
    assert ours == {"AWS_EXECUTION_ENV", "AWS_REGION", "AWS_DEFAULT_REGION", "LANG", "MINE", "PATH", "TMPDIR", "TZ",
                    "_HANDLER", "_X_AMZN_TRACE_ID"}
    assert seen["cwd"] == seen["root"] == seen["path"]
    assert seen["stdin"] == ""
    assert seen["fds"] < 10


async def test_an_answer_over_six_megabytes_is_refused(pool, save):
    spec = await save("f", "def handler(event, context): return 'x' * event\n", memory=512)
    outcome = await call(pool, spec, 7 * 1024 * 1024)
    assert outcome.error == "Function.ResponseSizeTooLarge"
    assert len((await call(pool, spec, 6 * 1024 * 1024)).payload) == 6 * 1024 * 1024 + 2


async def test_raw_bytes_are_the_answer_as_they_are(pool, save):
    spec = await save("f", "def handler(event, context): return b'\"HelloWorld!\"'\n")
    assert (await call(pool, spec)).payload == b'"HelloWorld!"'


async def test_an_idle_worker_that_died_is_not_the_next_calls_failure(pool, save):
    spec = await save("f", "import os\ndef handler(event, context): return os.getpid()\n")
    first = answer(await call(pool, spec))
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(20):
        while pool.workers:
            await asyncio.sleep(0.01)
    assert answer(await call(pool, spec)) != first


async def test_a_call_whose_worker_was_dead_before_it_began_goes_to_another(pool, save):
    spec = await save("f", "import os\ndef handler(event, context): return os.getpid()\n")
    first = answer(await call(pool, spec))
    pool.workers[0].kill()  # known to be dead, but its process has not been seen to end
    assert answer(await call(pool, spec)) != first


async def test_idle_workers_end(save, threads):
    pool = Pool(idle_seconds=0.1)
    spec = await save("f", "import os\ndef handler(event, context): return os.getpid()\n")
    pid = answer(await call(pool, spec))
    assert await gone(pid)
    await pool.close()


async def test_calls_over_the_limit_wait_for_their_turn(save, threads):
    pool = Pool(limit=2)
    ours = await save("ours", "import time\ndef handler(event, context):\n    time.sleep(0.05)\n    return event\n")
    theirs = await save("theirs", "def handler(event, context): return event\n")
    outcomes = await asyncio.gather(*(call(pool, spec, n) for n in range(6) for spec in (ours, theirs)))
    assert [json.loads(outcome.payload) for outcome in outcomes] == [n for n in range(6) for _ in range(2)]
    assert len(pool.workers) <= 2
    await pool.close()


async def test_many_kinds_in_few_places_do_not_start_a_worker_for_each_call(save, threads):
    """To start one costs as much as some hundred calls: a worker does all that waits for it before it makes room."""
    pool = Pool(limit=2)
    source = "import os, time\ndef handler(event, context):\n    time.sleep(0.02)\n    return os.getpid()\n"
    kinds = [await save(f"kind-{number}", source) for number in range(4)]
    outcomes = await asyncio.gather(*(call(pool, spec) for _ in range(120) for spec in kinds))
    workers = {answer(outcome) for outcome in outcomes}
    assert 4 <= len(workers) <= len(outcomes) // 4
    assert len(pool.workers) <= 2
    await pool.close()


async def test_a_kind_without_a_worker_gets_a_place_beside_one_that_is_never_idle(save, threads):
    pool = Pool(limit=1)
    busy = await save("busy", "import time\ndef handler(event, context):\n    time.sleep(0.05)\n")
    rare = await save("rare", "def handler(event, context): return 'rare'\n")
    going = True

    async def keep_busy() -> None:
        while going:
            await call(pool, busy)

    others = [asyncio.create_task(keep_busy()) for _ in range(3)]
    await asyncio.sleep(0.3)
    async with asyncio.timeout(30):
        assert answer(await call(pool, rare)) == "rare"
    going = False
    await asyncio.gather(*others)
    await pool.close()


async def test_a_cancelled_wait_for_a_place_takes_none(save, threads):
    pool = Pool(limit=1)
    spec = await save("f", "import time\ndef handler(event, context):\n    time.sleep(event)\n    return 'ok'\n")
    busy = asyncio.create_task(call(pool, spec, 0.5))
    waiting = asyncio.create_task(call(pool, spec, 0))
    await asyncio.sleep(0.2)
    waiting.cancel()
    assert (await busy).payload == b'"ok"'
    assert (await call(pool, spec, 0)).payload == b'"ok"'
    assert pool._places == 1
    await pool.close()


async def test_closing_cancels_calls_instead_of_failing_them(save, threads):
    pool = Pool()
    spec = await save("f", "import time\ndef handler(event, context): time.sleep(600)\n")
    began = asyncio.Event()
    running = asyncio.create_task(call(pool, spec, on_start=began.set))
    await began.wait()
    pid = pool.workers[0]._process.pid
    assert pid is not None
    await pool.close()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not alive(pid)


async def test_a_worker_dies_with_the_server(pool, save):
    """The lifeline: when its other end closes, whatever the worker is doing, its group dies."""
    spec = await save("f", "import time\ndef handler(event, context): time.sleep(600)\n")
    began = asyncio.Event()
    running = asyncio.create_task(call(pool, spec, on_start=began.set))
    await began.wait()
    process = pool.workers[0]._process._process
    process.stdin.close()
    assert (await running).error == "Runtime.ExitError"


async def test_a_stranger_gets_nothing_from_the_runtime_api(pool, save):
    spec = await save("f", "def handler(event, context): return 1\n")
    await call(pool, spec)
    host, _, port = pool._endpoint.address.partition(":")
    for path in ("/2018-06-01/runtime/invocation/next", "/guess/2018-06-01/runtime/invocation/next"):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 403")
        writer.close()
        await writer.wait_closed()


async def test_temporary_files_go_with_the_worker(pool, save):
    spec = await save("f", """
import os, tempfile
def handler(event, context):
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write("x")
    return [os.getpid(), file.name]
""")
    pid, name = answer(await call(pool, spec))
    assert Path(name).exists()
    await pool.close()
    assert not alive(pid)
    deadline = time.monotonic() + 10
    while Path(name).exists() and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert not Path(name).exists()


async def test_folders_of_a_server_that_was_killed_are_removed(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    ended = await asyncio.create_subprocess_exec("true")
    await ended.wait()
    (tmp_path / f"statewright-function-{ended.pid}-abc").mkdir()
    (tmp_path / f"statewright-function-{os.getpid()}-abc").mkdir()
    (tmp_path / "statewright-function-of-mine").mkdir()
    remove_leftovers()
    assert {path.name for path in tmp_path.iterdir()} == {
        f"statewright-function-{os.getpid()}-abc", "statewright-function-of-mine"}


async def test_a_function_saved_between_finding_and_calling_it_is_called_as_it_is_then(pool, save):
    found = await save("f", "def handler(event, context): return 'old'")
    await save("f", "def handler(event, context): return 'new'")  # the old code is no more
    assert answer(await call(pool, found)) == "new"


async def test_a_function_deleted_between_finding_and_calling_it_says_so(pool, save):
    found = await save("f", "def handler(event, context): return 1")
    await in_thread(delete_function, ANYBODY, "f")
    outcome = await call(pool, found)
    assert outcome.error == "Lambda.ServiceException"
    assert "could not be made ready" in (outcome.cause or "")
