"""Where the shared facts lie (beside the repository) and how a test evaluates a single state."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

from designer.asl.compiler import compile_definition
from designer.asl.model import Choice, Machine, Pass
from designer.asl.scope import Scope

SHARED = Path(__file__).resolve().parents[3] / "shared"
CORPUS = SHARED / "corpus"
CONFORMANCE = SHARED / "conformance" / "executions"


@cache
def corpus_index() -> list[dict[str, Any]]:
    index = json.loads((CORPUS / "index.json").read_text())
    return index if isinstance(index, list) else next(value for value in index.values() if isinstance(value, list))


def scope_of(data: Any, context: dict[str, Any] | None = None, variables: dict[str, Any] | None = None) -> Scope:
    generator = random.Random(1)
    return Scope(data, lambda: context or {}, variables or {}, lambda: generator)


def run(definition: dict[str, Any], data: Any, context: dict[str, Any] | None = None) -> Any:
    """Walk a machine of Pass and Choice states without variables; gives its output."""
    return walk(compile_definition(definition), data, context)


def walk(machine: Machine, data: Any, context: dict[str, Any] | None = None) -> Any:
    name: str | None = machine.root.start_at
    while name is not None:
        state = machine.root.states[name]
        scope = scope_of(data, context)
        if state.input_path:
            scope.data = state.input_path(scope)
        if isinstance(state, Choice):
            name = next((rule.next for rule in state.rules if rule.condition(scope)), state.default)
            continue
        assert isinstance(state, Pass)
        result = state.result if state.has_result else state.parameters(scope) if state.parameters else scope.data
        scope.data = state.result_path(data, result) if state.result_path else result
        data = state.output_path(scope) if state.output_path else scope.data
        name = state.next
    return data
