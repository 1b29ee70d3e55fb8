"""The activity worker: answers, failures, back-off, heartbeats, a graceful end; against a client of the tests' own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from executions.integrations.activity import worker as module
from executions.integrations.activity.worker import Failure, Worker


class Refusal(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


class Client:
    """Gives out `tasks`, then nothing; keeps what is answered."""

    def __init__(self, *tasks: Any) -> None:
        self.tasks = [{"taskToken": f"t{number}", "input": json.dumps(task)} for number, task in enumerate(tasks)]
        self.answers: list[tuple[str, str, Any]] = []
        self.beats: list[str] = []
        self.polls = 0
        self.poll_errors: list[Exception] = []
        self.answer_errors: list[Exception] = []
        self.beat_error: Exception | None = None

    def get_activity_task(self, activityArn: str, workerName: str) -> dict[str, Any]:
        self.polls += 1
        if self.poll_errors:
            raise self.poll_errors.pop(0)
        if self.tasks:
            return self.tasks.pop(0)
        time.sleep(0.01)
        return {}

    def send_task_success(self, taskToken: str, output: str) -> None:
        self._take(taskToken, "success", json.loads(output))

    def send_task_failure(self, taskToken: str, error: str, cause: str) -> None:
        self._take(taskToken, "failure", (error, cause))

    def send_task_heartbeat(self, taskToken: str) -> None:
        self.beats.append(taskToken)
        if self.beat_error is not None:
            raise self.beat_error

    def _take(self, *answer: Any) -> None:
        if self.answer_errors:
            raise self.answer_errors.pop(0)
        self.answers.append(answer)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.001)


def work(client: Client, handler: Callable[[Any], Any], until: Callable[[], Any], **options: Any) -> Worker:
    worker = Worker("arn", handler, client, **options)
    running = threading.Thread(target=worker.run)
    running.start()
    end = time.monotonic() + 20
    while not until() and time.monotonic() < end:
        time.sleep(0.005)
    worker.stop()
    running.join(20)
    assert not running.is_alive()
    return worker


def test_results_and_failures() -> None:
    def handler(given: Any) -> Any:
        if given == "boom":
            raise ValueError("no boom")
        if given == "named":
            raise Failure("OutOfStock", "no lamp left")
        return {"注文": given}

    client = Client("a", "boom", "named")
    worker = work(client, handler, lambda: len(client.answers) == 3)
    assert client.answers == [("t0", "success", {"注文": "a"}), ("t1", "failure", ("ValueError", "no boom")),
                              ("t2", "failure", ("OutOfStock", "no lamp left"))]
    assert (worker.done, worker.failed) == (3, 2)


def test_it_outlives_its_server() -> None:
    client = Client("a")
    client.poll_errors = [OSError("refused")] * 4
    client.answer_errors = [OSError("gone"), Refusal("ThrottlingException")]
    work(client, lambda given: given, lambda: client.answers)
    assert client.answers == [("t0", "success", "a")]
    assert client.polls >= 5


def test_pauses_grow_and_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 1.0)
    monkeypatch.setattr(module.random, "uniform", lambda low, high: 1.0)
    waits: list[float] = []
    client = Client()
    client.poll_errors = [OSError("refused")] * 9
    worker = Worker("arn", lambda given: given, client)

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 9:
            worker.stop()
        return False

    monkeypatch.setattr(worker._stopping, "wait", wait)
    worker._work()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_an_answer_that_nobody_wants_is_not_repeated(code: str) -> None:
    client = Client("a", "b")
    client.answer_errors = [Refusal(code)]
    work(client, lambda given: given, lambda: client.answers)
    assert client.answers == [("t1", "success", "b")]


def test_heartbeats_while_it_works_and_none_after() -> None:
    client = Client("a")

    def handler(given: Any) -> Any:
        while len(client.beats) < 3:
            time.sleep(0.005)
        return given

    work(client, handler, lambda: client.answers, heartbeat=0.01)
    assert set(client.beats) == {"t0"}


def test_a_task_that_is_over_is_noticed() -> None:
    client = Client("a")
    client.beat_error = Refusal("TaskTimedOut")
    ended = threading.Event()

    def handler(given: Any) -> Any:
        try:
            while True:
                worker[0].check()
                time.sleep(0.005)
        finally:
            ended.set()

    worker = [Worker("arn", handler, client, heartbeat=0.01)]
    running = threading.Thread(target=worker[0].run)
    running.start()
    assert ended.wait(20)
    worker[0].stop()
    running.join(20)
    assert client.answers == []


def test_a_graceful_end_finishes_what_runs() -> None:
    client, begun, go = Client("a", "b"), threading.Event(), threading.Event()

    def handler(given: Any) -> Any:
        begun.set()
        assert go.wait(20)
        return given

    worker = Worker("arn", handler, client)
    running = threading.Thread(target=worker.run)
    running.start()
    assert begun.wait(20)
    worker.stop()
    go.set()
    running.join(20)
    assert client.answers == [("t0", "success", "a")]  # and the second was left to others
    assert len(client.tasks) == 1


@pytest.mark.parametrize(("handler", "said"), [
    ("no_such_module:f", "cannot be loaded"), ("json:nothing", "cannot be loaded"), ("json:__name__", "is no function"),
])
def test_a_handler_that_is_not_there(handler: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("worker", "resize", handler)
