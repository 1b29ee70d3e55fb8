"""Fixes, tested by making them and checking again."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from designer.asl.checker import check
from designer.asl.fixes import FixError, apply_fix, nearest
from designer.asl.problems import ERROR, Fix, Operation, Problem
from tests.asl.shared import CORPUS, corpus_index

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
END: dict[str, Any] = {"Type": "Pass", "End": True}
RULE: dict[str, Any] = {"Variable": "$.a", "IsPresent": True, "Next": "B"}


def machine(state: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": state, "B": END}, **fields}


def task(**fields: Any) -> dict[str, Any]:
    return machine({"Type": "Task", "Resource": FUNCTION, "Next": "B", **fields})


def entries(*names: list[str]) -> list[dict[str, Any]]:
    return [{"ErrorEquals": each, "Next": "B"} for each in names]


def mapping(mode: dict[str, Any], **fields: Any) -> dict[str, Any]:
    processor = {"ProcessorConfig": mode, "StartAt": "I", "States": {"I": END}}
    return machine({"Type": "Map", "ItemProcessor": processor, "Next": "B", **fields})


def sdk(resource: str) -> dict[str, Any]:
    return task(Resource=f"arn:aws:states:::{resource}", Parameters={"a": 1})


# What is wrong, and where in the fixed definition which value stands ("-" that nothing stands there).
FIXED: list[tuple[dict[str, Any], str, Any]] = [
    (task(Foo=1), "/States/A/Foo", "-"),
    (task(timeoutSeconds=5), "/States/A/TimeoutSeconds", 5),
    (task(Output="{% 1 %}"), "/States/A/Output", "-"),
    (task(Next="b "), "/States/A/Next", "B"),
    (machine({"Type": "Pass", "Next": "B"}, StartAt="a"), "/StartAt", "A"),
    ({"States": {"Only": END}}, "/StartAt", "Only"),
    (machine({"Type": "pass", "Next": "B"}), "/States/A/Type", "Pass"),
    (machine({"Type": "Pass", "Next": "B", "End": True}), "/States/A/End", "-"),
    ({"StartAt": "A", "States": {"A": {"Type": "Pass"}, "B": END}} | {"StartAt": "A"}, "/States/A/End", True),
    (task(TimeoutSeconds="60"), "/States/A/TimeoutSeconds", 60),
    (task(TimeoutSeconds=60.0), "/States/A/TimeoutSeconds", 60),
    (machine({"Type": "Pass", "End": "true"}), "/States/A/End", True),
    (machine({"Type": "Wait", "Seconds": "$.s", "Next": "B"}), "/States/A/SecondsPath", "$.s"),
    (task(Parameters={"a/b": "$.x"}), "/States/A/Parameters/a~1b.$", "$.x"),
    (machine({"Type": "Pass", "Result": {"a.$": "$.x"}, "Next": "B"}), "/States/A/Parameters", {"a.$": "$.x"}),
    (machine({"Type": "Pass", "Next": "B"}, QueryLanguage="JSONAta"), "/QueryLanguage", "JSONata"),
    (task(Parameters={"To": ["${$.a.b}"]}), "/States/A/Parameters/To.$", "States.Array($.a.b)"),
    (task(Parameters={"To": ["it's", "${$.a}", 1]}), "/States/A/Parameters/To.$", "States.Array('it\\'s', $.a, 1)"),
    (task(Parameters={"a": "${$.b}"}), "/States/A/Parameters/a.$", "$.b"),
    (task(Parameters={"a": {"b": "Dear ${$.name}: ${$.c}!"}}), "/States/A/Parameters/a/b.$",
     "States.Format('Dear {}: {}!', $.name, $.c)"),
    (task(Catch=entries(["States.ALL", "E"])), "/States/A/Catch/0/ErrorEquals", ["States.ALL"]),
    (task(Catch=entries(["States.ALL"], ["E"])), "/States/A/Catch/1/ErrorEquals", ["States.ALL"]),
    (task(Catch=entries(["E"], ["E"])), "/States/A/Catch/1", "-"),
    (task(Catch=entries(["E"], ["E", "F"])), "/States/A/Catch/1/ErrorEquals", ["F"]),
    (task(Retry=[{"ErrorEquals": "E"}]), "/States/A/Retry/0/ErrorEquals", ["E"]),
    (machine({"Type": "Choice", "Default": "B", "Choices": [RULE | {"IsPresent": "false"}]}),
     "/States/A/Choices/0/IsPresent", False),
    (machine({"Type": "Choice", "Default": "B", "Choices": [{"Variable": "$.a", "StringEquals": "$.b", "Next": "B"}]}),
     "/States/A/Choices/0/StringEqualsPath", "$.b"),
    (machine({"Type": "Choice", "Default": "B",
              "Choices": [{"Not": {"Variable": "$.a", "Isnull": True}, "Next": "B"}]}),
     "/States/A/Choices/0/Not/IsNull", True),
    (sdk("sqs:sendMessage.waitForTasktoken"), "/States/A/Resource",
     "arn:aws:states:::sqs:sendMessage.waitForTaskToken"),
    (sdk("ecs:runTask.synch"), "/States/A/Resource", "arn:aws:states:::ecs:runTask.sync"),
    (sdk("dynamodb:getItem.sync"), "/States/A/Resource", "arn:aws:states:::dynamodb:getItem"),
    (sdk("aws-sdk:s3:getObject.sync"), "/States/A/Resource", "arn:aws:states:::aws-sdk:s3:getObject"),
    (sdk("s3:getObject"), "/States/A/Resource", "arn:aws:states:::aws-sdk:s3:getObject"),
    (sdk("dynamoDB:getitem"), "/States/A/Resource", "arn:aws:states:::dynamodb:getitem"),
    (sdk("dynamodb:getitem"), "/States/A/Resource", "arn:aws:states:::dynamodb:getItem"),
    (mapping({"Mode": "DISTRIBUTED"}), "/States/A/ItemProcessor/ProcessorConfig/ExecutionType", "STANDARD"),
    (mapping({"Mode": "INLINE", "ExecutionType": "EXPRESS"}),
     "/States/A/ItemProcessor/ProcessorConfig/ExecutionType", "-"),
    (mapping({"Mode": "INLINE"}, Label="l"), "/States/A/Label", "-"),
    (machine({"Type": "Pass", "End": True, "Assign": {"x": 1}}), "/States/A/Assign/x", "-"),
    (machine({"Type": "Pass", "Next": "A"}) | {"StartAt": "B"}, "/States/A", "-"),
    ({"QueryLanguage": "JSONata"} | machine({"Type": "Pass", "Output": " {% 1 %}", "Next": "B"}),
     "/States/A/Output", "{% 1 %}"),
]  # fmt: skip


def value_at(data: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        try:
            data = data[int(step)] if isinstance(data, list) else data[step.replace("~1", "/")]
        except (KeyError, IndexError):
            return "-"
    return data


def key(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.message, problem.pointer


@pytest.mark.parametrize(("definition", "pointer", "value"), FIXED)
def test_fix(definition: dict[str, Any], pointer: str, value: Any) -> None:
    given = copy.deepcopy(definition)
    seen = False
    for problem in check(definition):
        if problem.fix is not None:
            fixed = apply_fix(definition, problem.fix)
            seen = seen or value_at(fixed, pointer) == value
            assert key(problem) not in {key(other) for other in check(fixed)}
    assert seen
    assert definition == given


def test_express_patterns_are_removed() -> None:
    problem = next(found for found in check(sdk("ecs:runTask.sync"), "EXPRESS") if found.severity == ERROR)
    assert problem.fix is not None
    assert not [found for found in check(apply_fix(sdk("ecs:runTask.sync"), problem.fix), "EXPRESS")
                if found.severity == ERROR]  # fmt: skip


def test_every_fix_of_the_corpus_ends_its_problem() -> None:
    count = 0
    for entry in corpus_index():
        if not entry["file"].endswith(".json"):
            continue
        try:
            definition = json.loads((CORPUS / entry["file"]).read_text(encoding="utf-8"))
        except ValueError:
            continue
        for problem in check(definition):
            if problem.fix is not None:
                fixed = apply_fix(definition, problem.fix)
                same = [key(other) for other in check(fixed)].count(key(problem))
                assert same < [key(other) for other in check(definition)].count(key(problem)), (entry["id"], problem)
                count += 1
    print(f"{count} fixes")
    assert count > 50


def test_a_fix_for_another_definition_is_refused() -> None:
    for operation in (Operation("remove", "/a"), Operation("replace", "/b", 1), Operation("remove", "/c/4")):
        with pytest.raises(FixError, match="check the definition again"):
            apply_fix({"c": []}, Fix("", (operation,)))


def test_plain_data() -> None:
    problem = next(found for found in check(task(Foo=1)) if found.fix)
    assert problem.as_dict()["fix"] == {
        "title": "Remove Foo", "operations": [{"op": "remove", "pointer": "/States/A/Foo"}]
    }  # fmt: skip


@pytest.mark.parametrize(("name", "known", "near"), [
    ("b", ["A", "B"], "B"), ("Proces", ["Process", "Wait"], "Process"), ("Zzz", ["Process"], None),
    ("a", ["A", "A "], None),
])  # fmt: skip
def test_nearest(name: str, known: list[str], near: str | None) -> None:
    assert nearest(name, known) == near
