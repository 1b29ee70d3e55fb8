"""What the checker says of the article's definitions (the faults that ../shared/article/README.md names)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from designer.asl.checker import check
from tests.acceptance import article


def found(name: str) -> list[tuple[str, str, str]]:
    definition = article.read(name)
    machine = definition if "States" in definition else article.wrapped("対象", definition)
    return [(problem.severity, problem.code, problem.pointer) for problem in check(json.dumps(machine))]


STATES = "/States"


@pytest.mark.parametrize(("name", "expected"), [
    ("01-order-processing.json", [
        ("ERROR", "INVALID_RESOURCE", f"{STATES}/注文確認メール送信/Resource"),
        ("WARNING", "NO_DOLLAR", f"{STATES}/注文確認メール送信/Parameters/Destination/ToAddresses/0"),
    ]),
    ("02-ml-training.json", [("WARNING", "MISSING_PARAMETERS", f"{STATES}/モデルデプロイ")]),
    ("03-parallel-images.state.json", []),
    ("04-map-files.state.json", []),
    ("05-retry-catch.state.json", []),
    ("06-nested-execution.state.json", []),
    ("07-fan-out-fan-in.json", []),
    ("08-human-in-the-loop.json", []),
    ("09-circuit-breaker.json", []),
    ("10-logging.json", [("ERROR", "SCHEMA_VALIDATION_FAILED", "/LoggingConfiguration")]),
])
def test_faults_of_form_are_named(name: str, expected: list[Any]) -> None:
    assert found(name) == expected


def test_the_sync_form_is_suggested_where_a_nested_execution_is_not_waited_for() -> None:
    problems = check(json.dumps(article.wrapped("開始", article.read("06-nested-execution.state.json"))))
    assert [problem for problem in problems if problem.severity == "ERROR"] == []


@pytest.mark.parametrize("name", article.REPAIRED)
def test_repaired_copies_have_no_errors(name: str) -> None:
    assert [problem for problem in check(json.dumps(article.repaired(name))) if problem.severity == "ERROR"] == []
