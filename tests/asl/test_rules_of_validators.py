"""Each rule of the four validators in the corpus's index, with the least definition that breaks it and our code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from designer.asl.checker import check, errors

SCHEMA, TARGET = "SCHEMA_VALIDATION_FAILED", "MISSING_TRANSITION_TARGET"
END: dict[str, Any] = {"Type": "Pass", "End": True}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
INNER: dict[str, Any] = {"StartAt": "I", "States": {"I": END}}
RULE: dict[str, Any] = {"Variable": "$.x", "IsPresent": True, "Next": "B"}
OUTWARDS: dict[str, Any] = {"Type": "Choice", "Choices": [RULE], "Default": "J"}
READER: dict[str, Any] = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}}


def of(state: Any, **more: Any) -> dict[str, Any]:
    """A machine of this state and, where it goes on to B, of a second one."""
    goes_on = '"B"' in json.dumps(state)
    return {"StartAt": "A", "States": {"A": state, **({"B": {"Type": "Succeed"}} if goes_on else {})}, **more}


def passing(**fields: Any) -> dict[str, Any]:
    return of({**END, **fields})


def task(**fields: Any) -> dict[str, Any]:
    return of({"Type": "Task", "Resource": FUNCTION, "End": True, **fields})


def choice(**rule: Any) -> dict[str, Any]:
    return of({"Type": "Choice", "Choices": [{**RULE, **rule}]})


def mapping(**fields: Any) -> dict[str, Any]:
    return of({"Type": "Map", "ItemProcessor": INNER, "End": True, **fields})


def distributed(**fields: Any) -> dict[str, Any]:
    processor = {**INNER, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    return mapping(ItemProcessor=processor, **fields)


def wait(**fields: Any) -> dict[str, Any]:
    return of({"Type": "Wait", "End": True, **fields})


def fail(**fields: Any) -> dict[str, Any]:
    return of({"Type": "Fail", **fields})


def parallel(**branch: Any) -> dict[str, Any]:
    return of({"Type": "Parallel", "Branches": [{**INNER, **branch}], "End": True})


# (rule, in the words of the validators that have it) -> (definition, our code)
RULES: dict[str, tuple[Any, str]] = {
    # asl-validator
    "BRANCH_OUTBOUND_TRANSITION_TARGET: branch cannot transition out": (
        {"StartAt": "A", "States": {"A": {"Type": "Parallel", "Next": "B", "Branches": [
            {"StartAt": "I", "States": {"I": OUTWARDS, "J": END}}]}, "B": END}}, TARGET),
    "MAP_OUTBOUND_TRANSITION_TARGET: processor cannot transition out": (
        {"StartAt": "A", "States": {"A": {"Type": "Map", "Next": "B", "ItemProcessor":
            {"StartAt": "I", "States": {"I": OUTWARDS, "J": END}}}, "B": END}}, TARGET),
    "DUPLICATE_FIELD_NAME: fields equal without .$": (passing(Parameters={"a": 1, "a.$": "$.a"}), SCHEMA),
    "DUPLICATE_STATE_NAMES: also nested": (parallel(StartAt="A", States={"A": END}), "DUPLICATE_STATE_NAME"),
    "FAIL_CAUSE_PROPERTY: Cause or CausePath": (fail(Cause="c", CausePath="$.c"), SCHEMA),
    "FAIL_ERROR_PROPERTY: Error or ErrorPath": (fail(Error="e", ErrorPath="$.e"), SCHEMA),
    "MAP_ITEMREADER_MAXITEM: MaxItems or MaxItemsPath": (distributed(ItemReader={
        **READER, "ReaderConfig": {"InputType": "JSON", "MaxItems": 1, "MaxItemsPath": "$.m"}}), SCHEMA),
    "MAP_ITEM_BATCHER: MaxItemsPerBatch or its Path": (
        distributed(ItemBatcher={"MaxItemsPerBatch": 1, "MaxItemsPerBatchPath": "$.m"}), SCHEMA),
    "MAP_ITEM_BATCHER: MaxInputBytesPerBatch or its Path": (
        distributed(ItemBatcher={"MaxInputBytesPerBatch": 1, "MaxInputBytesPerBatchPath": "$.m"}), SCHEMA),
    "MAP_ITEM_PROCESSOR: one of ItemProcessor, Iterator": (of({"Type": "Map", "End": True}), SCHEMA),
    "MAP_ITEM_PROCESSOR: not both": (mapping(Iterator={"StartAt": "J", "States": {"J": END}}), SCHEMA),
    "MAP_ITEM_SELECTOR: ItemSelector or Parameters": (mapping(ItemSelector={}, Parameters={}), SCHEMA),
    "MAP_TOLERATED_FAILURE: percentage or its Path": (
        distributed(ToleratedFailurePercentage=1, ToleratedFailurePercentagePath="$.p"), SCHEMA),
    "MAP_TOLERATED_FAILURE: count or its Path": (
        distributed(ToleratedFailureCount=1, ToleratedFailureCountPath="$.p"), SCHEMA),
    "MISSING_TERMINAL_STATE": ({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}, "MISSING_END_STATE"),
    "MISSING_TRANSITION_TARGET: Next": (
        {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [RULE], "Default": "C"},
                                    "B": {"Type": "Pass", "Next": "X"}, "C": END}}, TARGET),
    "MISSING_TRANSITION_TARGET: StartAt": ({"StartAt": "X", "States": {"A": END}}, TARGET),
    "MISSING_TRANSITION_TARGET: Default": (
        of({"Type": "Choice", "Choices": [RULE], "Default": "X"}), TARGET),
    "MISSING_TRANSITION_TARGET: of a rule": (
        {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{**RULE, "Next": "X"}], "Default": "B"},
                                    "B": END}}, TARGET),
    "MISSING_TRANSITION_TARGET: of a catcher": (task(Catch=[{"ErrorEquals": ["E"], "Next": "X"}]), TARGET),
    "MISSING_TRANSITION_TARGET: not reachable": ({"StartAt": "A", "States": {"A": END, "C": END}}, TARGET),
    "TERMINAL_STATE_WITH_NEXT: both Next and End": (of({"Type": "Pass", "Next": "B", "End": True}), SCHEMA),
    "TERMINAL_STATE_WITH_NEXT: neither": ({"StartAt": "A", "States": {"A": {"Type": "Pass"}, "B": END}}, SCHEMA),
    "WAIT_DURATION: exactly one, not none": (wait(), SCHEMA),
    "WAIT_DURATION: exactly one, not two": (wait(Seconds=1, Timestamp="2030-01-01T00:00:00Z"), SCHEMA),
    # schemas of asl-validator and the language service
    "must NOT have additional properties: machine": ({**passing(), "Foo": 1}, SCHEMA),
    "must NOT have additional properties: state": (passing(Foo=1), SCHEMA),
    "must match format: a value under .$": (task(ResultSelector={"a.$": "x"}), SCHEMA),
    "must match format: InputPath": (passing(InputPath="a"), SCHEMA),
    "must match format: ResultPath": (passing(ResultPath="$.a[*]"), SCHEMA),
    "must match format: Variable": (choice(Variable="x"), SCHEMA),
    "must match format: an intrinsic is no Variable": (choice(Variable="States.ArrayLength($.a)"), SCHEMA),
    "Resource is no ARN": (task(Resource="f"), "INVALID_RESOURCE"),
    "must be equal to one of the allowed values: Type": (of({"Type": "Pas", "End": True}), SCHEMA),
    "must be equal to one of the allowed values: QueryLanguage": (passing(QueryLanguage="XPath"), SCHEMA),
    "MaxAttempts must be >= 0": (task(Retry=[{"ErrorEquals": ["E"], "MaxAttempts": -1}]), SCHEMA),
    "a rule must have Next": (
        of({"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": True}], "Default": "B"}), SCHEMA),
    "Each Choice Rule can only have one comparison operator": (choice(IsNull=True), SCHEMA),
    "a rule has an operator": (of({"Type": "Choice", "Choices": [{"Variable": "$.x", "Next": "B"}]}), SCHEMA),
    "Not takes one rule": (
        of({"Type": "Choice", "Choices": [{"Not": [], "Next": "B"}]}), SCHEMA),
    "ItemReader.MaxItems is in its range": (
        distributed(ItemReader={**READER, "ReaderConfig": {"InputType": "JSON", "MaxItems": 100_000_001}}), SCHEMA),
    "ItemProcessor must have StartAt": (mapping(ItemProcessor={"States": {"I": END}}), SCHEMA),
    "ToleratedFailurePercentage must be <= 100": (distributed(ToleratedFailurePercentage=101), SCHEMA),
    "BatchInput is a template": (
        distributed(ItemBatcher={"MaxItemsPerBatch": 1, "BatchInput": {"a.$": 1}}), SCHEMA),
    "a catcher must have Next": (task(Catch=[{"ErrorEquals": ["E"]}]), SCHEMA),
    "ErrorEquals holds strings": (task(Retry=[{"ErrorEquals": [1]}]), SCHEMA),
    "ErrorEquals is an array": (task(Retry=[{"ErrorEquals": "E"}]), SCHEMA),
    "Array has too few items: ErrorEquals": (task(Retry=[{"ErrorEquals": []}]), SCHEMA),
    "Array has too few items: Choices": (of({"Type": "Choice", "Choices": [], "Default": "B"}), SCHEMA),
    "Array has too few items: Branches": (of({"Type": "Parallel", "Branches": [], "End": True}), SCHEMA),
    "Incorrect type: integer": (task(TimeoutSeconds="5"), SCHEMA),
    "Incorrect type: array, JSONata expression": (mapping(QueryLanguage="JSONata", Items=1), SCHEMA),
    "Incorrect type: integer, JSONata expression": (task(QueryLanguage="JSONata", TimeoutSeconds="5"), SCHEMA),
    "The value must be a JSONPath or an intrinsic function that returns a string": (
        fail(CausePath="States.ArrayLength($.a)"), SCHEMA),
    "Missing property: Type": (of({"End": True}), SCHEMA),
    # statelint, both
    "Field … not allowed in a state of this type": (passing(Resource=FUNCTION), SCHEMA),
    "Field … not allowed in a retrier": (task(Retry=[{"ErrorEquals": ["E"], "Next": "A"}]), SCHEMA),
    "Field … should be non-null": (of(None), SCHEMA),
    "does not have required field: Resource": (of({"Type": "Task", "End": True}), SCHEMA),
    "does not have required field: States": ({"StartAt": "A"}, SCHEMA),
    "should be an Integer": (task(HeartbeatSeconds=1.5), SCHEMA),
    "should be an Integer, not true": (task(HeartbeatSeconds=True), SCHEMA),
    "allowed floor: TimeoutSeconds": (task(TimeoutSeconds=0), SCHEMA),
    "allowed floor: BackoffRate": (task(Retry=[{"ErrorEquals": ["E"], "BackoffRate": 0.5}]), SCHEMA),
    "allowed floor: MaxDelaySeconds": (task(Retry=[{"ErrorEquals": ["E"], "MaxDelaySeconds": 0}]), SCHEMA),
    "have forbidden field: Next in Not": (of({"Type": "Choice", "Choices": [
        {"Not": {"Variable": "$.x", "IsNull": True, "Next": "B"}, "Next": "B"}]}), SCHEMA),
    "should be a Reference Path: TimeoutSecondsPath": (task(TimeoutSecondsPath="$.a[*]"), SCHEMA),
    "should be a Reference Path: a Map's number": (mapping(MaxConcurrencyPath="$$.Execution.Input.n"), SCHEMA),
    "should be a Reference Path: ItemsPath": (mapping(ItemsPath="$.a[0:2]"), SCHEMA),
    "should be a String: Comment": (passing(Comment={}), SCHEMA),
    "should be an Object: Parameters' place": (passing(Assign=[]), SCHEMA),
    "should be an RFC3339 timestamp": (wait(Timestamp="tomorrow"), SCHEMA),
    "should be numeric": (choice(IsPresent=None, NumericEquals="1"), SCHEMA),
    "not one of the allowed values FULL, NONE": (
        task(Retry=[{"ErrorEquals": ["E"], "JitterStrategy": "some"}]), SCHEMA),
    "is empty, non-empty required": ({"StartAt": "A", "States": {}}, SCHEMA),
    "may have only one of HeartbeatSeconds, its Path": (
        task(HeartbeatSeconds=1, HeartbeatSecondsPath="$.h"), SCHEMA),
    "may have only one of TimeoutSeconds, its Path": (task(TimeoutSeconds=1, TimeoutSecondsPath="$.h"), SCHEMA),
    "may have only one of MaxConcurrency, its Path": (mapping(MaxConcurrency=1, MaxConcurrencyPath="$.h"), SCHEMA),
    "States.ALL must stand alone": (task(Retry=[{"ErrorEquals": ["States.ALL", "E"]}]), SCHEMA),
    "States.ALL must be in the last entry": (
        task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]), SCHEMA),
    "HeartbeatSeconds is smaller than TimeoutSeconds": (task(TimeoutSeconds=1, HeartbeatSeconds=2), SCHEMA),
    "a state's name has at most 80 characters": (
        {"StartAt": "s" * 81, "States": {"s" * 81: END}}, "INVALID_STATE_NAME"),
    "Version is 1.0": (of(END, Version="2.0"), SCHEMA),
    "fields of the other query language": (passing(Output="{% 1 %}"), SCHEMA),
    "should be a JSONata": (passing(QueryLanguage="JSONata", Output="{% 1 +  %}"), "INVALID_JSONATA_EXPRESSION"),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_reported(rule: str) -> None:
    definition, code = RULES[rule]
    assert code in {problem.code for problem in errors(check(json.dumps(definition)))}


@pytest.mark.parametrize("definition", [
    passing(), task(), choice(), mapping(), distributed(), wait(Seconds=1), fail(), parallel(),
    distributed(ItemReader={**READER, "ReaderConfig": {"InputType": "JSON"}}),
    mapping(ItemsPath="$$.Execution.Input.items"), mapping(MaxConcurrencyPath="$limit"),
])  # fmt: skip
def test_what_the_rows_are_made_from_has_no_error(definition: dict[str, Any]) -> None:
    assert errors(check(json.dumps(definition))) == []


@pytest.mark.parametrize(("definition", "message", "location"), [
    (passing(InputPath="a"), "Value must be a valid JSONPath.", "/States/A/InputPath"),
    (wait(SecondsPath="a"), "Value is not a Reference Path: Reference path didn't start with '$'",
     "/States/A/SecondsPath"),
    (mapping(MaxConcurrencyPath="$$.Execution.Input.n"), "Value is not a Reference Path",
     "/States/A/MaxConcurrencyPath"),
    (distributed(ToleratedFailurePercentage=-1), "Minimum value is 0.0", "/States/A/ToleratedFailurePercentage"),
    (distributed(ToleratedFailurePercentage=101), "Maximum value is 100.0", "/States/A/ToleratedFailurePercentage"),
    (mapping(MaxConcurrency=-1), "Minimum value is 0", "/States/A/MaxConcurrency"),
])  # fmt: skip
def test_the_words_of_aws(definition: dict[str, Any], message: str, location: str) -> None:
    """As reported in public issue trackers."""
    assert (message, location) in [(problem.message, problem.location) for problem in check(json.dumps(definition))]


def test_the_order_of_aws() -> None:
    told = errors(check(json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "NOPE"}}})))
    assert [problem.code for problem in told] == [TARGET, "MISSING_END_STATE"]
