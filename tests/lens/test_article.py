"""The faults that ../shared/article/README.md names: each is reported with its place, and its fix ends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from designer.asl.checker import check
from designer.asl.fixes import apply_fix
from designer.asl.problems import Problem
from designer.asl.source import read
from designer.lens.lens import look
from designer.lens.shapes import UNKNOWN, Shape, exactly
from designer.lens.visits import Call, Known
from executions.integrations.result_shapes import known
from tests.acceptance import article

STATES = "/States"
ORDER = {"productId": "p1", "customerEmail": "a@example.com"}


def found(machine: dict[str, Any], given: Shape = UNKNOWN) -> list[Problem]:
    return look(machine, given, known).problems


def places(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, problem.pointer) for problem in problems]


def by_code(machine: dict[str, Any], code: str) -> Problem:
    return next(problem for problem in [*found(machine), *check(machine)] if problem.code == code)


def mended(machine: dict[str, Any], *codes: str) -> dict[str, Any]:
    """The machine after the fixes of these problems."""
    for code in codes:
        problem = by_code(machine, code)
        assert problem.fix is not None, code
        machine = apply_fix(machine, problem.fix)
    return machine


def test_the_faults_of_the_order_workflow() -> None:
    machine = article.read("01-order-processing.json")
    assert places(found(machine, exactly({}))) == [
        ("COMPARISON_NEVER_MATCHES", f"{STATES}/在庫チェック/Choices/0/NumericGreaterThan"),
        ("DATA_REPLACED", f"{STATES}/配送手配/Parameters/MessageBody.$"),
    ]
    assert ("NO_DOLLAR", f"{STATES}/注文確認メール送信/Parameters/Destination/ToAddresses/0") in places(check(machine))
    assert ("INVALID_RESOURCE", f"{STATES}/注文確認メール送信/Resource") in places(check(machine))


def test_what_is_told_of_them() -> None:
    machine = article.read("01-order-processing.json")
    lost = by_code(machine, "DATA_REPLACED")
    assert "'orderDetails' was there before, but the result of 在庫確認 and 支払い処理" in lost.message
    never = by_code(machine, "COMPARISON_NEVER_MATCHES")
    assert "string, not number" in never.message
    assert "StringToJson" in never.hint


def test_lines_and_columns() -> None:
    source = read((article.FOLDER / "01-order-processing.json").read_text(encoding="utf-8"))
    lines = source.text.splitlines()
    for problem in look(source.data, UNKNOWN, known, source=source).problems:
        assert lines[problem.line - 1][problem.column - 1:].startswith(json.dumps(problem.pointer.rsplit("/", 1)[-1]))


def test_its_fixes_leave_no_fault() -> None:
    machine = mended(article.read("01-order-processing.json"), "INVALID_RESOURCE", "NO_DOLLAR",
                     "COMPARISON_NEVER_MATCHES", "DATA_REPLACED")
    states = machine["States"]
    assert states["在庫確認"]["ResultPath"] == "$.在庫確認"
    assert states["在庫チェック"]["Choices"][0]["Variable"] == "$stock"
    assert states["注文確認メール送信"]["Parameters"]["Destination"] == {
        "ToAddresses.$": "States.Array($.orderDetails.customerEmail)"}
    # The state that sends to the queue has no ResultPath either, which only the template shows.
    assert places(found(machine)) == [
        ("PATH_NEVER_EXISTS", f"{STATES}/注文確認メール送信/Parameters/Destination/ToAddresses.$")]
    machine = mended(machine, "PATH_NEVER_EXISTS")
    assert found(machine) == []
    assert check(machine) == []


def test_the_training_workflow_depends_on_a_result() -> None:
    machine = article.read("02-ml-training.json")
    assert places(found(machine)) == [("DEPENDS_ON_RESULT", f"{STATES}/デプロイ判断/Choices/0/Variable")]
    assert found(mended(machine, "DEPENDS_ON_RESULT")) == []


def test_what_the_function_returns_settles_it() -> None:
    def learned(call: Call) -> Known:
        data = {"jobName": "job-1", "trainingData": "s3://in", "outputPath": "s3://out"}
        results = {"データ準備": data, "モデル評価": {"評価結果": {"精度": 0.95}, **data}, "再トレーニング": data}
        value = results.get(call.pointer.rsplit("/", 1)[-1])
        return known(call) if value is None else Known(exactly(value), "learned")

    assert look(article.read("02-ml-training.json"), UNKNOWN, learned).problems == []


def test_a_nested_execution_that_is_not_waited_for() -> None:
    machine = article.wrapped("開始", article.read("06-nested-execution.state.json"))
    assert places(found(machine, exactly({"処理データ": 1}))) == [("EXECUTION_NOT_AWAITED", f"{STATES}/開始/Resource")]
    assert mended(machine, "EXECUTION_NOT_AWAITED")["States"]["開始"]["Resource"].endswith("startExecution.sync:2")


@pytest.mark.parametrize("name", [name for name in article.REPAIRED if not name.startswith("02")])
def test_repaired_workflows_have_none(name: str) -> None:
    machine = article.repaired(name)
    assert found(machine) == []
    assert found(machine, exactly(article.REPAIRED[name][1])) == []
