"""An expression's tree → what it may give.  With values known to the last bit, the language's own code says it.

Whatever has no rule here may give anything.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from designer.asl.errors import QUERY_EVALUATION
from designer.asl.jsonata.evaluate import Unbounded, compile_in_place
from designer.asl.jsonata.functions import PLAIN
from designer.asl.jsonata.nodes import Node
from designer.asl.jsonata.operators import OPERATORS
from designer.asl.jsonata.values import Irregular, settled, truth
from designer.asl.report import Steps
from designer.asl.scope import Scope
from designer.lens.finding import GONE, key
from designer.lens.jsonata.functions import RANDOM, RULES
from designer.lens.jsonata.values import ANYTHING, NOTHING, May, either, of_value, one_or_many, plain
from designer.lens.lattice import items_of, join, join_all
from designer.lens.narrowing import without
from designer.lens.notes import TYPE
from designer.lens.shapes import (
    ALWAYS,
    BOOLEAN,
    DECLARED,
    NEVER,
    NUMBER,
    TEXT,
    Array,
    Field,
    NotConstantError,
    Shape,
    array_of,
    exactly,
    record,
)
from designer.lens.views import View

_ARITHMETIC: Final = frozenset("+-*/%")
_ORDERS: Final = frozenset(("<", "<=", ">", ">="))
_NO_NUMBERS: Final = frozenset(("string", "object", "boolean", "null"))


class Evaluation:
    """`gone` gathers names that were looked for where they are not, with the names that are there."""

    def __init__(self, view: View, steps: Steps) -> None:
        self.view = view
        self.steps = steps
        self.gone: list[tuple[str, tuple[str, ...]]] = []
        self._local: Mapping[str, May] = {}

    def of(self, node: Node) -> May:
        rule = _RULES.get(node.kind)
        if rule is None or node.group is not None or node.keep_array:
            return ANYTHING
        found = rule(self, node)
        if node.filters and node.kind != "path":
            found = self._filtered(found, node.filters)
        return found

    # ---- leaves ----------------------------------------------------------------------------------

    def constant(self, node: Node) -> May:
        return May(exactly(node.value))

    def variable(self, node: Node) -> May:
        name = node.value
        if name in self._local:
            return self._local[name]
        if name == "states":
            return May(record(self._states()))
        if name in ("", "$") or name in PLAIN or name in RULES:
            return ANYTHING
        field = self.view.variables.get(name)
        if field is None:
            self.gone.append((f"${name}", tuple(f"${known}" for known in self.view.variables)))
            return NOTHING
        return May(field.shape, field.presence != ALWAYS)

    def _states(self) -> dict[str, Field]:
        view = self.view
        found = {"input": Field(view.data), "context": Field(view.context)}
        if not view.result.is_never:
            found["result"] = Field(view.result)
        if not view.error_output.is_never:
            found["errorOutput"] = Field(view.error_output)
        return found

    # ---- paths -----------------------------------------------------------------------------------

    def path(self, node: Node) -> May:
        first, rest = node.parts[0], node.parts[1:]
        if any(step.keep_array or step.group is not None for step in node.parts):
            return ANYTHING
        if first.kind == "name" or first.kind == "array":
            return ANYTHING
        found = self.of(first)
        for number, step in enumerate(rest):
            if step.kind != "name":
                return self._exactly(found, rest[number:])
            found = self._name(found, step.value)
            if step.filters:
                found = self._filtered(found, step.filters)
        return found

    def _exactly(self, start: May, steps: list[Node]) -> May:
        """Steps over a value that is known to the last bit."""
        try:
            tree = Node("path", parts=[Node("variable", "lensStart"), *steps])
            if not _is_closed(steps):
                return ANYTHING
            return of_value(compile_in_place(tree)(_scope({"lensStart": plain(start)})))
        except (NotConstantError, Unbounded, Irregular, RecursionError):
            return ANYTHING

    def _name(self, start: May, name: str) -> May:
        shape = start.shape
        if shape.unknown:
            return ANYTHING
        found = NOTHING if shape.is_never or shape.kinds != ("object",) else May(NEVER)
        if shape.object is not None:
            field = key(shape.object, name)
            if field.sure == GONE:
                self.gone.append((name, tuple(shape.object.fields)))
            found = either(found, May(field.shape, field.sure != ALWAYS))
        elif not shape.is_never and shape.array is None:
            self.gone.append((name, ()))
        if shape.array is not None:
            item = self._name(May(items_of(shape.array)), name).shape
            found = either(found, one_or_many(_flat(item)))
        return May(found.shape, found.undefined or start.undefined)

    def _filtered(self, start: May, filters: list[Node]) -> May:
        for predicate in filters:
            if start.shape.unknown:
                return ANYTHING
            shape = start.shape
            item = join(NEVER if shape.array is None else items_of(shape.array), without(shape, "array"))
            if predicate.kind == "number" and not predicate.filters:
                start = May(item, True)
            else:
                start = one_or_many(item)
        return start

    # ---- operators, constructors -----------------------------------------------------------------

    def binary(self, node: Node) -> May:
        operator = node.value
        left = self.of(node.parts[0])
        with self.view.notes.perhaps(is_unsure=operator in ("and", "or")):
            right = self.of(node.parts[1])
        if operator in ("and", "or"):
            return _logic(operator, left, right)
        operate = OPERATORS.get(operator)
        if operate is None:
            return ANYTHING
        try:
            return of_value(operate(plain(left), plain(right)))
        except (NotConstantError, Irregular):
            return self._operated(operator, left, right)

    def _operated(self, operator: str, left: May, right: May) -> May:
        undefined = left.undefined or right.undefined
        if operator in _ARITHMETIC:
            for operand in (left, right):
                self._expect_number(operator, operand)
            return May(NUMBER, undefined)
        if operator == "&":
            return May(TEXT)
        return May(BOOLEAN, undefined and operator in _ORDERS)

    def _expect_number(self, operator: str, operand: May) -> None:
        kinds = operand.shape.kinds
        if operand.is_sure and kinds and set(kinds) <= _NO_NUMBERS:
            self.view.notes.fails(self.steps, TYPE, f"'{operator}' takes numbers, but an operand is of the kind "
                                  f"{', '.join(kinds)}", error=QUERY_EVALUATION,
                                  hint="Turn a text into a number with $number(…); join texts with &.")

    def negate(self, node: Node) -> May:
        operand = self.of(node.parts[0])
        self._expect_number("-", operand)
        return May(NUMBER, operand.undefined)

    def condition(self, node: Node) -> May:
        test = self.of(node.parts[0])
        try:
            chosen = 1 if truth(plain(test)) else 2
            return self.of(node.parts[chosen]) if chosen < len(node.parts) else NOTHING
        except NotConstantError:
            pass
        with self.view.notes.perhaps():
            found = [self.of(part) for part in node.parts[1:]]
        return either(found[0], found[1] if len(found) > 1 else NOTHING)

    def array(self, node: Node) -> May:
        parts = [(part.kind == "array", self.of(part)) for part in node.parts]
        if all(part.is_sure and (whole or "array" not in part.shape.kinds) for whole, part in parts):
            items = tuple(part.shape for _, part in parts)
            return May(Shape(array=Array(items, NEVER, len(items))))
        return May(array_of(join_all(part.shape if whole else _flat(part.shape) for whole, part in parts)))

    def range(self, node: Node) -> May:
        for part in node.parts:
            self.of(part)
        return May(array_of(NUMBER), True)

    def object(self, node: Node) -> May:
        fields: dict[str, Field] = {}
        rest = NEVER
        for name_node, value_node in zip(node.parts[::2], node.parts[1::2], strict=True):
            name, found = self.of(name_node), self.of(value_node)
            try:
                known = plain(name)
            except NotConstantError:
                known = None
            if not isinstance(known, str):
                rest = join(rest, found.shape)
            elif not found.shape.is_never:
                fields[known] = Field(found.shape, DECLARED if found.undefined else ALWAYS)
        if not rest.is_never:
            fields = {name: Field(join(field.shape, rest), field.presence) for name, field in fields.items()}
        return May(record(fields, rest))

    def block(self, node: Node) -> May:
        outer, self._local = self._local, dict(self._local)
        found = NOTHING
        for part in node.parts:
            found = self.of(part)
            if part.kind == "bind":
                self._local = {**self._local, part.value: found}
        self._local = outer
        return found

    def bind(self, node: Node) -> May:
        if node.value in PLAIN or node.value in RULES or node.value in ("", "$", "states"):
            return ANYTHING
        return self.of(node.parts[0])

    def call(self, node: Node) -> May:
        function = node.parts[0]
        name = function.value if function.kind == "variable" else None
        if name is None or name in self._local:
            return ANYTHING
        if any(part.kind in ("lambda", "regex") for part in node.parts[1:]) and name not in RULES:
            return ANYTHING
        arguments = [self.of(part) for part in node.parts[1:]]
        work = PLAIN.get(name)
        if work is not None and name not in RANDOM and work.least <= len(arguments) <= work.most:
            try:
                return of_value(settled(work.run(_scope({}), [plain(argument) for argument in arguments])))
            except (NotConstantError, Irregular):
                pass
        rule = RULES.get(name)
        return ANYTHING if rule is None or not (arguments or name in RANDOM) else rule(arguments)


def _logic(operator: str, left: May, right: May) -> May:
    try:
        first = truth(plain(left))
        if first is (operator == "or"):
            return May(exactly(first))
        return May(exactly(truth(plain(right))))
    except NotConstantError:
        return May(BOOLEAN)


def _flat(shape: Shape) -> Shape:
    """An element, or the elements of an array, of any depth one."""
    if shape.unknown or shape.array is None:
        return shape
    return join(without(shape, "array"), items_of(shape.array))


def _is_closed(nodes: list[Node]) -> bool:
    """Whether only the item that a step looks at decides: no variables, nothing that is random."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node.kind == "variable" and node.value and (node.value not in PLAIN or node.value in RANDOM):
            return False
        waiting.extend((*node.parts, *node.filters, *([node.group] if node.group else ())))
    return True


def _scope(variables: dict[str, Any]) -> Scope:
    return Scope(None, dict, variables, random.Random)


_RULES: Final[dict[str, Callable[[Evaluation, Node], May]]] = {
    "number": Evaluation.constant, "string": Evaluation.constant, "value": Evaluation.constant,
    "variable": Evaluation.variable, "path": Evaluation.path, "binary": Evaluation.binary, "negate": Evaluation.negate,
    "condition": Evaluation.condition, "array": Evaluation.array, "range": Evaluation.range,
    "object": Evaluation.object, "block": Evaluation.block, "bind": Evaluation.bind, "call": Evaluation.call,
}
