"""A worker for activities: anywhere, on any machine that reaches the AWS API of this (or AWS's own) installation.

    from worker import Worker          # this file alone; it needs boto3 and nothing else of the project
    Worker("arn:aws:states:…:activity:resize", resize, boto3.client("stepfunctions", endpoint_url=…)).run()

`handler(input)` gets the task's input as a Python value; what it returns is the result, and an exception is the
failure: its class is the error, its text the cause.  Each of `concurrency` threads polls, works and answers by itself:

    poll (long, 60 s) → work, with a heartbeat every `heartbeat` seconds → answer, tried again until it is taken
    an error of the network or the service: wait, twice as long each time up to a minute, with jitter
    stop: no new poll; what runs is finished and answered, a poll that is out is waited for, since it may bring a task
"""

from __future__ import annotations

import json
import logging
import random
import threading
from collections.abc import Callable
from typing import Any, Final

log = logging.getLogger("statewright.worker")

FIRST_PAUSE: Final = 0.5  # seconds
LONGEST_PAUSE: Final = 60.0
ANSWERS: Final = 8  # attempts to give an answer
MAX_CAUSE: Final = 32_768
# The task is over (timed out, stopped, answered): nobody wants an answer any more.
OVER: Final = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")


class Failure(Exception):  # noqa: N818  what a handler raises to choose the error's name
    """raise Failure("OutOfStock", "There is no lamp left.")"""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(error, cause)
        self.error, self.cause = error, cause


class TaskOver(Exception):  # noqa: N818  the word of the API
    """The task was stopped or timed out while the handler worked; `Worker.check` raises it."""


class Worker:
    """Polls one activity.  `client` is a boto3 stepfunctions client with a read timeout above 65 seconds."""

    def __init__(self, activity_arn: str, handler: Callable[[Any], Any], client: Any, *, concurrency: int = 1,
                 heartbeat: float | None = None, name: str = "") -> None:
        self.activity_arn, self.handler, self.client = activity_arn, handler, client
        self.concurrency, self.heartbeat, self.name = concurrency, heartbeat, name
        self.done = self.failed = 0
        self._stopping = threading.Event()
        self._here = threading.local()

    def run(self) -> None:
        """Work until `stop` is called; returns when everything that ran is answered."""
        threads = [threading.Thread(target=self._work, name=f"activity-{number}", daemon=True)
                   for number in range(self.concurrency)]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.5)  # short, so that a signal's handler gets its turn

    def stop(self) -> None:
        """Take no further task; from a signal handler, too."""
        self._stopping.set()

    def check(self) -> None:
        """For long handlers: TaskOver when nobody waits for this task any more (known after a heartbeat)."""
        over: threading.Event | None = getattr(self._here, "over", None)
        if over is not None and over.is_set():
            raise TaskOver

    def _work(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                task = self.client.get_activity_task(activityArn=self.activity_arn, workerName=self.name)
            except Exception as error:  # of whatever kind: the worker outlives its server
                log.warning("Polling failed, again in about %.1f s: %s", pause, error)
                self._stopping.wait(pause * random.uniform(0.5, 1.0))  # noqa: S311
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            if task.get("taskToken"):
                self._do(task["taskToken"], task.get("input") or "null")

    def _do(self, token: str, text: str) -> None:
        over, ended = threading.Event(), threading.Event()
        self._here.over = over
        beating = threading.Thread(target=self._beat, args=(token, over, ended), daemon=True)
        if self.heartbeat:
            beating.start()
        try:
            answer = self._answer_of(text)
        finally:
            ended.set()
        if over.is_set() or answer is None:
            log.warning("A task was over before it was answered.")
            return
        self._give(token, *answer)

    def _answer_of(self, text: str) -> tuple[Callable[..., Any], dict[str, str]] | None:
        """(the call that answers, its arguments)."""
        try:
            result = self.handler(json.loads(text))
            return self.client.send_task_success, {"output": json.dumps(result, ensure_ascii=False)}
        except TaskOver:
            return None
        except Failure as failure:
            error, cause = failure.error, failure.cause
        except Exception as problem:
            log.exception("The handler failed.")
            error, cause = type(problem).__name__, str(problem)
        return self.client.send_task_failure, {"error": error[:256], "cause": cause[:MAX_CAUSE]}

    def _give(self, token: str, call: Callable[..., Any], arguments: dict[str, str]) -> None:
        pause = FIRST_PAUSE
        for _ in range(ANSWERS):
            try:
                call(taskToken=token, **arguments)
            except Exception as error:
                if _code(error) in OVER:
                    log.warning("The answer came too late: %s", error)
                    return
                if _code(error) == "InvalidOutput":
                    call, arguments = self.client.send_task_failure, {"error": "InvalidOutput", "cause": str(error)}
                log.warning("An answer was not taken, again in about %.1f s: %s", pause, error)
                threading.Event().wait(pause * random.uniform(0.5, 1.0))  # noqa: S311
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            self.done += 1
            self.failed += "error" in arguments
            return
        log.error("An answer was given up after %d attempts.", ANSWERS)

    def _beat(self, token: str, over: threading.Event, ended: threading.Event) -> None:
        """Tell that the handler is alive; notice when nobody waits any more."""
        while not ended.wait(self.heartbeat):
            try:
                self.client.send_task_heartbeat(taskToken=token)
            except Exception as error:
                if _code(error) in OVER:
                    over.set()
                    return
                log.warning("A heartbeat was not taken: %s", error)


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    return str(code)
