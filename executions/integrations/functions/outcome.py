"""What came of a function call: its payload or its error, in the words of AWS Lambda and Step Functions."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass
from typing import Any

MAX_ERROR, MAX_CAUSE = 256, 32_768  # quotas.md §2
MAX_RESPONSE_BYTES = 6_291_556  # Lambda's limit for a synchronous answer
UNKNOWN = "Lambda.Unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`payload` is the answer as the function gave it; `error` (ASL error name) and `cause` are set when it failed.

    `duration_ms` counts from the hand-over to the worker, without the worker's start.
    """

    payload: bytes = b""
    error: str | None = None
    cause: str | None = None
    log: str = ""
    duration_ms: float = 0.0
    cold: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """An error name and its cause."""

    error: str
    cause: str


def raised(body: bytes, request_id: str) -> Failure:
    """What the runtime reported: {errorMessage, errorType, requestId, stackTrace}, spaced as the runtime writes it."""
    try:
        report: Any = json.loads(body)
    except ValueError:
        report = None
    if not isinstance(report, dict) or not report.get("errorType"):
        text = body.decode("utf-8", "replace")
        return _failure(UNKNOWN, "The cause could not be determined because Lambda did not return an error type. "
                                 f"Returned payload: {text}")
    if report.get("requestId") == "":
        report["requestId"] = request_id  # an error while importing knows of no request yet
    return _failure(str(report["errorType"]), json.dumps(report, ensure_ascii=False))


def compact(cause: str | None) -> str | None:
    """A cause as lambda:invoke gives it: JSON without blanks (recorded; a function ARN hands it on as it is)."""
    if cause is None or not cause.startswith("{"):
        return cause
    try:
        return json.dumps(json.loads(cause), ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        return cause  # it was cut at its greatest length


def timed_out(seconds: float, request_id: str) -> Failure:
    return _platform("Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds")


def exited(code: int, request_id: str) -> Failure:
    """The worker ended in the middle of a call; `code` as subprocess gives it (negative: a signal)."""
    if code == 0:
        reason = "Runtime exited without providing a reason"
    elif code > 0:
        reason = f"Runtime exited with error: exit status {code}"
    else:
        name = signal.strsignal(-code) or f"signal {-code}"
        reason = f"Runtime exited with error: signal: {name.lower()}"
    return _platform("Runtime.ExitError", f"RequestId: {request_id} Error: {reason}")


def too_large() -> Failure:
    return _platform(
        "Function.ResponseSizeTooLarge",
        f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes).")


def not_started(reason: str) -> Failure:
    """No worker could be started for the call."""
    return _failure("Lambda.ServiceException", reason)


def _platform(error_type: str, message: str) -> Failure:
    cause = json.dumps({"errorType": error_type, "errorMessage": message}, ensure_ascii=False, separators=(",", ":"))
    return _failure(error_type, cause)


def _failure(error: str, cause: str) -> Failure:
    return Failure(_storable(error)[:MAX_ERROR], _storable(cause)[:MAX_CAUSE])


def _storable(text: str) -> str:
    """Python lets a message hold half a surrogate pair or a NUL; no database does."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "�")
