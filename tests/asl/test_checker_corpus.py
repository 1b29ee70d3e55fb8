"""The checker on real definitions and on the fixtures of other validators (../shared/corpus)."""

from __future__ import annotations

import contextlib
import json
import random
from typing import Any

import pytest

from designer.asl.checker import check, errors
from designer.asl.compiler import compile_definition
from designer.asl.problems import DefinitionError, Problem
from designer.asl.source import read
from tests.asl.shared import CORPUS, corpus_index

ENTRIES = [entry for entry in corpus_index() if entry["file"].endswith(".json")]
VALID = [entry for entry in ENTRIES if entry["valid"] and not entry.get("disputed")]
INVALID = [entry for entry in ENTRIES if not entry["valid"] and not entry.get("disputed")]

# Invalid for one validator only, fine for AWS as far as anybody knows.
NOT_REPORTED = {
    "12850be2b551": "REGION:ACCOUNT_ID as placeholders of an ARN",
    "b840ac7413d1": "REGION:ACCOUNT_ID as placeholders of an ARN",
    "e1470912400c": "REGION:ACCOUNT_ID as placeholders of an ARN",
    "2a877c70a90d": "ToleratedFailurePercentage 5.0: AWS's own message has 100.0 as its maximum",
    "9e1419262441": "JSONata expressions in numbers, which the validator does not know",
}


# Valid for validators that do not read JSONata, but AWS was measured to refuse it: the corpus filled the
# placeholder in `{% ${IsAssessmentEnabled} = true %}` with a bare word.  The command, which reads files that may be
# templates, warns; whatever creates a state machine refuses.
REFUSED_BY_AWS = {"8a226cc156f5": "UNSUPPORTED_JSONATA_EXPRESSION"}


def text_of(entry: dict[str, Any]) -> str:
    path = CORPUS / str(entry["file"])
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("entry", VALID, ids=[entry["id"] for entry in VALID])
def test_valid_definitions_have_no_error(entry: dict[str, Any]) -> None:
    codes = {problem.code for problem in errors(check(text_of(entry)))}
    assert codes == ({REFUSED_BY_AWS[entry["id"]]} if entry["id"] in REFUSED_BY_AWS else set())
    assert errors(check(read(text_of(entry), placeholders=True), template=True)) == []


@pytest.mark.parametrize("name", REFUSED_BY_AWS)
def test_the_command_warns_of_what_aws_refuses(name: str) -> None:
    text = (CORPUS / "workflows" / f"{name}.asl.json").read_text(encoding="utf-8")
    told = [problem for problem in check(read(text, placeholders=True), template=True)
            if problem.code == REFUSED_BY_AWS[name]]
    assert {problem.severity for problem in told} == {"WARNING"}
    assert all("AWS refuses the definition" in problem.message for problem in told)


@pytest.mark.parametrize("entry", INVALID, ids=[entry["id"] for entry in INVALID])
def test_invalid_definitions_have_one(entry: dict[str, Any]) -> None:
    assert bool(errors(check(text_of(entry)))) is (entry["id"] not in NOT_REPORTED)


def test_placeholders_are_tolerated() -> None:
    for entry in ENTRIES:
        original = CORPUS / "originals" / f"{entry['id']}.asl.json"
        if entry["valid"] and not entry.get("disputed") and original.exists():
            source = read(original.read_text(encoding="utf-8"), placeholders=True)
            codes = {problem.code for problem in errors(check(source))}
            assert "UNSUPPORTED_JSONATA_EXPRESSION" not in codes
            assert "INVALID_JSONATA_EXPRESSION" not in codes


def test_figure() -> None:
    silent = [entry["id"] for entry in INVALID if not errors(check(text_of(entry)))]
    clean = len(VALID) - len(REFUSED_BY_AWS)
    print(f"{clean} of {len(VALID)} valid definitions without an error")
    print(f"{len(silent)} of {len(INVALID)} invalid definitions without an error")
    assert len(silent) <= 0.05 * len(INVALID)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["id"] for entry in ENTRIES])
def test_what_passes_compiles(entry: dict[str, Any]) -> None:
    text = text_of(entry)
    if not errors(check(text)):
        assert compile_definition(json.loads(text)).state_count == entry["states"]
    else:
        with contextlib.suppress(DefinitionError, json.JSONDecodeError):
            compile_definition(json.loads(text))


def mutated(value: Any, chance: random.Random) -> Any:
    """The value with something in it lost, doubled, swapped or replaced."""
    if chance.random() < 0.03:
        return chance.choice(
            [None, 0, -1, 1.5, "", "$.x", "States.Format(", "{% $", [], {}, True, [[]], {"a": {"b.$": 1}}]
        )
    if isinstance(value, dict):
        items = [(key if chance.random() > 0.03 else key[::-1], mutated(item, chance)) for key, item in value.items()]
        return dict(item for item in items if chance.random() > 0.03)
    if isinstance(value, list):
        return [mutated(item, chance) for item in value if chance.random() > 0.03]
    return value


def refusals(data: Any) -> list[Problem]:
    """Why the compiler refuses a definition."""
    try:
        compile_definition(data)
    except DefinitionError as refused:
        return refused.problems
    return []


def test_mutated_definitions_never_raise() -> None:
    chance = random.Random(7)
    for entry in chance.sample(ENTRIES, 120):
        try:
            data = json.loads(text_of(entry))
        except json.JSONDecodeError:
            continue
        for _ in range(8):
            changed = mutated(data, chance)
            problems = check(changed, chance.choice(["STANDARD", "EXPRESS"]))
            assert errors(problems) or refusals(changed) == []


def test_cut_texts_never_raise() -> None:
    chance = random.Random(8)
    for entry in chance.sample(ENTRIES, 60):
        text = text_of(entry)
        for _ in range(10):
            at = chance.randrange(len(text))
            for broken in (text[:at], text[:at] + chance.choice('{}[]",:x\\\n\x00') + text[at:]):
                for problem in check(broken):
                    assert problem.line >= 1
                    assert problem.column >= 1
