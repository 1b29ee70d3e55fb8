"""How the compiler says that a definition cannot be compiled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from designer.asl.choice import RuleError
from designer.asl.path_syntax import PathSyntaxError
from designer.asl.problems import ERROR, DefinitionError, Problem
from designer.asl.templates import TemplateError

SCHEMA_TOO_DEEP = "TOO_DEEPLY_NESTED"


def fault(pointer: str, message: str, code: str = "SCHEMA_VALIDATION_FAILED", hint: str = "") -> DefinitionError:
    return DefinitionError([Problem(ERROR, code, message, pointer, location_of(pointer), hint=hint)])


def location_of(pointer: str) -> str:
    """The place as AWS writes it: `/States/C/Choices/0/Next` → `/States/C/Choices[0]/Next`, "" → `/`."""
    if not pointer:
        return "/"
    written = ""
    for step in pointer.split("/")[1:]:
        written += f"[{step}]" if step.isdecimal() and written.rsplit("/", 1)[-1] in _ARRAYS else f"/{step}"
    return written.replace("~1", "/").replace("~0", "~")


_ARRAYS = frozenset(("Choices", "And", "Or", "Branches", "Retry", "Catch", "ErrorEquals", "CSVHeaders"))


@contextmanager
def pointing_at(pointer: str) -> Iterator[None]:
    """Turns the errors of paths, templates, intrinsics and rules into a DefinitionError at `pointer`."""
    try:
        yield
    except (TemplateError, RuleError) as broken:
        raise fault(pointer + broken.pointer, broken.message) from None
    except PathSyntaxError as broken:
        raise fault(pointer, str(broken)) from None
    except RecursionError:
        raise fault(pointer, "The value is nested too deeply", "TOO_DEEPLY_NESTED") from None
    except (ValueError, TypeError, AttributeError) as broken:
        raise fault(pointer, str(broken) or "The value has the wrong type") from None
