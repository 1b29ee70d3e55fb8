"""The verbs on functions: save, delete, invoke (the test button), list."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from designer.asl.jsontext import dump_bytes, dumps, loads
from designer.errors import ActionError
from designer.noting import note
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.integrations.functions import catalog, code, requirements, runtime
from executions.integrations.functions import concurrency as concurrencies
from executions.integrations.functions.catalog import FunctionSpec
from executions.integrations.functions.outcome import Outcome
from executions.models import Function
from executions.store.writes import storable

# As in AWS, but any letters and digits of any script: functions may have Japanese names.
NAME: Final = re.compile(r"[\w-]{1,64}")
HANDLER: Final = re.compile(r"[\w.]+\.\w+")
VARIABLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
RESERVED: Final = re.compile(r"_HANDLER|_X_AMZN_TRACE_ID|AWS_LAMBDA_.*|AWS_EXECUTION_ENV|LAMBDA_.*|TMPDIR|"
                             r"_LAMBDA_.*|AWS_REGION|AWS_DEFAULT_REGION")
RUNTIMES: Final = ("python3.11",)
MAX_TIMEOUT: Final = 900
MEMORY: Final = (64, 10_240)
MAX_ENVIRONMENT_BYTES: Final = 4_096
MAX_DESCRIPTION: Final = 256
MAX_TEST_PAYLOAD_BYTES: Final = 6 * 1024 * 1024
GRACE_SECONDS: Final = 15.0  # what a call may take besides the function's own time: a worker's start


@dataclass(frozen=True, slots=True)
class TestResult:
    """What the test button shows.  `payload` is the answer as JSON text (any text if it was no JSON); `error` and
    `cause` are set when the call failed."""

    request_id: str
    payload: str | None
    error: str | None
    cause: str | None
    log: str
    duration_ms: float
    cold: bool


def save_function(actor: Actor, name: str, *, source: str | None = None, zip_file: bytes | None = None,
                  handler: str = "index.handler", timeout: int = 30, memory: int = 256,
                  environment: Mapping[str, str] | None = None, description: str = "",
                  runtime_name: str = "python3.11", requirements_text: str | None = None,
                  concurrency: int | None = None) -> Function:
    """Create or change a function.  Code comes as `source` (one file, index.py) or as `zip_file`; a change
    without either keeps the code.  `requirements_text` goes with `source`: lines of name==version; None keeps them.
    `concurrency`: calls at once, None for no limit of its own.

    Refuses with InvalidParameterValueException: members `field`, and for broken code `line` and `column`.
    """
    require(actor, Permission.DESIGN)
    _check_name(name)
    environment = dict(environment or {})
    _check_configuration(handler, timeout, memory, description, runtime_name)
    _check_environment(environment)
    concurrencies.check(concurrency)
    if source is not None and zip_file is not None:
        raise _refused("source", "Give either the source or a zip, not both.")
    config = settings.CONFIG
    with transaction.atomic():
        row = Function.objects.select_for_update().filter(name=name).order_by("pk").first()
        if row is None:
            if source is None and zip_file is None:
                raise _refused("source", f"The new function '{name}' needs code.")
            row = Function(name=name, account=config.account, region=config.region, created_at=timezone.now())
        _set_code(row, source, zip_file, handler, requirements_text)
        concurrencies.put(row, concurrency)
        row.handler, row.timeout, row.memory = handler, timeout, memory
        row.environment, row.description, row.runtime = environment, description, runtime_name
        row.updated_at, row.updated_by_id = timezone.now(), actor.user_id or None
        row.save()
        note(actor, "function.saved", f"function:{name}", sha256=row.sha256, variables=sorted(environment))
    catalog.forget(name)
    requirements.begin(bytes(row.code))
    return row


def _set_code(row: Function, source: str | None, zip_file: bytes | None, handler: str, needed: str | None) -> None:
    if source is None and zip_file is None and needed is not None and row.source:
        source = row.source  # only the requirements change
    if source is not None:
        code.check_source(source)
        if needed is None:
            needed = requirements.read(bytes(row.code)) if row.code and row.source else ""
        requirements.check(needed)
        row.code, row.source = code.zip_of(source, needed.strip()), source
    elif zip_file is not None:
        code.check_zip(zip_file)
        row.code, row.source = zip_file, _readable_source(zip_file)
    content = bytes(row.code)
    code.check_handler_file(content, handler)
    row.sha256 = code.digest(content)


def _readable_source(zip_file: bytes) -> str:
    """The text of a zip that holds nothing but a small index.py, which can then be edited in the browser."""
    with zipfile.ZipFile(io.BytesIO(zip_file)) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename != requirements.FILE]
        if [entry.filename for entry in entries] != [code.SOURCE_FILE]:
            return ""
        if entries[0].file_size > code.MAX_SOURCE_CHARACTERS:
            return ""
        try:
            return archive.read(entries[0]).decode("utf-8")
        except UnicodeDecodeError:
            return ""


def delete_function(actor: Actor, name: str) -> None:
    """Delete a function and the logs of its calls; calls under way end as they will."""
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        deleted, _ = Function.objects.filter(name=name).delete()
        if deleted:
            note(actor, "function.deleted", f"function:{name}")
    catalog.forget(name)
    if not deleted:
        raise no_such_function(name)


def find_function(actor: Actor, name: str) -> Function:
    require(actor, Permission.VIEW)
    row = Function.objects.filter(name=name).select_related("updated_by").order_by("pk").first()
    if row is None:
        raise no_such_function(name)
    return row


def list_functions(actor: Actor) -> QuerySet[Function]:
    """All functions by name, without their code."""
    require(actor, Permission.VIEW)
    return Function.objects.defer("code", "source").select_related("updated_by").order_by("name")


def invoke_function(actor: Actor, name: str, payload: Any) -> TestResult:
    """Call a function once, with a JSON value, outside any execution; waits for it (from a view's thread)."""
    require(actor, Permission.OPERATE)
    text = dump_bytes(payload)
    if len(text) > MAX_TEST_PAYLOAD_BYTES:
        raise _refused("payload", f"The event has {len(text)} bytes; at most {MAX_TEST_PAYLOAD_BYTES} are allowed.")
    row = Function.objects.filter(name=name).defer("code", "source").order_by("pk").first()
    if row is None:
        raise no_such_function(name)
    spec = catalog.spec_of(row)
    gateway.engine()  # says clearly when there is none
    try:
        result = gateway.from_thread(_invoke(spec, text), timeout=spec.timeout + GRACE_SECONDS)
    except WaitedTooLong:
        raise ActionError("ServiceException", f"'{name}' could not be called within {spec.timeout + GRACE_SECONDS:.0f} "
                          "seconds; all workers are busy.") from None
    return _shown(result.request_id, result.outcome)


async def _invoke(spec: FunctionSpec, payload: bytes) -> runtime.Result:
    return await runtime.current().invoke(spec, payload)


def _shown(request_id: str, outcome: Outcome) -> TestResult:
    payload: str | None = None
    if outcome.error is None:
        try:
            payload = dumps(loads(outcome.payload))
        except ValueError:
            payload = outcome.payload.decode("utf-8", "replace")
    return TestResult(request_id, payload, outcome.error, outcome.cause, outcome.log, outcome.duration_ms, outcome.cold)


def no_such_function(name: str) -> ActionError:
    return ActionError("ResourceNotFoundException", f"Function not found: {name}")


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise _refused("name", f"'{name}' is no name for a function: 1 to 64 letters, digits, hyphens and underscores.")


def _check_configuration(handler: str, timeout: int, memory: int, description: str, runtime_name: str) -> None:
    if len(handler) > 128 or not HANDLER.fullmatch(handler):
        raise _refused("handler", f"The handler '{handler}' must be MODULE.FUNCTION, for example index.handler.")
    if not _whole(timeout, 1, MAX_TIMEOUT):
        raise _refused("timeout", f"The timeout must be a whole number of seconds from 1 to {MAX_TIMEOUT}.")
    if not _whole(memory, *MEMORY):
        raise _refused("memory", f"The memory must be a whole number of MiB from {MEMORY[0]} to {MEMORY[1]}.")
    if len(description) > MAX_DESCRIPTION:
        raise _refused("description", f"The description must not be longer than {MAX_DESCRIPTION} characters.")
    if runtime_name not in RUNTIMES:
        raise _refused("runtime", f"The runtime '{runtime_name}' is not available; available: {', '.join(RUNTIMES)}.")


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _check_environment(environment: Mapping[Any, Any]) -> None:
    for name, value in environment.items():
        if not isinstance(name, str) or not VARIABLE.fullmatch(name):
            raise _refused("environment", f"'{name}' is no name for an environment variable: letters, digits and "
                                          "underscores, a letter first.")
        if RESERVED.fullmatch(name):
            raise _refused("environment", f"The environment variable '{name}' is reserved; choose another name.")
        if not isinstance(value, str) or storable(value) != value:
            raise _refused("environment", f"The value of the environment variable '{name}' must be text.")
    size = sum(len(name.encode()) + len(value.encode()) for name, value in environment.items())
    if size > MAX_ENVIRONMENT_BYTES:
        raise _refused("environment", f"The environment variables have {size} bytes together; at most "
                                      f"{MAX_ENVIRONMENT_BYTES} are allowed.")


def _refused(field: str, message: str) -> ActionError:
    return ActionError("InvalidParameterValueException", message, field=field)
