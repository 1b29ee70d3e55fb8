"""One worker: a process and its side of the runtime API.  It does one call at a time.

    starting → idle → busy → idle …        dead from anywhere, for good

A worker is handed a call; the call goes out when the worker's poll is there, and its clock runs from
then.  Whatever cuts a call short (time limit, memory, an answer that is too large, nobody waits any
more) kills the process: a worker that is not known to be idle is never used again.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from executions.integrations.functions import outcome as outcomes
from executions.integrations.functions.catalog import FunctionSpec
from executions.integrations.functions.endpoint import Connection, Endpoint
from executions.integrations.functions.log_tail import LogTail
from executions.integrations.functions.outcome import Failure, Outcome
from executions.integrations.functions.process import PATH, Process, resident_bytes, roughly_resident_bytes

MEBIBYTE: Final = 1024 * 1024
HEADROOM: Final = 32 * MEBIBYTE  # the interpreter and the runtime client: about 20 MiB
ADDRESS_SPACE: Final = 1024 * MEBIBYTE  # libraries map far more than they use; this only bounds a sudden jump
INIT_SECONDS: Final = 10.0  # Lambda's limit for loading the code; a longer timeout of the function counts instead


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function.  `payload` is JSON text.

    `on_start` is called when the worker takes it; `on_cut` with what there is (the log) when it is cancelled.
    """

    request_id: str
    payload: bytes
    function_arn: str
    client_context: Any = None
    on_start: Callable[[], None] | None = None
    on_cut: Callable[[Outcome], None] | None = None


class WorkerGoneError(Exception):
    """The worker ended before it took the call, which another can do."""


