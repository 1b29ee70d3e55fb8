"""Which AWS services and actions there are: what `aws-sdk:SERVICE:ACTION` may name (integrations.md §3).

The table comes from botocore's service models (`manage.py aws_services`) and is read when it is first asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).with_name("aws_services.json")
# Names by which a service is known besides its own.
ALIASES: Final = {"stepfunctions": "sfn"}


@dataclass(frozen=True, slots=True)
class Service:
    """`name` is botocore's, `prefix` stands before error names, `operations` are in PascalCase."""

    name: str
    prefix: str
    operations: frozenset[str]

    def operation(self, action: str) -> str | None:
        """The operation that an action in camelCase names; None when there is none."""
        wanted = action[:1].upper() + action[1:]
        return wanted if action[:1].islower() and wanted in self.operations else None

    def actions(self) -> list[str]:
        return sorted(name[:1].lower() + name[1:] for name in self.operations)


@cache
def find_service(name: str) -> Service | None:
    """The service of a name in a resource ("cloudwatchlogs"); None when botocore has none."""
    row = _table().get(ALIASES.get(name, name))
    return None if row is None else Service(row[0], row[1], frozenset(row[2].split()))


def service_names() -> list[str]:
    return list(_table())


@cache
def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table
