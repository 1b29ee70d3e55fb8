"""Which functions there are: from the name in a resource to what is needed to run it."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from executions.models import Function, FunctionAlias, FunctionContent, FunctionVersion
from executions.store import in_thread

LATEST: Final = "$LATEST"
RESERVED: Final = "ReservedConcurrentExecutions"  # among the settings of a function
FRESH_SECONDS: Final = 1.0  # a change made by another process is seen this late at most; our own at once

MOST_KNOWN: Final = 10_000


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A function as it stands, or a version of it.  `timeout` in seconds, `memory` in MiB; `key` says which workers may
    run it.  `qualifier` is what it was asked for by ("" for none)."""

    id: int
    name: str
    account: str
    region: str
    handler: str
    sha256: str
    timeout: int
    memory: int
    environment: Mapping[str, str]
    version: str = LATEST
    qualifier: str = ""
    reserved: int | None = None  # calls at once; None: as many as there are workers
    key: str = field(init=False)

    def __post_init__(self) -> None:
        parts = [self.id, self.sha256, self.handler, self.timeout, self.memory, self.environment,
                 self.version]
        object.__setattr__(self, "key", json.dumps(parts, sort_keys=True))

    @property
    def arn(self) -> str:
        """As the caller named it."""
        arn = f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"
        return f"{arn}:{self.qualifier}" if self.qualifier else arn


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


def spec_of(row: Function, content: FunctionContent | None = None, qualifier: str = "") -> FunctionSpec:
    """What runs the function, or a version of it."""
    content = row if content is None else content
    environment = {str(name): str(value) for name, value in content.environment.items()}
    version = str(content.number) if isinstance(content, FunctionVersion) else LATEST
    return FunctionSpec(row.pk, row.name, row.account, row.region, content.handler, content.sha256, content.timeout,
                        content.memory, environment, version, qualifier, row.settings.get(RESERVED))


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a name may stand for, with weights that are 1 in all; an alias may stand for two versions."""

    specs: list[FunctionSpec]
    weights: list[float]

    def one(self) -> FunctionSpec:
        return self.specs[0] if len(self.specs) == 1 else random.choices(self.specs, self.weights)[0]  # noqa: S311


_known: dict[tuple[str, str], tuple[float, _Choice | None]] = {}


async def find(name: str, qualifier: str = "") -> FunctionSpec | None:
    """The function of this name, whatever region and account the caller wrote; the version or alias `qualifier`."""
    key = (name, qualifier)
    kept = _known.get(key)
    if kept is None or time.monotonic() - kept[0] >= FRESH_SECONDS:
        kept = time.monotonic(), await in_thread(_read, name, qualifier)
        if len(_known) >= MOST_KNOWN:
            _known.clear()  # whoever may start executions may ask for any name
        _known[key] = kept
    return None if kept[1] is None else kept[1].one()


def _read(name: str, qualifier: str) -> _Choice | None:
    row = Function.objects.filter(name=name).defer("code", "source").order_by("pk").first()
    if row is None:
        return None
    if qualifier in ("", LATEST):
        return _Choice([spec_of(row, None, qualifier)], [1.0])
    shares = _shares(row, qualifier)
    found = [(_content(row, version), share) for version, share in shares.items()]
    specs = [(spec_of(row, content, qualifier), share) for content, share in found if content is not None]
    return _Choice([spec for spec, _ in specs], [share for _, share in specs]) if specs else None


def _shares(row: Function, qualifier: str) -> dict[str, float]:
    """The versions that a qualifier stands for, each with its share of the calls."""
    if qualifier.isdecimal():
        return {qualifier: 1.0}
    alias = FunctionAlias.objects.filter(function=row, name=qualifier).first()
    if alias is None:
        return {}
    others = {version: float(weight) for version, weight in alias.weights.items()}
    return {alias.version: 1.0 - sum(others.values())} | others


def _content(row: Function, version: str) -> FunctionContent | None:
    if version == LATEST:
        return row
    # More digits than a number of the database may have are the number of no version.
    numbered = row.versions.filter(number=int(version[:10])) if version.isascii() else row.versions.none()
    return numbered.defer("code").first()


def forget(name: str) -> None:
    """The function, one of its versions or aliases was changed or deleted."""
    for key in [key for key in _known if key[0] == name]:
        _known.pop(key, None)
