"""Tasks that call a function of this installation.

    arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]     the result is the function's answer
    arn:aws:states:::lambda:invoke                              the result tells of the call as well
    arn:aws:states:::lambda:invoke.waitForTaskToken             the call is handed over, the answer comes later
"""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, Final

from designer.asl.errors import DATA_LIMIT
from designer.asl.jsontext import dump_bytes, loads
from executions.actions.limits import limits
from executions.engine.signals import Began, Replied, Submitted
from executions.integrations.functions import catalog, remote, runtime
from executions.integrations.functions.catalog import LATEST, FunctionName, FunctionSpec, parse_name
from executions.integrations.functions.outcome import Outcome, compact
from executions.integrations.functions.schema import DRY_RUN, EVENT, SYNCHRONOUS, Invoke, read
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.integrations.metadata import with_metadata

STATUS: Final = {SYNCHRONOUS: 200, EVENT: 202, DRY_RUN: 204}
_detached: set[asyncio.Task[Any]] = set()  # calls that go on although no task waits for them


class FunctionTask:
    """A function ARN as the resource: the state's payload goes in, the answer is the result."""

    async def run(self, request: TaskRequest, send: Send) -> None:
        task = request.task
        name = parse_name(task.resource.arn)
        began = _Began(request, send)
        spec = await catalog.find(name.name, name.qualifier)
        if spec is None:
            outcome, _ = await _elsewhere(name, Invoke(name, task.payload, SYNCHRONOUS, None), request, began)
        else:
            outcome = await _call(spec, task.payload, request, began)
        if outcome.error is not None:
            raise TaskError(outcome.error, outcome.cause)
        send(Replied(task.ask, _answer(outcome, task.resource.arn)))


class InvokeTask:
    """The optimised integration."""

    async def run(self, request: TaskRequest, send: Send) -> None:
        task = request.task
        if task.submitted:
            return  # the call was made before the restart; only the token's answer is missing
        invoke = read(task.payload)
        began = _Began(request, send)
        spec = await catalog.find(invoke.function.name, invoke.function.qualifier)
        waits = task.resource.waits_for_token
        if spec is None:
            result = await _remotely(invoke, request, began)
        else:
            result = await (_let_finish if waits else _directly)(spec, invoke, request, began)
        send(Submitted(task.ask, result) if waits else Replied(task.ask, result))


class _Began:
    """Says once that the work has begun: when a worker takes the call, so that waiting for one costs no time limit."""

    def __init__(self, request: TaskRequest, send: Send) -> None:
        self._ask, self._send = request.task.ask, send
        self._said = request.task.begun

    def __call__(self) -> None:
        if not self._said:
            self._said = True
            self._send(Began(self._ask))


async def _elsewhere(name: FunctionName, invoke: Invoke, request: TaskRequest, began: _Began) -> tuple[Outcome, str]:
    """Call a function that is not of this installation: the outcome and the version; TaskError when there is none."""
    began()
    _, _, _, region, account, *_ = request.machine_arn.split(":")
    if remote.is_configured():
        found = await remote.invoke(name, invoke, region)
        if found is not None:
            return found
    arn = ":".join(["arn", "aws", "lambda", name.region or region, name.account or account, "function", name.name,
                    name.qualifier or LATEST])
    raise TaskError("Lambda.ResourceNotFoundException",
                    f"Function not found: {arn} (Service: AWSLambda; Status Code: 404; Error Code: "
                    f"ResourceNotFoundException; Request ID: {uuid.uuid4()}; Proxy: null)")


async def _remotely(invoke: Invoke, request: TaskRequest, began: _Began) -> dict[str, Any]:
    outcome, version = await _elsewhere(invoke.function, invoke, request, began)
    if outcome.error is not None:
        raise TaskError(outcome.error, compact(outcome.cause))
    answer = _answer(outcome, "lambda") if invoke.invocation_type == SYNCHRONOUS else None
    return _envelope(invoke, version, answer, len(outcome.payload))


async def _directly(spec: FunctionSpec, invoke: Invoke, request: TaskRequest, began: _Began) -> dict[str, Any]:
    if invoke.invocation_type == SYNCHRONOUS:
        outcome = await _call(spec, invoke.payload, request, began, invoke.client_context)
        if outcome.error is not None:
            raise TaskError(outcome.error, compact(outcome.cause))
        return _envelope(invoke, spec.version, _answer(outcome, "lambda"), len(outcome.payload))
    began()
    if invoke.invocation_type == EVENT:
        _detach(_call(spec, invoke.payload, request, began, invoke.client_context))
    return _envelope(invoke, spec.version, None, 0)


async def _let_finish(spec: FunctionSpec, invoke: Invoke, request: TaskRequest, began: _Began) -> dict[str, Any]:
    """As `_directly`, but the call goes on when the task is over: the function itself may have sent the answer."""
    return await asyncio.shield(_detach(_directly(spec, invoke, request, began)))


def _detach(call: Any) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.ensure_future(call)
    _detached.add(task)
    task.add_done_callback(_forget)
    return task


def _forget(task: asyncio.Task[Any]) -> None:
    _detached.discard(task)
    if not task.cancelled():
        task.exception()  # asked for, so that nobody complains that it never was: the journal has it


async def _call(spec: FunctionSpec, payload: Any, request: TaskRequest, began: _Began,
                client_context: Any = None) -> Outcome:
    """Call the function; what came of it, good or bad."""
    text = dump_bytes(payload)
    if len(text) > limits().largest_payload:
        began()
        raise _too_large(spec.arn)
    result = await runtime.current().invoke(
        spec, text, client_context=client_context, execution=request.execution, ask=request.task.ask, on_start=began)
    began()  # it may have failed before a worker took it
    return result.outcome


def _answer(outcome: Outcome, name: str) -> Any:
    """The answer as a JSON value; what is no JSON is a string."""
    try:
        value = loads(outcome.payload)
    except ValueError:
        value = outcome.payload.decode("utf-8", "replace")
    # The runtime escapes everything beyond ASCII, so its own length is too strict for Japanese text.
    largest = limits().largest_payload
    if len(outcome.payload) > largest and len(dump_bytes(value)) > largest:
        raise _too_large(name)
    return value


def _too_large(name: str) -> TaskError:
    return TaskError(DATA_LIMIT, f"The state/task '{name}' returned a result with a size exceeding the maximum number "
                                 "of bytes service limit.")


def _envelope(invoke: Invoke, version: str, answer: Any, size: int) -> dict[str, Any]:
    """The result of lambda:invoke; only a call that was waited for has a version and a payload."""
    status = STATUS[invoke.invocation_type]
    result: dict[str, Any] = {"StatusCode": status}
    headers = {"Connection": "keep-alive", "Content-Length": str(size), "Content-Type": "application/json",
               "X-Amzn-Trace-Id": "Sampled=0", "x-amzn-Remapped-Content-Length": "0"}
    if invoke.invocation_type == SYNCHRONOUS:
        result |= {"ExecutedVersion": version, "Payload": answer}
        headers["X-Amz-Executed-Version"] = version
    return with_metadata(result, headers, str(uuid.uuid4()), status)
