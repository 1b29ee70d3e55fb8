"""The compiler: what each field becomes, and AWS's texts for numbers and times that come from data (§13, §16, §23)."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.compiler import compile_definition
from designer.asl.errors import RUNTIME, StateError
from designer.asl.model import DISCARD, Block, Choice, Fail, Map, Parallel, Pass, Retrier, State, Task, Wait
from designer.asl.problems import DefinitionError
from designer.asl.resources import parse_resource
from tests.asl.shared import scope_of

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
END: dict[str, Any] = {"Type": "Pass", "End": True}
INNER: dict[str, Any] = {"StartAt": "I", "States": {"I": END}}


def compiled(state: dict[str, Any]) -> State:
    return compile_definition({"StartAt": "A", "States": {"A": {"End": True, **state}, "B": END}}).root.states["A"]


def test_blocks_are_found_by_path() -> None:
    machine = compile_definition(
        {
            "StartAt": "P",
            "Comment": "c",
            "TimeoutSeconds": 5,
            "States": {
                "P": {
                    "Type": "Parallel",
                    "End": True,
                    "Branches": [
                        INNER,
                        {
                            "StartAt": "M",
                            "States": {
                                "M": {
                                    "Type": "Map",
                                    "End": True,
                                    "ItemProcessor": {"StartAt": "X", "States": {"X": END}},
                                }
                            },
                        },
                    ],
                }
            },
        }
    )
    assert list(machine.blocks) == [("P", 0), ("P", 1, "M", 0), ("P", 1), ()]
    assert machine.blocks[("P", 1, "M", 0)].start_at == "X"
    assert (machine.state_count, machine.timeout_seconds, machine.comment) == (4, 5, "c")
    parallel = machine.root.states["P"]
    assert isinstance(parallel, Parallel)
    assert [type(branch) for branch in parallel.branches] == [Block, Block]


def test_absent_fields_are_none_and_null_ones_are_not() -> None:
    state = compiled({"Type": "Pass"})
    assert isinstance(state, Pass)
    assert (state.input_path, state.output_path, state.result_path, state.parameters) == (None, None, None, None)
    state = compiled({"Type": "Pass", "InputPath": None, "ResultPath": None, "Result": None})
    assert isinstance(state, Pass)
    assert state.input_path is not None
    assert state.input_path(scope_of({"a": 1})) == {}
    assert state.result_path is DISCARD
    assert state.has_result


def test_task() -> None:
    state = compiled(
        {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "TimeoutSeconds": 5,
            "HeartbeatSecondsPath": "$.h",
            "Credentials": {"RoleArn.$": "$.role"},
            "ResultSelector": {"a.$": "$.x"},
            "Retry": [
                {"ErrorEquals": ["E"]},
                {
                    "ErrorEquals": ["States.ALL"],
                    "IntervalSeconds": 2,
                    "MaxAttempts": 0,
                    "BackoffRate": 1.5,
                    "MaxDelaySeconds": 9,
                    "JitterStrategy": "FULL",
                },
            ],
            "Catch": [
                {"ErrorEquals": ["States.ALL"], "Next": "B", "ResultPath": "$.error", "Assign": {"v.$": "$.Error"}}
            ],
        }
    )
    assert isinstance(state, Task)
    assert (state.resource.kind, state.resource.service, state.resource.action) == ("service", "lambda", "invoke")
    assert state.resource.waits_for_token
    assert state.timeout is not None
    assert state.timeout(scope_of({})) == 5
    assert state.heartbeat is not None
    assert state.heartbeat(scope_of({"h": 7})) == 7
    assert state.credentials is not None
    assert state.credentials(scope_of({"role": "r"})) == {"RoleArn": "r"}
    assert state.retry == (Retrier(("E",)), Retrier(("States.ALL",), 2, 0, 1.5, 9, True))
    (catcher,) = state.catch
    assert catcher.result_path is not None
    assert catcher.result_path({"a": 1}, "x") == {"a": 1, "error": "x"}
    assert catcher.assign is not None
    assert catcher.assign(scope_of({"Error": "E"})) == {"v": "E"}


@pytest.mark.parametrize(
    "legacy",
    [
        {"Iterator": INNER, "Parameters": {"v.$": "$$.Map.Item.Value"}},
        {"ItemProcessor": INNER, "ItemSelector": {"v.$": "$$.Map.Item.Value"}},
    ],
)
def test_map_and_its_older_names(legacy: dict[str, Any]) -> None:
    state = compiled({"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 3, **legacy})
    assert isinstance(state, Map)
    assert state.items is not None
    assert state.items(scope_of({"items": [1]})) == [1]
    assert state.item_selector is not None
    assert state.item_selector(scope_of({}, {"Map": {"Item": {"Value": 5}}})) == {"v": 5}
    assert state.arguments is None
    assert state.distributed is None
    assert state.max_concurrency is not None
    assert state.max_concurrency(scope_of({})) == 3


def test_distributed_map() -> None:
    state = compiled(
        {
            "Type": "Map",
            "Label": "L",
            "ToleratedFailurePercentage": 5,
            "ItemProcessor": {**INNER, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}},
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "Parameters": {"Key.$": "$.k"},
                "ReaderConfig": {"InputType": "JSON", "MaxItemsPath": "$.max"},
            },
            "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"a.$": "$.b"}},
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}},
        }
    )
    assert isinstance(state, Map)
    found = state.distributed
    assert found is not None
    scope = scope_of({"k": "key", "max": "4", "b": 1})
    assert (found.execution_type, found.label) == ("EXPRESS", "L")
    assert found.tolerated_percentage is not None
    assert found.tolerated_percentage(scope) == 5.0
    assert found.item_reader is not None
    assert found.item_reader["Arguments"](scope) == {"Key": "key"}
    assert found.item_reader["MaxItems"](scope) == 4
    assert found.item_batcher is not None
    assert found.item_batcher["MaxItemsPerBatch"](scope) == 2
    assert found.item_batcher["BatchInput"](scope) == {"a": 1}
    assert found.result_writer is not None
    assert found.result_writer["Arguments"](scope) == {"Bucket": "b"}


def test_fail_with_paths() -> None:
    state = compile_definition(
        {
            "StartAt": "F",
            "States": {"F": {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('{}!', $.c)"}},
        }
    ).root.states["F"]
    assert isinstance(state, Fail)
    assert state.error is not None
    assert state.cause is not None
    assert state.error(scope_of({"e": "E"})) == "E"
    assert state.cause(scope_of({"c": 5})) == "5!"
    with pytest.raises(StateError) as raised:
        state.error(scope_of({}))
    assert (
        raised.value.cause
        == "The JSONPath '$.e' specified for the field 'ErrorPath' could not be found in the input '{}'"
    )


# ---- numbers and times from data -----------------------------------------------------------------


def wait(**fields: Any) -> Any:
    state = compiled({"Type": "Wait", **fields})
    assert isinstance(state, Wait)
    return state.seconds or state.until


def limit(field: str, **fields: Any) -> Any:
    processor = {**INNER, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    state = compiled({"Type": "Map", "ItemProcessor": processor, **fields})
    assert isinstance(state, Map)
    return getattr(state.distributed, field) if field.startswith("tolerated") else getattr(state, field)


def task_limit(field: str, **fields: Any) -> Any:
    return getattr(compiled({"Type": "Task", "Resource": FUNCTION, **fields}), field)


@pytest.mark.parametrize(
    ("evaluator", "value", "expected"),
    [
        (wait(SecondsPath="$.a"), 0, 0),
        (wait(SecondsPath="$.a"), "12", 12),
        (wait(Seconds=3), None, 3),
        (wait(Timestamp="1970-01-01T00:00:01Z"), None, 1000),
        (wait(TimestampPath="$.a"), "1970-01-01T00:00:00.5Z", 500),
        (limit("max_concurrency", MaxConcurrencyPath="$.a"), "1", 1),
        (limit("tolerated_count", ToleratedFailureCountPath="$.a"), 0, 0),
        (limit("tolerated_percentage", ToleratedFailurePercentagePath="$.a"), "1.1", 1.1),
        (task_limit("timeout", TimeoutSecondsPath="$.a"), 9, 9),
    ],
)
def test_limits(evaluator: Any, value: Any, expected: Any) -> None:
    assert evaluator(scope_of({"a": value})) == expected


@pytest.mark.parametrize(
    ("evaluator", "data", "cause"),
    [
        (wait(SecondsPath="$.a"), {}, "The SecondsPath parameter does not reference an input value: $.a"),
        (wait(SecondsPath="$.a"), {"a": -1}, "The SecondsPath parameter references a negative value: $.a == -1"),
        (wait(SecondsPath="$.a"), {"a": 1.5}, "The SecondsPath parameter cannot be parsed as a long value: $.a == 1.5"),
        (
            wait(SecondsPath="$.a"),
            {"a": True},
            "The SecondsPath parameter cannot be parsed as a long value: $.a == true",
        ),
        (
            wait(TimestampPath="$.t"),
            {"t": "2016-13-05T21:29:29Z"},
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
            "$.t == 2016-13-05T21:29:29Z",
        ),
        (
            limit("max_concurrency", MaxConcurrencyPath="$.p"),
            {"p": "NoNumber"},
            'The MaxConcurrencyPath field refers to value "NoNumber" which is not a valid integer: $.p',
        ),
        (
            limit("max_concurrency", MaxConcurrencyPath="$.p"),
            {"p": {}},
            'The MaxConcurrencyPath field refers to value "{}" which is not a valid integer: $.p',
        ),
        (
            limit("tolerated_count", ToleratedFailureCountPath="$.p"),
            {"p": -1},
            "ToleratedFailureCount cannot be negative.",
        ),
        (
            limit("tolerated_percentage", ToleratedFailurePercentagePath="$.p"),
            {"p": "NoNumber"},
            'The ToleratedFailurePercentagePath field refers to value "NoNumber" which is not a valid float: $.p',
        ),
        (
            limit("tolerated_percentage", ToleratedFailurePercentagePath="$.p"),
            {"p": 100.1},
            "ToleratedFailurePercentage must be between 0 and 100.",
        ),
        (task_limit("timeout", TimeoutSecondsPath="$.X"), {}, "Invalid path '$.X' : No results for path: $['X']"),
    ],
)
def test_limits_that_fail(evaluator: Any, data: Any, cause: str) -> None:
    with pytest.raises(StateError) as raised:
        evaluator(scope_of(data))
    assert (raised.value.error, raised.value.cause) == (RUNTIME, cause)


# ---- resources, JSONata, refusals ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("arn", "kind", "service", "action", "suffix"),
    [
        (FUNCTION, "lambda", "", "", ""),
        ("arn:aws:lambda:region:account-id:function:受付関数:1", "lambda", "", "", ""),
        ("arn:aws:states:us-east-1:123456789012:activity:承認", "activity", "", "", ""),
        ("arn:aws:states:::lambda:invoke", "service", "lambda", "invoke", ""),
        ("arn:aws:states:::states:startExecution.sync:2", "service", "states", "startExecution", ".sync:2"),
        ("arn:aws:states:::aws-sdk:sfn:sendTaskSuccess", "service", "aws-sdk:sfn", "sendTaskSuccess", ""),
        ("arn:aws:states:::approval:request", "service", "approval", "request", ""),
    ],
)
def test_resources(arn: str, kind: str, service: str, action: str, suffix: str) -> None:
    resource = parse_resource(arn)
    assert resource is not None
    assert (resource.kind, resource.service, resource.action, resource.suffix) == (kind, service, action, suffix)


def test_jsonata_states_fill_the_same_model() -> None:
    machine = compile_definition(
        {
            "QueryLanguage": "JSONata",
            "StartAt": "C",
            "States": {
                "C": {
                    "Type": "Choice",
                    "Default": "W",
                    "Choices": [
                        {
                            "Condition": "{% $states.input.n > 1 %}",
                            "Next": "W",
                            "Output": {"x": "{% $states.input.n %}"},
                        }
                    ],
                },
                "W": {"Type": "Wait", "Seconds": "{% 1 + 1 %}", "End": True},
            },
        }
    )
    choice, pause = machine.root.states["C"], machine.root.states["W"]
    assert isinstance(choice, Choice)
    assert isinstance(pause, Wait)
    (rule,) = choice.rules
    scope = scope_of({"n": 2})
    assert rule.condition(scope) is True
    assert rule.output is not None
    assert rule.output(scope) == {"x": 2}
    assert pause.seconds is not None
    assert pause.seconds(scope) == 2


@pytest.mark.parametrize(
    ("definition", "pointer"),
    [
        (None, ""),
        ([], ""),
        ({}, ""),
        ({"StartAt": "A", "States": {}}, ""),
        ({"StartAt": "X", "States": {"A": END}}, "/StartAt"),
        ({"StartAt": "A", "States": {"A": {"Type": "Nope"}}}, "/States/A/Type"),
        ({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "X"}}}, "/States/A/Next"),
        ({"StartAt": "A", "States": {"A": {**END, "Parameters": {"a": {"b.$": "x"}}}}}, "/States/A/Parameters/a/b.$"),
        (
            {"StartAt": "A", "States": {"A": {**END, "QueryLanguage": "JSONata", "Output": "{% ( %}"}}},
            "/States/A/Output",
        ),
        ({"StartAt": "A", "States": {"A": {"Type": "Task", "End": True, "Resource": "x"}}}, "/States/A/Resource"),
    ],
)
def test_refused(definition: Any, pointer: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        compile_definition(definition)
    assert raised.value.problems[0].pointer == pointer


def test_deep_definitions_are_refused() -> None:
    block: dict[str, Any] = INNER
    for number in range(200):
        block = {
            "StartAt": f"s{number}",
            "States": {f"s{number}": {"Type": "Parallel", "End": True, "Branches": [block]}},
        }
    with pytest.raises(DefinitionError) as raised:
        compile_definition(block)
    assert raised.value.problems[0].code == "TOO_DEEPLY_NESTED"
    template: dict[str, Any] = {"x.$": "$"}
    for _ in range(5000):
        template = {"a": template}
    with pytest.raises(DefinitionError) as raised:
        compiled({"Type": "Pass", "Parameters": template})
    assert raised.value.problems[0].code == "TOO_DEEPLY_NESTED"
