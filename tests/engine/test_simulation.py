"""Stories of an execution in a rough world, told by their seeds; and that deliberate bugs do not go unnoticed."""

from __future__ import annotations

from typing import Final

import pytest

from tests.engine.simulation.mutants import MUTANTS, Mutant
from tests.engine.simulation.world import World

SEEDS: Final = 5000
GROUP: Final = 500
MOST: Final = 1500  # seeds until a mutant must have been noticed


@pytest.mark.parametrize("first", range(0, SEEDS, GROUP))
def test_no_story_goes_wrong(first: int) -> None:
    for seed in range(first, first + GROUP):
        try:
            World(seed).live()
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error}") from error


def test_the_stories_are_worth_telling() -> None:
    """Crashes, all ends and long histories are among them."""
    worlds = [World(seed).live() for seed in range(100)]
    assert {world.worker.run.header.status for world in worlds} == {"SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT"}
    assert sum(world.crashes for world in worlds) > 100
    assert max(len(world.store.events()) for world in worlds) > 100


def test_a_seed_tells_the_same_story_again() -> None:
    assert World(7).live().store.segments == World(7).live().store.segments


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_deliberate_bug_is_noticed(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    for seed in range(MOST):
        try:
            World(seed).live()
        except Exception:
            return
    pytest.fail(f"{MOST} stories did not notice it")
