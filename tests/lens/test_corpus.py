"""The lens never raises, whatever the definition; of the published workflows it finds those that cannot work."""

from __future__ import annotations

import random
from typing import Any

from designer.asl.problems import ERROR
from designer.asl.yaml_source import read_yaml
from designer.lens.lens import look
from designer.lens.shapes import exactly
from tests.asl.fuzz import mutated_data
from tests.asl.shared import CORPUS, corpus_index


def definitions() -> list[tuple[str, Any]]:
    return [(entry["file"], read_yaml((CORPUS / entry["file"]).read_text(encoding="utf-8")).data)
            for entry in corpus_index() if entry["file"].endswith((".json", ".yaml"))]


# Published workflows that cannot work, with what they need that is not there.
BROKEN = {
    "workflows/0b4313b085a6.asl.json": "/States/Emit - TIMEDOUT/Parameters/Entries/0/Detail/TaskToken.$",  # no callback
    "workflows/5c57a457f53f.asl.json": (
        "/States/Iterate states/ItemProcessor/States/Get Data/Arguments/Input/childTaskToken"),
    "workflows/ec39ec7c56e6.asl.json": "/States/For Each Tool/Items",  # a word that a deployment fills in
}


def test_published_workflows_without_a_sample() -> None:
    certain = {name: problem.pointer for name, definition in definitions() if name.startswith("workflows/")
               for problem in look(definition).problems if problem.severity == ERROR}
    assert certain == BROKEN


def test_mangled_definitions() -> None:
    """Half-typed definitions are what an editor has most of the time."""
    chance = random.Random(11)
    for _, definition in definitions():
        for given in ({"a": 1}, [], None):
            look(mutated_data(definition, chance), exactly(given))
