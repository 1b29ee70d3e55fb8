"""`${…}` of SAM, CloudFormation, Terraform and Serverless: texts that are filled in before a definition is created.

Where placeholders are tolerated, whoever reads a definition marks them, and the checker takes a marked
value for whatever is wanted in its place.
"""

from __future__ import annotations

import re
from typing import Any, Final

# Not the ${$.path} that somebody took for a template.
PLACEHOLDER: Final = re.compile(r"\$\{(?!\s*\$\$?[.\[])[^{}]*\}")
_WHOLE: Final = re.compile(r"\$\{.*\}", re.DOTALL)


class Placeholder(str):
    """A text with placeholders in it.  One that is nothing else may become a value of any type."""

    __slots__ = ()

    @property
    def is_whole(self) -> bool:
        return _WHOLE.fullmatch(self) is not None


class OpenExpression(str):
    """A JSONata expression with placeholders in it."""

    __slots__ = ()


def mark(data: Any) -> Any:
    """The same data, changed in place, with placeholders marked; no recursion."""
    holder = [data]
    waiting: list[Any] = [holder]
    while waiting:
        current = waiting.pop()
        items = current.items() if isinstance(current, dict) else enumerate(current)
        for key, value in list(items):
            found = _marked(value)
            if found is not value:
                current[key] = found
            elif isinstance(value, (dict, list)):
                waiting.append(value)
    return holder[0]


def _marked(value: Any) -> Any:
    if isinstance(value, str) and "${" in value and PLACEHOLDER.search(value):
        return OpenExpression(value) if value.startswith("{%") else Placeholder(value)
    if isinstance(value, dict) and len(value) == 1:
        name, inner = next(iter(value.items()))
        if name.startswith("Fn::") or (name == "Ref" and isinstance(inner, str)):
            return Placeholder("${" + (inner if isinstance(inner, str) else name) + "}")
    return value


def filled(text: str, word: str = "x") -> str:
    """The text with a plain word in the place of each placeholder."""
    return PLACEHOLDER.sub(word, text)
