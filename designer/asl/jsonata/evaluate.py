"""Evaluation in place: the part of JSONata that is bounded by its construction.

Paths, predicates, comparisons, arithmetic, conditions, blocks, arrays, objects and the plain functions
of functions.py are compiled to closures.  What is not on this list (lambdas, regular expressions, sort,
joins, formats …) is Unbounded and goes to a helper process as a whole; so does, at run time, whatever
is Irregular (a type error, a number out of range): the helper has the exact answer or error.  The rules
are those of the JSONata documentation; the number of steps is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from designer.asl.jsonata.functions import PLAIN
from designer.asl.jsonata.nodes import Node
from designer.asl.jsonata.operators import OPERATORS
from designer.asl.jsonata.values import MISSING, Irregular, Sequence, is_number, number_of, settled, tidy, truth
from designer.asl.scope import ABSENT, Scope

MAX_STEPS: Final = 200_000
MAX_RANGE: Final = 10_000

# (context item, environment) -> value, MISSING for undefined
Code = Callable[[Any, "Environment"], Any]


class Unbounded(Exception):  # noqa: N818 - a way out, not an error
    """The expression is not on the list of what runs in place."""


class Environment:
    """Names an expression sees: its own bindings, then workflow variables; and the steps left to it."""

    __slots__ = ("local", "scope", "steps", "variables")

    def __init__(self, scope: Scope, local: Mapping[str, Any], steps: list[int]) -> None:
        self.scope = scope
        self.variables = scope.variables
        self.local = local
        self.steps = steps

    def spend(self, count: int) -> None:
        self.steps[0] -= count
        if self.steps[0] < 0:
            raise Irregular


def compile_in_place(tree: Node) -> Callable[[Scope], Any]:
    """Raises Unbounded."""
    code = _compile(tree)

    def evaluate(scope: Scope) -> Any:
        return settled(code(MISSING, Environment(scope, {}, [MAX_STEPS])))

    return evaluate


def _compile(node: Node) -> Code:
    compiler = _COMPILERS.get(node.kind)
    if compiler is None or node.group is not None:
        raise Unbounded
    code = compiler(node)
    if node.filters and node.kind != "path":
        code = _filtered(code, [_predicate(filter_) for filter_ in node.filters])
    if node.keep_array:
        code = _kept(code)
    return code


def _kept(code: Code) -> Code:
    def evaluate(item: Any, env: Environment) -> Any:
        value = code(item, env)
        if value is MISSING or (isinstance(value, list) and value.__class__ is not Sequence):
            return value
        return Sequence(value if isinstance(value, list) else [value], keep=True)

    return evaluate


# ---- leaves --------------------------------------------------------------------------------------


def _constant(node: Node) -> Code:
    value = node.value
    return lambda item, env: value


def _variable(node: Node) -> Code:
    name = node.value
    if name == "":
        return lambda item, env: item
    if name == "states":
        return lambda item, env: states_of(env.scope)
    if name in PLAIN or name == "$":
        raise Unbounded  # a function as a value

    def evaluate(item: Any, env: Environment) -> Any:
        if name in env.local:
            return env.local[name]
        return env.variables.get(name, MISSING)

    return evaluate


def states_of(scope: Scope) -> dict[str, Any]:
    """What `$states` holds."""
    states = {"input": scope.data, "context": scope.context(), "result": scope.result,
              "errorOutput": scope.error_output}
    return {name: value for name, value in states.items() if value is not ABSENT}


_STATES: Final[dict[str, Callable[[Scope], Any]]] = {
    "input": lambda scope: scope.data,
    "context": lambda scope: scope.context(),
    "result": lambda scope: MISSING if scope.result is ABSENT else scope.result,
    "errorOutput": lambda scope: MISSING if scope.error_output is ABSENT else scope.error_output,
}


# ---- paths ---------------------------------------------------------------------------------------


def _name(node: Node) -> Code:
    """A field of the context item; of each, when the item is an array."""
    name = node.value

    def evaluate(item: Any, env: Environment) -> Any:
        if item.__class__ is dict:
            return item.get(name, MISSING)
        if isinstance(item, list):
            return settled(_of_each(item, name, env))
        return MISSING

    return evaluate


def _of_each(items: list[Any], name: str, env: Environment) -> Sequence:
    env.spend(len(items))
    found = Sequence()
    for item in items:
        value = item.get(name, MISSING) if item.__class__ is dict else MISSING
        if isinstance(item, list):
            value = settled(_of_each(item, name, env))
        if isinstance(value, list):
            found.extend(value)
        elif value is not MISSING:
            found.append(value)
    return found


def _path(node: Node) -> Code:
    steps = node.parts
    first = steps[0]
    if _reads_states(steps):
        start: Code = _states_property(steps[1])
        rest = steps[2:]
    else:
        if first.kind == "array":
            raise Unbounded
        start, rest = _compile(first), steps[1:]
    if any(step.keep_array for step in steps):
        raise Unbounded
    if all(step.kind == "name" and not step.filters and step.group is None for step in rest):
        return _plain_path(start, tuple(step.value for step in rest))
    return _general_path(start, [_step(step) for step in rest])


def _reads_states(steps: list[Node]) -> bool:
    first, second = steps[0], steps[1] if len(steps) > 1 else steps[0]
    return (first.kind == "variable" and first.value == "states" and not first.filters and second.kind == "name"
            and second.value in _STATES and second.group is None and not second.keep_array)


def _states_property(step: Node) -> Code:
    read = _STATES[step.value]
    code: Code = lambda item, env: read(env.scope)  # noqa: E731
    return _filtered(code, [_predicate(filter_) for filter_ in step.filters]) if step.filters else code


def _plain_path(start: Code, names: tuple[str, ...]) -> Code:
    """Only field names: `$states.input.order.id`."""

    def evaluate(item: Any, env: Environment) -> Any:
        value = settled(start(item, env))
        for name in names:
            if value.__class__ is dict:
                value = value.get(name, MISSING)
                if value is MISSING:
                    return MISSING
            elif isinstance(value, list):
                value = settled(_of_each(value, name, env))
            else:
                return MISSING
        return value

    return evaluate


def _step(step: Node) -> Code:
    if step.kind == "array" or step.kind not in ("name", "block", "object", "call", "variable"):
        raise Unbounded
    if step.kind == "object":
        return _object_of_item(step)
    return _compile(step)


def _object_of_item(step: Node) -> Code:
    code = _compile(step)

    def evaluate(item: Any, env: Environment) -> Any:
        if isinstance(item, list):
            raise Irregular  # groups over the items
        return code(item, env)

    return evaluate


def _general_path(start: Code, steps: list[Code]) -> Code:
    def evaluate(item: Any, env: Environment) -> Any:
        value = settled(start(item, env))
        if value is MISSING:
            return MISSING
        items = value if isinstance(value, list) else [value]
        for number, step in enumerate(steps):
            items = _apply(step, items, env, last=number == len(steps) - 1)
            if not items:
                break
        return settled(items)

    return evaluate


def _apply(step: Code, items: list[Any], env: Environment, *, last: bool) -> list[Any]:
    env.spend(len(items))
    found = [value for value in (step(item, env) for item in items) if value is not MISSING]
    if last and len(found) == 1 and isinstance(found[0], list) and found[0].__class__ is not Sequence:
        only: list[Any] = found[0]
        return only
    flat = Sequence()
    for value in found:
        if isinstance(value, list):
            flat.extend(value)
        else:
            flat.append(value)
    return flat


def _predicate(node: Node) -> Code | int:
    if node.kind == "number" and not node.filters:
        return int(node.value // 1)
    return _compile(node)


def _filtered(code: Code, predicates: list[Code | int]) -> Code:
    def evaluate(item: Any, env: Environment) -> Any:
        value = code(item, env)
        for predicate in predicates:
            if value is MISSING:
                return MISSING
            items = value if isinstance(value, list) else [value]
            value = settled(_at(items, predicate) if isinstance(predicate, int) else _passing(items, predicate, env))
        return value

    return evaluate


def _at(items: list[Any], index: int) -> Any:
    if not -len(items) <= index < len(items):
        return MISSING
    item = items[index]
    return item if isinstance(item, list) else Sequence([item])


def _passing(items: list[Any], predicate: Code, env: Environment) -> Sequence:
    env.spend(len(items))
    found = Sequence()
    for number, item in enumerate(items):
        answer = settled(predicate(item, env))
        wanted = answer if isinstance(answer, list) else [answer]
        if wanted and all(is_number(index) for index in wanted):
            for index in wanted:
                place = int(index // 1)
                if (place if place >= 0 else len(items) + place) == number:
                    found.append(item)
        elif truth(answer):
            found.append(item)
    return found


# ---- operators, constructors ---------------------------------------------------------------------


def _binary(node: Node) -> Code:
    left, right = _compile(node.parts[0]), _compile(node.parts[1])
    if node.value == "and":
        return lambda item, env: truth(settled(left(item, env))) and truth(settled(right(item, env)))
    if node.value == "or":
        return lambda item, env: truth(settled(left(item, env))) or truth(settled(right(item, env)))
    operate = OPERATORS.get(node.value)
    if operate is None:
        raise Unbounded
    return lambda item, env: operate(settled(left(item, env)), settled(right(item, env)))


def _negate(node: Node) -> Code:
    operand = _compile(node.parts[0])

    def evaluate(item: Any, env: Environment) -> Any:
        value = settled(operand(item, env))
        return MISSING if value is MISSING else tidy(-number_of(value))

    return evaluate


def _condition(node: Node) -> Code:
    test, then = _compile(node.parts[0]), _compile(node.parts[1])
    otherwise = _compile(node.parts[2]) if len(node.parts) > 2 else None

    def evaluate(item: Any, env: Environment) -> Any:
        if truth(settled(test(item, env))):
            return then(item, env)
        return MISSING if otherwise is None else otherwise(item, env)

    return evaluate


def _array(node: Node) -> Code:
    parts = [(part.kind == "array", _compile(part)) for part in node.parts]

    def evaluate(item: Any, env: Environment) -> Any:
        found: list[Any] = []
        for is_array, part in parts:
            value = settled(part(item, env))
            if isinstance(value, list) and not is_array:
                found.extend(value)
            elif value is not MISSING:
                found.append(value)
        return found

    return evaluate


def _range(node: Node) -> Code:
    left, right = _compile(node.parts[0]), _compile(node.parts[1])

    def evaluate(item: Any, env: Environment) -> Any:
        first, last = settled(left(item, env)), settled(right(item, env))
        if any(bound is not MISSING and bound.__class__ is not int for bound in (first, last)):
            raise Irregular
        if first is MISSING or last is MISSING:
            return MISSING
        if last - first > MAX_RANGE:
            raise Irregular
        return Sequence(range(first, last + 1))

    return evaluate


def _object(node: Node) -> Code:
    pairs = [(_compile(key), _compile(value))
             for key, value in zip(node.parts[::2], node.parts[1::2], strict=True)]

    def evaluate(item: Any, env: Environment) -> Any:
        if isinstance(item, list):
            raise Irregular
        built: dict[str, Any] = {}
        for read_key, read_value in pairs:
            key, value = settled(read_key(item, env)), settled(read_value(item, env))
            if not isinstance(key, str) or key in built:
                raise Irregular
            if value is not MISSING:
                built[key] = value
        return built

    return evaluate


def _block(node: Node) -> Code:
    parts = [(part.value if part.kind == "bind" else None, _compile(part)) for part in node.parts]

    def evaluate(item: Any, env: Environment) -> Any:
        inner = Environment(env.scope, dict(env.local), env.steps)
        value: Any = MISSING
        for name, part in parts:
            value = settled(part(item, inner))
            if name is not None:
                inner.local[name] = value  # type: ignore[index]
        return value

    return evaluate


def _bind(node: Node) -> Code:
    """The block that holds it keeps the value."""
    if node.value in PLAIN or node.value in ("", "$", "states") or node.parts[0].kind == "bind":
        raise Unbounded
    return _compile(node.parts[0])


def _call(node: Node) -> Code:
    function, arguments = node.parts[0], node.parts[1:]
    work = PLAIN.get(function.value) if function.kind == "variable" else None
    if work is None or not work.least <= len(arguments) <= work.most:
        raise Unbounded
    codes = [_compile(argument) for argument in arguments]
    run = work.run

    def evaluate(item: Any, env: Environment) -> Any:
        return run(env.scope, [settled(code(item, env)) for code in codes])

    return evaluate


_COMPILERS: Final[dict[str, Callable[[Node], Code]]] = {
    "number": _constant, "string": _constant, "value": _constant, "variable": _variable, "name": _name, "path": _path,
    "binary": _binary, "negate": _negate, "condition": _condition, "array": _array, "range": _range, "object": _object,
    "block": _block, "bind": _bind, "call": _call,
}
