"""One state's fields while it is compiled: typed access, in the state's query language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from designer.asl import jsonata
from designer.asl.faults import fault, pointing_at
from designer.asl.limits import constant
from designer.asl.model import JSONATA, Block, ResultPath
from designer.asl.paths import compile_path, compile_result_path, empty_object
from designer.asl.scope import Evaluator
from designer.asl.templates import compile_template

# (sub-machine, its pointer, branch number) -> compiled block
CompileBlock = Callable[[Any, str, int], Block]
_TYPES: dict[type, str] = {str: "STRING", int: "INTEGER", bool: "BOOLEAN", list: "ARRAY", dict: "OBJECT"}


@dataclass(frozen=True, slots=True)
class Reading:
    """`pointer` is the state's place, `siblings` the states it may go to.

    `prefix` is put before field names in JSONata messages ("Catch[1]/") when the fields belong to a
    part of the state.
    """

    name: str
    data: Mapping[str, Any]
    pointer: str
    language: str
    siblings: Mapping[str, Any]
    block: CompileBlock
    prefix: str = ""

    @property
    def is_jsonata(self) -> bool:
        return self.language == JSONATA

    def part(self, data: Any, pointer: str, prefix: str) -> Reading:
        """An object inside the state (a catcher, a rule, ItemBatcher) read in the same way."""
        if not isinstance(data, dict):
            raise fault(pointer, "Expected value of type [OBJECT]")
        return Reading(self.name, data, pointer, self.language, self.siblings, self.block, prefix)

    def at(self, field: str) -> str:
        return f"{self.pointer}/{field}"

    def typed(self, field: str, kind: type, default: Any = None) -> Any:
        """The field's value, which must be of `kind` (a bool is no int); `default` when absent."""
        if field not in self.data:
            return default
        value = self.data[field]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise fault(self.at(field), f"Expected value of type [{_TYPES[kind]}]")
        return value

    def target(self, field: str) -> str:
        """The name of an existing state."""
        name = self.data.get(field)
        if not isinstance(name, str) or name not in self.siblings:
            raise fault(self.at(field), f"Missing 'Next' target: {name}", "MISSING_TRANSITION_TARGET")
        return name

    def next(self) -> str | None:
        """`Next`, None for `End: true`; exactly one must be there."""
        if self.data.get("End") is True and "Next" not in self.data:
            return None
        if "Next" in self.data and "End" not in self.data:
            return self.target("Next")
        raise fault(self.pointer, "There should only be one of the following fields: [Next, End]")

    def path(self, field: str) -> Evaluator | None:
        """InputPath, OutputPath: absent, null or a path."""
        if field not in self.data:
            return None
        if self.data[field] is None:
            return empty_object
        text = self.typed(field, str)
        with pointing_at(self.at(field)):
            return compile_path(text)

    def with_path(self, field: str, compile_text: Callable[[str], Evaluator]) -> Evaluator | None:
        """A field whose path is compiled by `compile_text`; None when absent."""
        if field not in self.data:
            return None
        text = self.typed(field, str)
        with pointing_at(self.at(field)):
            return compile_text(text)

    def result_path(self) -> ResultPath | None:
        if "ResultPath" not in self.data:
            return None
        text = None if self.data["ResultPath"] is None else self.typed("ResultPath", str)
        with pointing_at(self.at("ResultPath")):
            return compile_result_path(text)

    def template(self, field: str) -> Evaluator | None:
        if field not in self.data:
            return None
        with pointing_at(self.at(field)):
            return compile_template(self.data[field])

    def jsonata(self, field: str, kind: str = "") -> Evaluator | None:
        if field not in self.data:
            return None
        with pointing_at(self.at(field)):
            return jsonata.compile_value(self.data[field], self.prefix + field, kind)

    def value(self, field: str) -> Evaluator | None:
        """A template in JSONPath, any JSON with expressions in JSONata."""
        return self.jsonata(field) if self.is_jsonata else self.template(field)

    def assign(self) -> Evaluator | None:
        if "Assign" in self.data and not isinstance(self.data["Assign"], dict):
            raise fault(self.at("Assign"), "Expected value of type [OBJECT]")
        return self.value("Assign")

    def count(self, field: str, least: int, compile_text: Callable[[str, str], Evaluator]) -> Evaluator | None:
        """An int as `field`, from `fieldPath` (JSONPath), or from an expression (JSONata)."""
        path_field = f"{field}Path"
        if not self.is_jsonata and path_field in self.data:
            return self.with_path(path_field, lambda text: compile_text(text, path_field))
        if self.is_jsonata and jsonata.is_expression(self.data.get(field)):
            return self.jsonata(field, "integer" if least == 0 else "positive integer")
        number = self.typed(field, int)
        if number is None:
            return None
        if number < least:
            raise fault(self.at(field), f"Minimum value is {least}")
        return constant(number)
