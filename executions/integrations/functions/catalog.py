"""Which functions there are: from the name in a resource to what is needed to run it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from executions.models import Function
from executions.store import in_thread

FRESH_SECONDS: Final = 1.0  # a change made by another process is seen this late at most; our own at once


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A function as it stands.  `timeout` in seconds, `memory` in MiB; `key` says which workers may run it."""

    id: int
    name: str
    account: str
    region: str
    handler: str
    sha256: str
    timeout: int
    memory: int
    environment: Mapping[str, str]
    key: str = field(init=False)

    def __post_init__(self) -> None:
        parts = [self.id, self.sha256, self.handler, self.timeout, self.memory, self.environment]
        object.__setattr__(self, "key", json.dumps(parts, sort_keys=True))

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"


@dataclass(frozen=True, slots=True)
class FunctionName:
    """A function as a resource or `FunctionName` names it; empty parts were not given."""

    name: str
    qualifier: str = ""
    region: str = ""
    account: str = ""


def parse_name(text: str) -> FunctionName:
    """Read `NAME`, `NAME:QUALIFIER`, `ACCOUNT:function:NAME` or a full ARN.  Names may be Unicode."""
    head, marker, tail = text.partition(":function:")
    name, _, qualifier = (tail if marker else text).partition(":")
    parts = head.split(":") if marker else []
    if len(parts) == 5:
        return FunctionName(name, qualifier, parts[3], parts[4])
    return FunctionName(name, qualifier, "", parts[0] if len(parts) == 1 else "")


def spec_of(row: Function) -> FunctionSpec:
    environment = {str(name): str(value) for name, value in row.environment.items()}
    return FunctionSpec(row.pk, row.name, row.account, row.region, row.handler, row.sha256, row.timeout, row.memory,
                        environment)


_known: dict[str, tuple[float, FunctionSpec | None]] = {}


async def find(name: str) -> FunctionSpec | None:
    """The function of this name, whatever region and account the caller wrote."""
    kept = _known.get(name)
    if kept is not None and time.monotonic() - kept[0] < FRESH_SECONDS:
        return kept[1]
    spec = await in_thread(_read, name)
    _known[name] = (time.monotonic(), spec)
    return spec


def _read(name: str) -> FunctionSpec | None:
    row = Function.objects.filter(name=name).defer("code", "source").order_by("pk").first()
    return None if row is None else spec_of(row)


def forget(name: str) -> None:
    """The function was changed or deleted."""
    _known.pop(name, None)
