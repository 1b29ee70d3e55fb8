"""Data against a form, with no more than JSON and jsonschema: what is wrong, as plain data.

Runs in place for forms whose check is bounded, and as a script, in a process that can be ended, for all others:

    {"form": …, "data": …} on standard input → [{"path", "keyword", "wanted", "missing", "message"}] on standard output
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.exceptions import Unresolvable

FORMATS: Final = FormatChecker(formats=("date", "time", "date-time", "email", "ipv4", "ipv6", "uuid", "regex"))
MEMORY: Final = 512 * 1024 * 1024  # bytes of address space of the process
CPU_SECONDS: Final = 10  # should the parent be gone, nobody else ends it

Finding = dict[str, Any]


def findings(form: dict[str, Any], data: Any) -> list[Finding]:
    """What is wrong, by place; RecursionError for a form that leads back to itself."""
    registry: Registry[Any] = Registry()  # knows nothing, fetches nothing
    validator = Draft202012Validator(form, registry=registry, format_checker=FORMATS)
    try:
        errors = sorted(validator.iter_errors(data), key=lambda each: list(map(str, each.absolute_path)))
    except Unresolvable as error:
        return [{"path": [], "keyword": "", "wanted": None, "missing": [], "message": str(error)}]
    return [{
        "path": [str(part) for part in error.absolute_path], "keyword": error.validator,
        "wanted": error.validator_value, "missing": _missing(error), "message": error.message,
    } for error in errors]


def _missing(error: Any) -> list[str]:
    if error.validator != "required" or not isinstance(error.instance, dict):
        return []
    return [name for name in error.validator_value if name not in error.instance]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    asked = json.load(sys.stdin)
    json.dump(findings(asked["form"], asked["data"]), sys.stdout)


if __name__ == "__main__":
    main()
