"""Each transfer rule against what it is the rule of, with random values; and the laws of the lattice."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from designer.asl.choice import compile_condition
from designer.asl.errors import StateError
from designer.asl.intrinsic_functions import FUNCTIONS, frozen
from designer.asl.intrinsics import compile_intrinsic
from designer.asl.jsonata.functions import PLAIN
from designer.asl.jsonata.values import MISSING, Irregular, Sequence, settled
from designer.asl.path_values import PathMissingError, compile_finder
from designer.asl.paths import compile_result_path, parse_path
from designer.asl.scope import Scope
from designer.lens.conditions import judge
from designer.lens.finding import GONE, find
from designer.lens.intrinsics import RULES, intrinsic
from designer.lens.jsonata import functions
from designer.lens.jsonata.values import NOTHING, May
from designer.lens.lattice import join, loosen, widen
from designer.lens.merging import merge
from designer.lens.notes import Notes
from designer.lens.shapes import UNKNOWN, Shape, constant, exactly, is_member
from designer.lens.tally import shape_of, tally
from designer.lens.views import View, context_of
from tests.asl.shared import scope_of
from tests.lens.authoring import Author, record, value

TIMES = 400


def shapes_with(given: Any, dice: random.Random) -> list[Shape]:
    """Shapes that the value is a member of."""
    exact, other = exactly(given), exactly(value(dice))
    return [exact, loosen(exact), join(exact, other), join(loosen(other), exact), UNKNOWN]


def view_of(shape: Shape) -> View:
    return View(shape, {}, context_of(shape), Notes())


@pytest.mark.parametrize("seed", range(4))
def test_the_lattice(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(TIMES):
        one, other = value(dice), value(dice)
        assert constant(exactly(one)) == one
        assert is_member(other, exactly(one)) == (frozen(one) == frozen(other))
        for shape in shapes_with(one, dice):
            for wider in (shape, loosen(shape), join(exactly(other), shape), *(widen(exactly(other), shape, n)
                                                                              for n in (1, 5, 20))):
                assert is_member(one, wider)
        assert join(exactly(one), exactly(other)) == join(exactly(other), exactly(one))
        assert is_member(one, shape_of(tally([other, one])))


def test_every_function_has_a_rule() -> None:
    assert RULES.keys() == FUNCTIONS.keys()
    assert PLAIN.keys() - functions.RULES.keys() == {"lookup", "parse"}  # which may give anything


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_intrinsic_functions(name: str) -> None:
    dice = random.Random(name)
    worked = 0
    for _ in range(TIMES):
        most = FUNCTIONS[name].most
        count = dice.randint(FUNCTIONS[name].least, 3 if most is None else most)
        data = {letter: likely(dice, kind) for letter, kind in zip("abc", kinds_of(name, count), strict=False)}
        text = f"{name}({', '.join(f'$.{letter}' for letter in data)})"
        try:
            found = compile_intrinsic(text)(scope_of(data))
        except StateError:
            continue
        worked += 1
        for shape in shapes_with(data, dice):
            notes = Notes()
            assert is_member(found, intrinsic(text, View(shape, {}, UNKNOWN, notes), ())), (text, data)
            assert notes.failure is None
    assert worked > TIMES / 20


def kinds_of(name: str, count: int) -> tuple[str, ...]:
    return (*FUNCTIONS[name].kinds, *("any",) * 3)[:count]


def likely(dice: random.Random, kind: str) -> Any:
    """Mostly a value of the kind that the function takes."""
    made: dict[str, Callable[[], Any]] = {
        "text": lambda: dice.choice(("1,2", "MD5", "eA==", "{}", '{"a": 1}', "x")),
        "number": lambda: dice.randint(0, 3),
        "array": lambda: [value(dice, 1) for _ in range(dice.randint(0, 4))], "object": lambda: record(dice, 1),
        "boolean": lambda: False}
    return made[kind]() if kind in made and dice.random() < 0.9 else value(dice, 1)


@pytest.mark.parametrize("name", sorted(PLAIN.keys() & functions.RULES.keys() - functions.RANDOM))
def test_jsonata_functions(name: str) -> None:
    dice = random.Random(name)
    for _ in range(TIMES):
        given = [dice.choice((value(dice), likely(dice, "text"), likely(dice, "array"), MISSING))
                 for _ in range(PLAIN[name].least)]
        try:
            found = settled(PLAIN[name].run(Scope(None, dict, {}, random.Random), given))
        except Irregular:
            continue
        may = functions.RULES[name]([maybe(item, dice) for item in given])
        if found is MISSING:
            assert may.undefined, (name, given)
        else:
            assert is_member(list(found) if found.__class__ is Sequence else found, may.shape), (name, given)


def maybe(item: Any, dice: random.Random) -> May:
    return NOTHING if item is MISSING else May(dice.choice(shapes_with(item, dice)), dice.random() < 0.2)


@pytest.mark.parametrize("seed", range(4))
def test_paths(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(TIMES):
        data = record(dice)
        path = parse_path(Author(dice, {"a": data, **record(dice)}, jsonata=False).path())
        for shape in shapes_with(data, dice):
            found = find(path, shape)
            try:
                there = compile_finder(path)(data)
            except PathMissingError:
                assert found.sure != 0, (path.text, data)
                continue
            assert found.sure != GONE
            assert is_member(there, found.shape), (path.text, data)


@pytest.mark.parametrize("seed", range(4))
def test_result_paths(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(TIMES):
        data, result = value(dice), value(dice)
        text = dice.choice(("$.a", "$.a.b", "$.list[0]", "$.list[1].c", "$", "$.a.b.c"))
        put = compile_result_path(text)
        try:
            merged = result if put is None else put(data, result)
        except StateError:
            merged = None
        for shape in shapes_with(data, dice):
            notes = Notes()
            found = merge(text, shape, exactly(result), notes, ())
            if merged is not None:
                assert notes.failure is None
                assert is_member(merged, found), (text, data)


@pytest.mark.parametrize("seed", range(4))
def test_choice_rules(seed: int) -> None:
    """The data is a member of the world of the outcome that the rule has."""
    dice = random.Random(seed)
    for _ in range(TIMES):
        data = record(dice)
        rule = Author(dice, data, jsonata=False).rule(0)
        if "$v" in str(rule):
            continue
        try:
            holds = compile_condition(rule)(scope_of(data))
        except StateError:
            continue
        for shape in shapes_with(data, dice):
            split = judge(rule, view_of(shape), ())
            world = split.true if holds else split.false
            assert world is not None, (rule, data)
            assert is_member(data, world.data), (rule, data)
        exact = judge(rule, view_of(exactly(data)), ())
        if not any(operator in str(rule) for operator in ("Path", "And", "Or", "Not")):
            assert (exact.false if holds else exact.true) is None, (rule, data)