class Sandbox:
    """`on_exit(sandbox)` is called when the process has ended."""

    def __init__(self, spec: FunctionSpec, code: Path, endpoint: Endpoint, on_exit: Callable[[Sandbox], None],
                 packages: Path | None = None) -> None:
        self.spec = spec
        self.dead = False
        self.served = 0
        self.made_at = self.idle_since = time.monotonic()
        self._endpoint = endpoint
        self._on_exit = on_exit
        self._loop = asyncio.get_running_loop()
        self._poll: Connection | None = None
        self._call: Call | None = None
        self._result: asyncio.Future[Outcome] | None = None
        self._clock: asyncio.TimerHandle | None = None
        self._began = 0.0
        self._token = secrets.token_urlsafe(24)
        endpoint.runtimes[self._token] = self
        address_space = spec.memory * MEBIBYTE + ADDRESS_SPACE
        more = [str(packages)] if packages is not None else []
        self._process = Process([spec.handler, str(code), str(address_space), *more], code, self._environment(code),
                                self._token, self._exited)
        self._log = LogTail(self._process.output)
        self._code = str(code)
        self._loop.add_reader(self._process.output, self._readable)

    def _environment(self, code: Path) -> dict[str, str]:
        """Everything the function sees: its own variables and what Lambda sets; nothing of the server's."""
        spec = self.spec
        return {
            "PATH": PATH, "LANG": "C.UTF-8", "TZ": ":UTC",
            "AWS_REGION": spec.region, "AWS_DEFAULT_REGION": spec.region,
            **spec.environment,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
            "AWS_LAMBDA_RUNTIME_API": f"{self._endpoint.address}/{self._token}",
            "AWS_LAMBDA_FUNCTION_NAME": spec.name,
            "AWS_LAMBDA_FUNCTION_VERSION": spec.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{spec.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": self._token[:8],
            "LAMBDA_TASK_ROOT": str(code), "LAMBDA_RUNTIME_DIR": str(code),
            "_HANDLER": spec.handler,
        }

    @property
    def busy(self) -> bool:
        return self._result is not None

    @property
    def reusable(self) -> bool:
        return not self.dead and self._result is None

    async def run(self, call: Call) -> Outcome:
        """Do one call; cancelling it kills the worker.  Raises WorkerGoneError when the call was not begun."""
        if self.dead:
            raise WorkerGoneError
        self._call = call
        self._result = self._loop.create_future()
        if self._poll is not None and self._poll.open:
            self._hand_over()
        else:
            limit = max(INIT_SECONDS, self.spec.timeout)
            self._clock = self._loop.call_later(limit, self._time_out, limit)
        try:
            return await self._result
        except asyncio.CancelledError:
            self._cut(call)
            raise
        finally:
            self._result = self._call = None
            self.idle_since = time.monotonic()

    def _hand_over(self) -> None:
        """The worker polls and there is a call: off it goes, and its time runs."""
        call, connection = self._call, self._poll
        if call is None or connection is None or self._began:
            return
        self._stop_clock()
        self._poll = None
        self._began = time.monotonic()
        self._clock = self._loop.call_later(self.spec.timeout, self._time_out, self.spec.timeout)
        headers = {
            "Lambda-Runtime-Aws-Request-Id": call.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + self.spec.timeout) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": call.function_arn,
            "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Sampled=0",
        }
        if call.client_context is not None:
            headers["Lambda-Runtime-Client-Context"] = json.dumps(call.client_context)
        connection.respond(200, headers, call.payload)
        if call.on_start is not None:
            call.on_start()

    # The runtime API's side (endpoint.Runtime)

    def polled(self, connection: Connection) -> None:
        self._poll = connection
        self._hand_over()

    def answered(self, request_id: str, body: bytes | None) -> bool:
        if self._call is None or self._call.request_id != request_id:
            return False
        if body is None:
            self._finish(outcomes.too_large(), kill=True)
        else:
            self._finish(None, body)
        return True

    def failed(self, request_id: str, body: bytes | None) -> bool:
        if self._call is None or self._call.request_id != request_id:
            return False
        self._finish(outcomes.raised(self._plain(body), request_id), kill=body is None)
        return True

    def init_failed(self, body: bytes | None) -> bool:
        """The code could not be loaded; the process ends by itself, but is of no use from here on."""
        if self._call is not None:
            self._finish(outcomes.raised(self._plain(body), self._call.request_id))
        self.dead = True
        return True

    def _plain(self, body: bytes | None) -> bytes:
        """A report with the code's folder written as AWS shows it, so that no path of this machine gets out."""
        return (body or b"").replace(json.dumps(self._code)[1:-1].encode(), b"/var/task")

    # Ends

    def _cut(self, call: Call) -> None:
        """Nobody waits any more."""
        outcome = self._outcome(Failure("Cancelled", "Nobody waits for this call any more."))
        self.kill()
        if call.on_cut is not None and outcome.duration_ms:
            call.on_cut(outcome)

    def _finish(self, failure: Failure | None, payload: bytes = b"", *, kill: bool = False) -> None:
        outcome = self._outcome(failure, payload)
        if self._result is not None and not self._result.done():
            self._result.set_result(outcome)
        if kill:
            self.kill()

    def _outcome(self, failure: Failure | None, payload: bytes = b"") -> Outcome:
        """What came of the call under way, which ends here."""
        self._stop_clock()
        self._log.drain()
        log = self._log.take().replace(self._code, "/var/task")
        duration = (time.monotonic() - self._began) * 1000 if self._began else 0.0
        cold, self._began = self.served == 0, 0.0
        self.served += 1
        error, cause = (failure.error, failure.cause) if failure else (None, None)
        return Outcome(payload, error, cause, log, round(duration, 3), cold)

    def _time_out(self, seconds: float) -> None:
        if self._call is not None:
            self._finish(outcomes.timed_out(seconds, self._call.request_id), kill=True)

    def check_memory(self) -> None:
        """Kill the worker when it holds more than the function may have."""
        pid, limit = self._process.pid, self.spec.memory * MEBIBYTE + HEADROOM
        if pid is not None and roughly_resident_bytes(pid) > limit and resident_bytes(pid) > limit:
            self.kill()

    def so_far(self) -> tuple[str, str] | None:
        """(request id, what it has written) of the call under way."""
        if self._call is None or not self._began:
            return None
        return self._call.request_id, self._log.peek().replace(self._code, "/var/task")

    def abandon(self) -> None:
        """The server stops: whoever waits for a call is cancelled and hears of no failure."""
        if self._result is not None:
            self._result.cancel()
        self.kill()

    def kill(self) -> None:
        self.dead = True
        self._stop_clock()
        self._process.kill()

    def _exited(self, returncode: int | None) -> None:
        if self._result is not None and not self._result.done() and self.served and not self._began:
            self._result.set_exception(WorkerGoneError())
        elif self._call is not None:
            failure = (outcomes.not_started("A worker process could not be started.") if returncode is None
                       else outcomes.exited(returncode, self._call.request_id))
            self._finish(failure)
        self.dead = True
        self._stop_clock()
        self._endpoint.runtimes.pop(self._token, None)
        if self._poll is not None:
            self._poll.close()
        self._loop.remove_reader(self._process.output)
        os.close(self._process.output)
        self._on_exit(self)

    def _readable(self) -> None:
        self._log.read()
        if self._log.ended:
            self._loop.remove_reader(self._process.output)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
