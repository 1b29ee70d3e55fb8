"""Which operation of Lambda a method and path mean, from AWS's model (shipped in botocore)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from botocore.loaders import Loader

MODEL: Final[Mapping[str, Any]] = Loader().load_service_model("lambda", "service-2")
SHAPES: Final[Mapping[str, Any]] = MODEL["shapes"]
PATHS: Final = re.compile(r"/20\d\d-\d\d-\d\d/")  # each begins with the date of the API that it came with
_LABEL: Final = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Route:
    operation: str
    method: str
    path: re.Pattern[str]
    query: str  # what must be in the query string; mostly nothing


def _route(name: str, http: Mapping[str, str]) -> Route:
    target = urlsplit(http["requestUri"])
    pattern = _LABEL.sub(lambda label: f"(?P<{label[1]}>[^/]*)", re.escape(target.path))
    return Route(name, http["method"], re.compile(f"{pattern}/?"), target.query)


ROUTES: Final = sorted(
    (_route(name, operation["http"]) for name, operation in MODEL["operations"].items()),
    key=lambda route: route.query, reverse=True)


def find(method: str, raw_path: str, query: str) -> tuple[str, dict[str, str]] | None:
    """The operation and the labels of the path, decoded; None when there is none."""
    for route in ROUTES:
        if route.method == method and (found := route.path.fullmatch(raw_path)) is not None and (
                not route.query or route.query in query.split("&")):
            return route.operation, {name: unquote(value) for name, value in found.groupdict().items()}
    return None
