"""The verbs of the Lambda API on functions and their tags: create, change the code, change the configuration.

They differ from the editor's (actions.py) in what Lambda allows: code whose handler is missing, which fails when it is
called, runtimes of other Python versions, a function that is changed piece by piece.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from designer.errors import ActionError
from designer.noting import note
from designer.permissions import Actor, Permission, require
from executions.integrations.functions import catalog, code
from executions.integrations.functions.actions import MAX_ENVIRONMENT_BYTES, MAX_TIMEOUT, MEMORY, NAME, RESERVED
from executions.integrations.functions.revisions import check_revision
from executions.models import Function

RUNTIME_PREFIX: Final = "python3."  # all run in the server's own Python
MAX_TAGS: Final = 50
DEFAULTS: Final = {"timeout": 3, "memory": 128}  # Lambda's; the editor's are larger
FIELDS: Final = frozenset({"runtime", "handler", "timeout", "memory", "environment", "description", "role"})


def create(actor: Actor, name: str, package: bytes, configuration: Mapping[str, Any],
           tags: Mapping[str, str]) -> Function:
    """A new function.  `configuration`: FIELDS, and `settings`, which are kept as they are; text without NUL.

    InvalidParameterValueException, ResourceConflictException (the name is taken).
    """
    require(actor, Permission.DESIGN)
    if not NAME.fullmatch(name):
        raise refused(f"'{name}' is no name for a function: 1 to 64 letters, digits, hyphens and underscores.")
    check_configuration(configuration)
    now = timezone.now()
    row = Function(name=name, account=settings.CONFIG.account, region=settings.CONFIG.region, created_at=now,
                   **DEFAULTS)
    _tagged(row, tags)
    _configured(row, configuration)
    _coded(row, package)
    row.updated_at, row.updated_by_id = now, actor.user_id or None
    try:
        with transaction.atomic():
            if Function.objects.filter(name=name).exists():
                raise _taken(name)
            row.save(force_insert=True)
            note(actor, "function.saved", f"function:{name}", sha256=row.sha256, variables=sorted(row.environment))
    except IntegrityError:
        raise _taken(name) from None
    catalog.forget(name)
    return row


def change_code(actor: Actor, name: str, package: bytes, *, revision: str | None, dry_run: bool) -> Function:
    """Other code for a function; with `dry_run` all is checked and nothing kept."""
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        row = locked(name)
        check_revision(row, revision)
        _coded(row, package)
        if dry_run:
            return row
        _save(row, actor)
    catalog.forget(name)
    return row


def change_configuration(actor: Actor, name: str, changes: Mapping[str, Any], *, revision: str | None) -> Function:
    """What `changes` names, as in `create`; the rest stays."""
    require(actor, Permission.DESIGN)
    check_configuration(changes)
    with transaction.atomic():
        row = locked(name)
        check_revision(row, revision)
        _configured(row, changes)
        _save(row, actor)
    catalog.forget(name)
    return row


def change_tags(actor: Actor, name: str, *, added: Mapping[str, str], removed: Collection[str] = ()) -> None:
    """Set and take away tags; the function's revision stays."""
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        row = locked(name)
        _tagged(row, {key: value for key, value in row.tags.items() if key not in removed} | dict(added))
        row.save(update_fields=["tags"])


def locked(name: str) -> Function:
    """The function, for a change in this transaction; ResourceNotFoundException."""
    row = Function.objects.select_for_update().filter(name=name).order_by("pk").first()
    if row is None:
        raise not_found(name)
    return row


def arn_of(name: str, qualifier: str = "") -> str:
    config = settings.CONFIG
    arn = f"arn:aws:lambda:{config.region}:{config.account}:function:{name}"
    return f"{arn}:{qualifier}" if qualifier else arn


def not_found(name: str, qualifier: str = "") -> ActionError:
    return ActionError("ResourceNotFoundException", f"Function not found: {arn_of(name, qualifier)}")


def refused(message: str) -> ActionError:
    return ActionError("InvalidParameterValueException", message)


def _taken(name: str) -> ActionError:
    return ActionError("ResourceConflictException", f"Function already exist: {name}")


def _save(row: Function, actor: Actor) -> None:
    row.updated_at, row.updated_by_id = timezone.now(), actor.user_id or None
    row.save()
    note(actor, "function.saved", f"function:{row.name}", sha256=row.sha256, variables=sorted(row.environment))


def _configured(row: Function, configuration: Mapping[str, Any]) -> None:
    for field in FIELDS & configuration.keys():
        setattr(row, field, configuration[field])
    row.settings = row.settings | configuration.get("settings", {})


def _coded(row: Function, package: bytes) -> None:
    """A zip, or the text of index.py, which templates hold inline."""
    text = _inline(package)
    if text is not None:
        code.check_source(text)
        package = code.zip_of(text)
    else:
        code.check_zip(package)
    row.code, row.source, row.sha256 = package, text or "", code.digest(package)


def _inline(package: bytes) -> str | None:
    """The text of a Python file that stands in the zip's place; None when it is no text."""
    if package.startswith(b"PK") or b"\0" in package or (b"def " not in package and b"lambda" not in package):
        return None
    try:
        return package.decode()
    except UnicodeDecodeError:
        return None


def _tagged(row: Function, tags: Mapping[str, str]) -> None:
    if len(tags) > MAX_TAGS:
        raise refused(f"A function has at most {MAX_TAGS} tags; these are {len(tags)}.")
    row.tags = dict(tags)


def check_configuration(given: Mapping[str, Any]) -> None:
    """InvalidParameterValueException for what this installation cannot do."""
    runtime = given.get("runtime", RUNTIME_PREFIX)
    if not runtime.startswith(RUNTIME_PREFIX):
        raise refused(f"The runtime '{runtime}' is not available here: functions are written in Python 3.")
    if not 1 <= given.get("timeout", 1) <= MAX_TIMEOUT:
        raise refused(f"Timeout must be from 1 to {MAX_TIMEOUT} seconds; it is {given['timeout']}.")
    if not MEMORY[0] <= given.get("memory", MEMORY[0]) <= MEMORY[1]:
        raise refused(f"MemorySize must be from 128 to {MEMORY[1]} MB; it is {given['memory']}.")
    _check_environment(given.get("environment", {}))


def _check_environment(variables: Mapping[str, str]) -> None:
    reserved = sorted(name for name in variables if RESERVED.fullmatch(name))
    problem = ("Lambda was unable to configure your environment variables because the environment variables you have "
               "provided")
    if reserved:
        raise refused(f"{problem} contains reserved keys that are currently not supported for modification. "
                      f"Reserved keys used in this request: {', '.join(reserved)}")
    size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items())
    if size > MAX_ENVIRONMENT_BYTES:
        raise refused(f"{problem} exceeded the 4KB limit. They have {size} bytes together.")
