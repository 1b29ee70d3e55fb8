"""A parsed definition → the frozen model.  Whatever depends on the definition alone is done here, once.

The compiler trusts that the checker has passed the definition, but never builds a wrong model from a
wrong one: whatever it meets that it cannot compile is a DefinitionError with a JSON pointer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from designer.asl.compile_states import COMPILERS
from designer.asl.faults import fault
from designer.asl.model import JSONATA, JSONPATH, Block, Machine, State
from designer.asl.problems import DefinitionError
from designer.asl.reading import Reading
from designer.asl.templates import pointer_step

MAX_DEPTH = 32


def compile_definition(data: Any) -> Machine:
    """Compile the whole definition.  Raises DefinitionError."""
    if not isinstance(data, dict):
        raise fault("", "Definition must be a valid JSON object")
    language = data.get("QueryLanguage", JSONPATH)
    if language not in (JSONPATH, JSONATA):
        raise fault("/QueryLanguage", "Value should be one of the following: [JSONPath, JSONata]")
    builder = _Builder(language)
    try:
        root = builder.block(data, "", ())
    except RecursionError:
        raise fault("", "The definition is nested too deeply", "TOO_DEEPLY_NESTED") from None
    timeout = data.get("TimeoutSeconds")
    if timeout is not None and (not isinstance(timeout, int) or isinstance(timeout, bool) or timeout < 1):
        raise fault("/TimeoutSeconds", "Expected value of type [INTEGER]")
    comment = data.get("Comment")
    return Machine(root, builder.blocks, comment if isinstance(comment, str) else "", timeout, language,
                   builder.state_count)


class _Builder:
    """Gathers the blocks of one machine while the states are compiled."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.blocks: dict[tuple[str | int, ...], Block] = {}
        self.state_count = 0

    def block(self, data: Any, pointer: str, path: tuple[str | int, ...]) -> Block:
        if not isinstance(data, dict):
            raise fault(pointer, "Expected value of type [OBJECT]")
        if len(path) > 2 * MAX_DEPTH:
            raise fault(pointer, "The definition is nested too deeply", "TOO_DEEPLY_NESTED")
        states, start_at = data.get("States"), data.get("StartAt")
        if not isinstance(states, dict) or not states:
            raise fault(pointer, "These fields are required: [States]")
        if not isinstance(start_at, str):
            raise fault(pointer, "These fields are required: [StartAt]")
        _target(start_at, states, f"{pointer}/StartAt")
        compiled = {name: self._state(name, state, f"{pointer}/States{pointer_step(name)}", path, states)
                    for name, state in states.items()}
        block = Block(path, start_at, compiled)
        self.blocks[path] = block
        return block

    def _state(self, name: str, data: Any, pointer: str, path: tuple[str | int, ...],
               siblings: Mapping[str, Any]) -> State:
        if not isinstance(data, dict):
            raise fault(pointer, "Expected value of type [OBJECT]")
        kind = data.get("Type")
        build: Callable[[Reading], State] | None = COMPILERS.get(kind) if isinstance(kind, str) else None
        if build is None:
            raise fault(f"{pointer}/Type" if "Type" in data else pointer,
                        f"Value should be one of the following: [{', '.join(COMPILERS)}]")
        language = data.get("QueryLanguage", self.language)
        if language not in (JSONPATH, JSONATA):
            raise fault(f"{pointer}/QueryLanguage", "Value should be one of the following: [JSONPath, JSONata]")
        if self.language == JSONATA and language == JSONPATH and not path:
            raise fault(pointer, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
        self.state_count += 1
        reading = Reading(name, data, pointer, language, siblings,
                          lambda inner, where, number: self.block(inner, where, (*path, name, number)))
        return build(reading)


def _target(name: Any, states: Mapping[str, Any], pointer: str) -> None:
    if name not in states:
        raise fault(pointer, f"Missing 'Next' target: {name}", "MISSING_TRANSITION_TARGET")


__all__ = ["DefinitionError", "compile_definition"]
