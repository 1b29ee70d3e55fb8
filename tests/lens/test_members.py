"""Whatever a machine does, its data is a member of the shapes the lens found; `make lens` tries many more machines."""

from __future__ import annotations

from collections import Counter

import pytest

from designer.lens import intrinsics, merging
from designer.lens.jsonata import functions
from designer.lens.jsonata.values import May
from designer.lens.shapes import NUMBER, TEXT
from tests.lens.members import faults

SEEDS = 400


def test_random_machines() -> None:
    counts = Counter[str]()
    for seed in range(SEEDS):
        wrong, status = faults(seed)
        assert not wrong, f"seed {seed}: {wrong[0]}"
        counts[status] += 1
    assert counts["SUCCEEDED"] > SEEDS / 6
    assert counts[""] < SEEDS / 10


@pytest.mark.parametrize("broken", ["intrinsic", "function", "merge"])
def test_a_wrong_rule_is_noticed(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    if broken == "intrinsic":
        for name in intrinsics.RULES:
            monkeypatch.setitem(intrinsics.RULES, name, lambda arguments: NUMBER)
    elif broken == "function":
        monkeypatch.setitem(functions.RULES, "append", lambda arguments: May(TEXT))
    else:
        monkeypatch.setattr(merging, "_put_field", lambda document, *rest: document)
        monkeypatch.setattr(merging, "_put", lambda document, *rest: document)
    assert any(faults(seed)[0] for seed in range(SEEDS))


