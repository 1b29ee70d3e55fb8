"""Connections: the verbs that keep them, and what they add to a request.

What is secret is sealed under the server's secret key (Fernet) and leaves this file only in a request.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from designer.asl.jsontext import dumps, loads
from designer.errors import ActionError
from designer.noting import note
from designer.permissions import Actor, Permission, require
from designer.settings import CONFIG
from designer.signing import seal, unseal
from executions.integrations.http.exchange import target_of
from executions.integrations.http.guard import RefusedError
from executions.integrations.http.models import Connection
from executions.integrations.http.schema import METHODS

NAME: Final = re.compile(r"[\w.-]{1,64}")
HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,512}")
# kind -> (fields that may be shown, fields that may not); all of them are required
KINDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "BASIC": (("username",), ("password",)),
    "API_KEY": (("apiKeyName",), ("apiKeyValue",)),
    "WEBHOOK": ((), ("url",)),  # the address is the secret
    "OAUTH_CLIENT_CREDENTIALS": (("authorizationEndpoint", "clientId", "httpMethod"), ("clientSecret",)),
}
# What a connection may add to every request besides, {name: value} each; the values are kept as secrets.
ADDED: Final = ("headers", "query", "body")
MAX_VALUE: Final = 8_192


@dataclass(frozen=True, slots=True)
class Known:
    """A connection as a task needs it; `changed` tells one state of it from the next."""

    arn: str
    kind: str
    changed: str
    values: dict[str, str] = field(repr=False)
    added: dict[str, dict[str, str]] = field(repr=False)


def save_connection(actor: Actor, name: str, *, kind: str, settings: Mapping[str, Any],
                    description: str = "") -> Connection:
    """Make or change a connection.  A secret that is not given keeps its value as long as the kind is the same."""
    require(actor, Permission.DESIGN)
    if not NAME.fullmatch(name):
        raise _wrong("The name must be 1 to 64 letters, digits, '.', '-' or '_'.")
    if kind not in KINDS:
        raise _wrong(f"The kind must be one of {', '.join(KINDS)}.")
    with transaction.atomic():
        row = _rows().filter(name=name).select_for_update().first()
        shown, hidden = _taken_apart(kind, settings, row)
        now = timezone.now()
        if row is None:
            arn = f"arn:aws:events:{CONFIG.region}:{CONFIG.account}:connection/{name}/{uuid.uuid4()}"
            row = Connection(account=CONFIG.account, region=CONFIG.region, name=name, arn=arn, created_at=now)
        row.kind, row.settings, row.description = kind, shown, description[:512]
        row.secrets = seal(dumps(hidden), CONFIG.secret_key)
        row.updated_at, row.updated_by_id = now, actor.user_id or None
        try:
            row.save()
        except IntegrityError:
            raise ActionError("ConflictException", f"The connection '{name}' was made by somebody else.") from None
        note(actor, "connection.saved", f"connection:{name}", kind=kind, settings=shown,
             secrets=sorted(field for field in KINDS[kind][1] if field in settings))
    return row


def delete_connection(actor: Actor, name: str) -> None:
    """ResourceNotFound when there is none."""
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        if not _rows().filter(name=name).delete()[0]:
            raise _unknown(name)
        note(actor, "connection.deleted", f"connection:{name}")


def list_connections(actor: Actor) -> QuerySet[Connection]:
    require(actor, Permission.VIEW)
    return _rows().select_related("updated_by").order_by("name")


def find_connection(actor: Actor, name: str) -> Connection:
    require(actor, Permission.VIEW)
    row = _rows().filter(name=name).first()
    if row is None:
        raise _unknown(name)
    return row


def is_there(name: str) -> bool:
    return _rows().filter(name=name).exists()


def known(arn: str) -> Known | None:
    """The connection of an ARN, its secrets open; None when there is none.  ValueError: sealed under another key."""
    row = Connection.objects.filter(arn=arn).first()
    return None if row is None else _opened(row)


def known_by_name(name: str) -> Known | None:
    """As `known`, by name or ARN."""
    row = Connection.objects.filter(arn=name).first() or _rows().filter(name=name).first()
    return None if row is None else _opened(row)


def _opened(row: Connection) -> Known:
    hidden = loads(unseal(row.secrets, CONFIG.secret_key))
    values = row.settings | {name: value for name, value in hidden.items() if name not in ADDED}
    return Known(row.arn, row.kind, row.updated_at.isoformat(), values,
                 {name: hidden.get(name, {}) for name in ADDED})


def _rows() -> QuerySet[Connection]:
    return Connection.objects.filter(account=CONFIG.account, region=CONFIG.region)


def _taken_apart(
    kind: str, settings: Mapping[str, Any], row: Connection | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what may be shown, what may not), checked."""
    public, secret = KINDS[kind]
    for name in settings:
        if name not in (*public, *secret, *ADDED):
            raise _wrong(f"A connection of the kind {kind} has no '{name}'.")
    kept: dict[str, Any] = {}
    if row is not None and row.kind == kind:
        kept = loads(unseal(row.secrets, CONFIG.secret_key))
    shown = {name: _text(settings.get(name, "POST" if name == "httpMethod" else None), name) for name in public}
    hidden: dict[str, Any] = {name: _text(settings.get(name, kept.get(name)), name) for name in secret}
    hidden |= {name: _texts(settings.get(name, kept.get(name, {})), name) for name in ADDED}
    _check(shown, hidden)
    return shown, hidden


def _check(shown: Mapping[str, Any], hidden: Mapping[str, Any]) -> None:
    for name in (shown.get("apiKeyName"), *hidden["headers"]):
        if name is not None and not HEADER.fullmatch(name):
            raise _wrong(f"'{name}' is no name of a header.")
    for name, url in (("authorizationEndpoint", shown.get("authorizationEndpoint")), ("url", hidden.get("url"))):
        if url is None:
            continue
        try:
            target_of(url)
        except RefusedError as error:
            raise _wrong(f"{name}: {error}.") from None
    if shown.get("httpMethod", "POST") not in METHODS:
        raise _wrong(f"httpMethod must be one of {', '.join(METHODS)}.")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value or len(value) > MAX_VALUE or re.search(r"[\x00-\x1f\x7f]", value):
        raise _wrong(f"'{name}' must be a text of 1 to {MAX_VALUE} characters in one line.")
    return value


def _texts(value: Any, name: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _wrong(f"'{name}' must be an object of texts.")
    return {str(key): _text(each, f"{name}.{key}") for key, each in value.items()}


def _wrong(message: str) -> ActionError:
    return ActionError("ValidationException", message)


def _unknown(name: str) -> ActionError:
    return ActionError("ResourceNotFound", f"There is no connection '{name}'.")
