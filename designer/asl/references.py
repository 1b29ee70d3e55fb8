"""Which variables each state reads: DescribeStateMachine's `variableReferences` (asl-language.md, variables).

Read off the definition's text, since compiled expressions do not tell: `$name` in paths, templates and
intrinsic functions, and in `{% … %}` of JSONata.  `$.…`, `$$.…` and `$states` are no variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_QUOTED: Final = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAME: Final = re.compile(r"(?<![\w$])\$([^\W\d]\w*)")
_CALL: Final = re.compile(r"\s*\(")
_BOUND: Final = re.compile(r"\$([^\W\d]\w*)\s*:=")
_PARAMETERS: Final = re.compile(r"(?:\bfunction\b|λ)\s*\(([^)]*)\)")
_OWN_STATES: Final = frozenset({"States", "ItemProcessor", "Iterator", "Branches"})


def variable_references(definition: Mapping[str, Any]) -> dict[str, list[str]]:
    """State name → names of the variables it reads, sorted; states that read none are left out."""
    found: dict[str, list[str]] = {}
    for name, state, language in _states(definition, str(definition.get("QueryLanguage", "JSONPath"))):
        texts = _jsonata_texts(state) if language == "JSONata" else _path_texts(state)
        read = _jsonata_names if language == "JSONata" else _path_names
        names = {variable for text in texts for variable in read(text)}
        if names:
            found[name] = sorted(names)
    return found


def _states(block: Mapping[str, Any], language: str) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """All states of a block and of the blocks in them, with their query languages."""
    states = block.get("States")
    for name, state in states.items() if isinstance(states, dict) else ():
        if not isinstance(state, dict):
            continue
        own = str(state.get("QueryLanguage", language))
        yield name, state, own
        branches = state.get("Branches")
        inner = [state.get("ItemProcessor"), state.get("Iterator"), *(branches if isinstance(branches, list) else ())]
        for part in inner:
            if isinstance(part, dict):
                yield from _states(part, language)


def _path_texts(value: Any, key: str = "") -> Iterator[str]:
    """The texts that are paths: fields named …Path, `Variable` of a rule, and keys ending in `.$`."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name not in _OWN_STATES:
                yield from _path_texts(member, name)
    elif isinstance(value, list):
        for item in value:
            yield from _path_texts(item)
    elif isinstance(value, str) and (key.endswith(("Path", ".$")) or key == "Variable"):
        yield value


def _jsonata_texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            if name not in _OWN_STATES:
                yield from _jsonata_texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from _jsonata_texts(item)
    elif isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        yield value[2:-2]


def _path_names(text: str) -> Iterator[str]:
    yield from _NAME.findall(_QUOTED.sub("''", text))


def _jsonata_names(text: str) -> Iterator[str]:
    """Names that are neither called as functions nor bound inside the expression."""
    text = _COMMENT.sub(" ", _QUOTED.sub("''", text))
    bound = set(_BOUND.findall(text)) | {"states"}
    for parameters in _PARAMETERS.findall(text):
        bound.update(_NAME.findall(parameters))
    for found in _NAME.finditer(text):
        if found[1] not in bound and not _CALL.match(text, found.end()):
            yield found[1]
