"""A small fuzz run; the long one is `python -m tests.asl.fuzz`."""

from __future__ import annotations

import random

from tests.asl.fuzz import fuzz, mutated_text


def test_mutated_definitions_give_problems_only() -> None:
    tally = fuzz(3, inputs=300)
    assert tally.counts["inputs"] == 300
    assert tally.counts["with errors"] > 100
    assert tally.counts["without errors"] > 10


def test_mutations_are_the_same_for_a_seed() -> None:
    assert mutated_text("abc" * 50, random.Random(4)) == mutated_text("abc" * 50, random.Random(4)) != "abc" * 50
