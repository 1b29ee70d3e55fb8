"""Each rule of the checker: the mistake, and what is said about it (asl-language.md §22)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from designer.asl.checker import check, errors
from designer.asl.problems import ERROR, WARNING
from tests.asl.shared import SHARED

SCHEMA = "SCHEMA_VALIDATION_FAILED"
TARGET = "MISSING_TRANSITION_TARGET"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
END: dict[str, Any] = {"Type": "Pass", "End": True}


def machine(state: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A machine that starts with state A, followed by a terminal B."""
    return {"StartAt": "A", "States": {"A": state, "B": END, **others}}


def task(**fields: Any) -> dict[str, Any]:
    return machine({"Type": "Task", "Resource": FUNCTION, "Next": "B", **fields})


def choice(*rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return machine({"Type": "Choice", "Choices": list(rules), "Default": "B", **fields})


def mapping(mode: str = "INLINE", **fields: Any) -> dict[str, Any]:
    config = {"Mode": mode, **({"ExecutionType": "STANDARD"} if mode == "DISTRIBUTED" else {})}
    return machine(
        {
            "Type": "Map",
            "Next": "B",
            **fields,
            "ItemProcessor": {"ProcessorConfig": config, "StartAt": "I", "States": {"I": END}},
        }
    )


def found(definition: Any, kind: str = "STANDARD") -> list[tuple[str, str, str, str | None]]:
    return [(problem.severity, problem.code, problem.message, problem.location) for problem in check(definition, kind)]


def mistakes(definition: Any, kind: str = "STANDARD") -> list[tuple[str, str, str | None]]:
    """Errors only: (code, message, AWS's location)."""
    return [(code, message, place) for severity, code, message, place in found(definition, kind) if severity == ERROR]


# (definition, code, AWS's message, AWS's location): measured or recorded
MEASURED: list[tuple[Any, str, str, str | None]] = [
    ({}, SCHEMA, "These fields are required: [States, StartAt]", "/"),
    ({"States": {"A": END}}, SCHEMA, "These fields are required: [StartAt]", "/"),
    ("", SCHEMA, "Definition must be a valid JSON object", None),
    (" ", SCHEMA, "Definition must be a valid JSON object", None),
    ("[]", SCHEMA, "Definition must be a valid JSON object", None),
    (
        "not a definition",
        "INVALID_JSON_DESCRIPTION",
        "Unrecognized token 'not': was expecting "
        "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n"
        ' at [Source: (String)"not a definition"; line: 1, column: 4]',
        '[Source: (String)"not a definition"; line: 1, column: 4]',
    ),
    (
        machine({"Type": "Pass", "Next": "X"}, B=END, C={"Type": "Pass", "End": True}) | {"StartAt": "A"},
        TARGET,
        "Missing 'Next' target: X",
        "/States/A/Next",
    ),
    ({"StartAt": "X", "States": {"A": END}}, TARGET, "Missing 'Next' target: X", "/StartAt"),
    (
        choice({"Variable": "$.a", "IsNull": True, "Next": "X"}),
        TARGET,
        "Missing 'Next' target: X",
        "/States/A/Choices[0]/Next",
    ),
    (
        machine({"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": True, "Next": "B"}], "Default": "X"}),
        TARGET,
        "Missing 'Next' target: X",
        "/States/A/Default",
    ),
    (
        task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "X"}]),
        TARGET,
        "Missing 'Next' target: X",
        "/States/A/Catch[0]/Next",
    ),
    (machine({"Type": "Pass", "End": True}), TARGET, 'State "B" is not reachable.', "/States/B"),
    (
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}},
        "MISSING_END_STATE",
        "Workflow has no terminal state",
        None,
    ),
    (
        machine({"Type": "Pass", "Next": "B", "TimeoutSeconds": 5}),
        SCHEMA,
        "Field 'TimeoutSeconds' is not supported",
        "/States/A",
    ),
    (machine({"Type": "Pass", "Next": "B", "Retry": []}), SCHEMA, "Field 'Retry' is not supported", "/States/A"),
    (
        machine({"Type": "Pass", "Next": "B", "Output": 1}),
        SCHEMA,
        "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
        "/States/A",
    ),
    (
        machine({"Type": "Pass", "Next": "B", "QueryLanguage": "JSONata", "InputPath": "$"}),
        SCHEMA,
        "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' "
        "QueryLanguage",
        "/States/A",
    ),
    (
        machine({"Type": "Pass", "Next": "B", "QueryLanguage": "JSONPath"}) | {"QueryLanguage": "JSONata"},
        SCHEMA,
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
        "/States/A",
    ),
    (
        machine(END | {"QueryLanguage": "XPath"}) | {"States": {"A": END | {"QueryLanguage": "XPath"}}},
        SCHEMA,
        "Value should be one of the following: [JSONPath, JSONata]",
        "/States/A/QueryLanguage",
    ),
    (task(Comment=5), SCHEMA, "Expected value of type [STRING]", "/States/A/Comment"),
    (
        mapping(
            "DISTRIBUTED",
            ItemReader={
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON", "MaxItems": 1, "MaxItemsPath": "$.n"},
            },
        ),
        SCHEMA,
        "There should only be one of the following fields: [MaxItems, MaxItemsPath]",
        "/States/A/ItemReader/ReaderConfig",
    ),
    (
        mapping("DISTRIBUTED", ToleratedFailurePercentage=101),
        SCHEMA,
        "Maximum value is 100.0",
        "/States/A/ToleratedFailurePercentage",
    ),
    (mapping(MaxConcurrency=-1), SCHEMA, "Minimum value is 0", "/States/A/MaxConcurrency"),
    (
        mapping(
            "DISTRIBUTED",
            ItemReader={
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON", "MaxItems": 100_000_001},
            },
        ),
        SCHEMA,
        "Maximum value is 100000000",
        "/States/A/ItemReader/ReaderConfig/MaxItems",
    ),
    (
        machine({"Type": "Wait", "SecondsPath": "$.a[*]", "Next": "B"}),
        SCHEMA,
        "Value is not a Reference Path",
        "/States/A/SecondsPath",
    ),
    (machine({"Type": "Parallel", "Branches": [], "Next": "B"}), SCHEMA, "Value cannot be empty", "/States/A/Branches"),
    ({"StartAt": "A", "States": {"A": END, "B": 5}}, SCHEMA, "Expected value of type [OBJECT]", "/States/B"),
]


@pytest.mark.parametrize(("definition", "code", "message", "location"), MEASURED)
def test_says_what_aws_says(definition: Any, code: str, message: str, location: str | None) -> None:
    assert (code, message, location) in mistakes(definition)


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Express state machine does not support '.waitForTaskToken' service integration ",
        ),
        (
            "arn:aws:states:::states:startExecution.sync:2",
            "Express state machine does not support '.sync' service integration",
        ),
        ("arn:aws:states:us-east-1:123456789012:activity:a", "Express state machine does not support Activity ARN"),
    ],
)
def test_express(resource: str, message: str) -> None:
    definition = task(Resource=resource)
    assert mistakes(definition, "EXPRESS") == [(SCHEMA, message, "/States/A/Resource")]
    assert mistakes(definition) == []


def test_express_has_no_distributed_map_and_no_approval() -> None:
    assert mistakes(mapping("DISTRIBUTED"), "EXPRESS")
    assert mistakes(task(Resource="arn:aws:states:::approval:request"), "EXPRESS")


@pytest.mark.parametrize(
    "definition",
    [
        task(),
        task(Resource="arn:aws:lambda:region:account-id:function:受付関数"),
        task(Resource="arn:aws:lambda:us-east-1:123456789012:function:f:PROD"),
        task(Resource="${FunctionArn}"),
        task(Resource="arn:aws:states:::approval:request", Parameters={"Title": "x"}),
        task(Resource="arn:aws:states:::sagemaker:createModel", Parameters={"ModelName": "m"}),
        task(Resource="arn:aws:states:::aws-sdk:s3:getObject.waitForTaskToken"),
        task(Resource="arn:aws-cn:states:::lambda:invoke", Parameters={"FunctionName": "f"}),
        task(Retry=[], Catch=[], TimeoutSeconds=2, HeartbeatSeconds=1, Comment="", ResultPath=None, InputPath=None),
        task(Credentials={"RoleArn.$": "States.Format('{}', $.role)"}),
        choice(
            {
                "And": [{"Variable": "$.a", "IsPresent": True}, {"Not": {"Variable": "$$.x", "StringMatches": "a*"}}],
                "Next": "B",
                "Comment": "c",
                "Assign": {"x.$": "$.a"},
            }
        ),
        mapping(ItemsPath="$.items", ItemSelector={"i.$": "$$.Map.Item.Index"}, MaxConcurrencyPath="$n"),
        machine(
            {"Type": "Map", "Iterator": {"StartAt": "I", "States": {"I": END}}, "Parameters": {"a": 1}, "Next": "B"}
        ),
        mapping(
            "DISTRIBUTED",
            Label="L",
            ItemBatcher={"MaxItemsPerBatch": 2, "BatchInput": {"a.$": "$.b"}},
            ResultWriter={"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}},
        ),
        {
            "StartAt": "F",
            "States": {"F": {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('{}', $.c)"}},
        },
        {
            "QueryLanguage": "JSONata",
            "StartAt": "A",
            "States": {
                "A": {
                    "Type": "Task",
                    "Resource": FUNCTION,
                    "Arguments": "{% $states.input %}",
                    "Output": None,
                    "End": True,
                    "TimeoutSeconds": "{% 5 %}",
                    "Assign": {"x": "{% $states.result %}"},
                }
            },
        },
        machine({"Type": "Wait", "Timestamp": "2030-01-01T00:00:00Z", "Next": "B"})
        | {"Version": "1.0", "Comment": "c"},
        machine({"Type": "Pass", "Next": "B", "End": False}),
    ],
)
def test_nothing_to_say(definition: dict[str, Any]) -> None:
    of_variables = {"UNUSED_VARIABLE", "UNDEFINED_VARIABLE"}  # the examples are parts of something larger
    assert [problem for problem in found(definition) if problem[1] not in of_variables] == []


@pytest.mark.parametrize(
    ("definition", "pointer"),
    [
        (machine({"Next": "B"}), "/States/A"),
        (machine({"Type": "task", "Next": "B"}), "/States/A/Type"),
        (machine({"Type": ["Task"], "Next": "B"}), "/States/A/Type"),
        (machine({"Type": "Task", "Next": "B"}), "/States/A"),
        (machine({"Type": "Pass"}), "/States/A"),
        (machine({"Type": "Pass", "Next": "B", "End": True}), "/States/A"),
        (machine({"Type": "Succeed", "Next": "B"}), "/States/A/Next"),
        (machine({"Type": "Wait", "Next": "B"}), "/States/A"),
        (machine({"Type": "Wait", "Seconds": 1, "Timestamp": "2030-01-01T00:00:00Z", "Next": "B"}), "/States/A"),
        (machine({"Type": "Wait", "Seconds": 1.5, "Next": "B"}), "/States/A/Seconds"),
        (machine({"Type": "Wait", "Seconds": True, "Next": "B"}), "/States/A/Seconds"),
        (machine({"Type": "Wait", "Timestamp": "tomorrow", "Next": "B"}), "/States/A/Timestamp"),
        (machine({"Type": "Fail", "Error": "e", "ErrorPath": "$.e"}), "/States/A"),
        (machine({"Type": "Fail", "CausePath": "States.MathAdd(1, 2)"}), "/States/A/CausePath"),
        (task(TimeoutSeconds=0), "/States/A/TimeoutSeconds"),
        (task(TimeoutSeconds=5, TimeoutSecondsPath="$.t"), "/States/A"),
        (task(TimeoutSeconds=5, HeartbeatSeconds=6), "/States/A/HeartbeatSeconds"),
        (task(InputPath="a"), "/States/A/InputPath"),
        (task(ResultPath="$$.a"), "/States/A/ResultPath"),
        (task(ResultPath="$.a[*]"), "/States/A/ResultPath"),
        (task(Parameters={"a": [{"b.$": "nope"}]}), "/States/A/Parameters/a/0/b.$"),
        (task(Parameters={"a": {"b.$": 5}}), "/States/A/Parameters/a/b.$"),
        (task(ResultSelector={"a.$": "States.Nope($.x)"}), "/States/A/ResultSelector/a.$"),
        (task(Parameters={"a": 1, "a.$": "$.x"}), "/States/A/Parameters/a.$"),
        (task(Assign=[]), "/States/A/Assign"),
        (task(Assign={"1a": 1}), "/States/A/Assign/1a"),
        (task(Assign={"states": 1}), "/States/A/Assign/states"),
        (task(Assign={"x" * 81: 1}), "/States/A/Assign/" + "x" * 81),
        (task(Retry={}), "/States/A/Retry"),
        (task(Retry=[{}]), "/States/A/Retry/0"),
        (task(Retry=[{"ErrorEquals": []}]), "/States/A/Retry/0/ErrorEquals"),
        (task(Retry=[{"ErrorEquals": [1]}]), "/States/A/Retry/0/ErrorEquals/0"),
        (task(Retry=[{"ErrorEquals": ["States.ALL", "E"]}]), "/States/A/Retry/0/ErrorEquals"),
        (task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]), "/States/A/Retry/0/ErrorEquals"),
        (task(Retry=[{"ErrorEquals": ["E"], "BackoffRate": 0.5}]), "/States/A/Retry/0/BackoffRate"),
        (task(Retry=[{"ErrorEquals": ["E"], "JitterStrategy": "SOME"}]), "/States/A/Retry/0/JitterStrategy"),
        (task(Retry=[{"ErrorEquals": ["E"], "MaxDelaySeconds": 31_622_401}]), "/States/A/Retry/0/MaxDelaySeconds"),
        (task(Catch=[{"ErrorEquals": ["E"]}]), "/States/A/Catch/0"),
        (task(Resource=5), "/States/A/Resource"),
        (choice(), "/States/A/Choices"),
        (choice({"Variable": "$.a", "IsNull": True}), "/States/A/Choices/0"),
        (choice({"Next": "B"}), "/States/A/Choices/0"),
        (choice({"Variable": "$.a", "Next": "B"}), "/States/A/Choices/0"),
        (choice({"Variable": "$.a", "IsNull": True, "IsString": True, "Next": "B"}), "/States/A/Choices/0"),
        (choice({"Variable": "$.a", "NumericEquals": "1", "Next": "B"}), "/States/A/Choices/0/NumericEquals"),
        (choice({"Variable": "$.a", "NumericEqualsPath": 1, "Next": "B"}), "/States/A/Choices/0/NumericEqualsPath"),
        (choice({"Variable": "$.a", "StringMatches": "\\x", "Next": "B"}), "/States/A/Choices/0/StringMatches"),
        (
            choice({"And": [{"Variable": "$.a", "IsNull": True, "Next": "B"}], "Next": "B"}),
            "/States/A/Choices/0/And/0/Next",
        ),
        (choice({"Or": [], "Next": "B"}), "/States/A/Choices/0/Or"),
        (
            choice({"Variable": "$.a", "Not": {"Variable": "$.a", "IsNull": True}, "Next": "B"}),
            "/States/A/Choices/0/Variable",
        ),
        (mapping(ItemProcessor=None, Iterator={}), "/States/A"),
        (mapping("DISTRIBUTED", Label="a b"), "/States/A/Label"),
        (mapping("DISTRIBUTED", ItemBatcher={}), "/States/A/ItemBatcher"),
        (machine({"Type": "Map", "Next": "B"}), "/States/A"),
        (machine({"Type": "Parallel", "Next": "B", "Branches": [{"StartAt": "X"}]}), "/States/A/Branches/0"),
        (
            machine(
                {
                    "Type": "Parallel",
                    "Next": "B",
                    "Branches": [{"StartAt": "X", "States": {"X": END}, "QueryLanguage": "JSONata"}],
                }
            ),
            "/States/A/Branches/0/QueryLanguage",
        ),
        (
            machine(
                {
                    "Type": "Parallel",
                    "Next": "B",
                    "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Pass", "Next": "B"}}}],
                }
            ),
            "/States/A/Branches/0/States/X/Next",
        ),
        (
            machine({"Type": "Parallel", "Next": "B", "Branches": [{"StartAt": "B", "States": {"B": END}}]}),
            "/States/A/Branches/0/States/B",
        ),
        (
            machine(
                {"Type": "Pass", "Next": "B", "Assign": {"v": 1}},
                B={
                    "Type": "Parallel",
                    "End": True,
                    "Branches": [{"StartAt": "C", "States": {"C": END | {"Assign": {"v.$": "$"}}}}],
                },
            ),
            "/States/B/Branches/0/States/C/Assign/v.$",
        ),
        ({"StartAt": "A" * 81, "States": {"A" * 81: END}}, "/States/" + "A" * 81),
        ({"StartAt": "", "States": {"": END}}, "/States/"),
        ({"StartAt": "A", "States": {}}, "/States"),
        ({"StartAt": "A", "States": {"A": END}, "Version": 1.0}, "/Version"),
        ({"StartAt": "A", "States": {"A": END}, "TimeoutSeconds": 0}, "/TimeoutSeconds"),
        ({"StartAt": "A", "States": {"A": END}, "LoggingConfiguration": {}}, "/LoggingConfiguration"),
        (machine({"Type": "Pass", "Next": "B", "QueryLanguage": "JSONata", "Output": " {% 1 %}"}), "/States/A/Output"),
        (machine({"Type": "Pass", "Next": "B", "QueryLanguage": "JSONata", "Output": "{% 1 "}), "/States/A/Output"),
    ],
)
def test_refused(definition: dict[str, Any], pointer: str) -> None:
    problems = errors(check(definition))
    assert pointer in [problem.pointer for problem in problems]
    assert all(problem.hint for problem in problems)


@pytest.mark.parametrize(
    ("definition", "code", "pointer"),
    [
        (task(Parameters={"a": "$.x"}), "NO_DOLLAR", "/States/A/Parameters/a"),
        (task(Parameters={"a": ["States.UUID()"]}), "NO_DOLLAR", "/States/A/Parameters/a/0"),
        (task(Parameters={"To": ["${$.customer.email}"]}), "NO_DOLLAR", "/States/A/Parameters/To/0"),
        (
            choice({"Variable": "$.a", "StringEquals": "$.b", "Next": "B"}),
            "NO_PATH",
            "/States/A/Choices/0/StringEquals",
        ),
        (
            machine({"Type": "Pass", "Next": "B", "Result": {"a.$": "$.b"}}),
            "PASS_RESULT_IS_STATIC",
            "/States/A/Result/a.$",
        ),
        (task(Resource="arn:aws:states:::dynamodb:query", Parameters={}), "INVALID_RESOURCE", "/States/A/Resource"),
        (mapping(Label="L"), SCHEMA, "/States/A/Label"),
    ],
)
def test_warned_about(definition: dict[str, Any], code: str, pointer: str) -> None:
    problems = check(definition)
    assert [(problem.severity, problem.code, problem.pointer) for problem in problems] == [(WARNING, code, pointer)]
    assert problems[0].hint


@pytest.mark.parametrize(
    "resource",
    [
        "nothing",
        "arn:aws:states:::ses:sendEmail",
        "arn:aws:states:::lambda:invoke.sync",
        "arn:aws:states:::lambda:invoke.now",
        "arn:aws:states:::aws-sdk:s3:getObject.sync",
        "arn:aws:lambda:us-east-1:1111;:function:f",
        "arn:aws:s3:::bucket",
        "arn:aws:states:us-east-1:123456789012:activity:",
        "",
    ],
)
def test_resources_that_are_none(resource: str) -> None:
    assert [problem.code for problem in errors(check(task(Resource=resource)))] == ["INVALID_RESOURCE"]


# ---- places in the text --------------------------------------------------------------------------

TEXT = """{
  "StartAt": "A",
  "States": {
    "A": {"Type": "Pass", "Next": "B"},
    "B/~": {
      "Type": "Wait",
      "Seconds": "x",
      "End": true
    },
    "A": {"Type": "Pass", "Next": "B/~"}
  }
}"""


def test_lines_and_columns() -> None:
    places = {(problem.code, problem.pointer): (problem.line, problem.column) for problem in check(TEXT)}
    assert places == {
        ("DUPLICATE_STATE_NAME", "/States/A"): (10, 5),
        (SCHEMA, "/States/B~1~0/Seconds"): (7, 7),
    }


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": 1,}', (1, 9)),
        ('{\n "a" 1}', (2, 6)),
        ('{"a": "x\ny"}', (1, 9)),
        ('{"a": [1, 2}', (1, 12)),
        ("{", (1, 2)),
        ('{"a": tru}', (1, 7)),
        ('{"a": "\\q"}', (1, 9)),
        ("{}}", (1, 3)),
        ('{"a": 01}', (1, 8)),
        ('{"a": "x', (1, 7)),
    ],
)
def test_broken_json(text: str, place: tuple[int, int]) -> None:
    (problem,) = check(text)
    assert problem.code == "INVALID_JSON_DESCRIPTION"
    assert (problem.line, problem.column) == place
    assert problem.hint


# ---- whatever comes ------------------------------------------------------------------------------


def nested(depth: int) -> str:
    inner = '{"Type": "Pass", "End": true}'
    for number in range(depth):
        branch = f'{{"StartAt": "s{number}", "States": {{"s{number}": {inner}}}}}'
        inner = f'{{"Type": "Parallel", "End": true, "Branches": [{branch}]}}'
    return f'{{"StartAt": "top", "States": {{"top": {inner}}}}}'


@pytest.mark.parametrize(
    "definition",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"States":' + "[" * 400 + "]" * 400 + "}",
        nested(100),
        nested(1000),
    ],
)
def test_deep_nesting_is_a_problem(definition: str) -> None:
    assert errors(check(definition))


@pytest.mark.parametrize(
    "definition",
    [
        None,
        5,
        [],
        "null",
        "5",
        {1: 2},
        {"States": {"A": {1: 2}}},
        {"States": object()},
        {"States": {"A": {"Type": "Choice", "Choices": [None, [], {"And": 5}]}}},
        {"StartAt": [], "States": {"A": {"Type": "Map", "ItemProcessor": [], "Retry": [None], "Catch": [5]}}},
        {"StartAt": {}, "QueryLanguage": [], "States": {"A": {"Type": "Task", "QueryLanguage": {}, "Next": {}}}},
        {"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [None, 5, {"States": []}]}}},
    ],
)
def test_garbage_is_a_problem(definition: Any) -> None:
    assert errors(check(definition))


def test_moderate_nesting_is_fine() -> None:
    assert check(nested(20)) == []


# ---- the article ---------------------------------------------------------------------------------


def article(name: str) -> list[tuple[str, str]]:
    text = next((SHARED / "article").glob(f"{name}*.json")).read_text(encoding="utf-8")
    return [(problem.severity, problem.pointer) for problem in check(text)]


def test_article_problems_of_form() -> None:
    assert article("01") == [
        (ERROR, "/States/注文確認メール送信/Resource"),
        (WARNING, "/States/注文確認メール送信/Parameters/Destination/ToAddresses/0"),
    ]
    assert article("10") == [(ERROR, "/LoggingConfiguration")]
    assert article("02") == [(WARNING, "/States/モデルデプロイ")]
    for name in ("07", "08", "09"):
        assert article(name) == []


def test_many_states_are_checked_quickly_enough_to_type() -> None:
    states = {
        f"s{number}": {"Type": "Pass", "Next": f"s{number + 1}", "Parameters": {"a.$": "$.x"}} for number in range(500)
    }
    text = json.dumps({"StartAt": "s0", "States": {**states, "s500": END}})
    assert check(text) == []


def _scoped(**fields: object) -> dict[str, Any]:
    """A Parallel state whose branch assigns `a`, in a machine with these further fields of it and of its next state."""
    branch = {"StartAt": "In", "States": {"In": {"Type": "Pass", "Assign": {"a": 1}, "End": True}}}
    both = {"Type": "Parallel", "Branches": [branch], "Next": "After"} | fields
    return {"StartAt": "Both", "States": {"Both": both, "After": {"Type": "Succeed"}}}


@pytest.mark.parametrize(("definition", "is_refused"), [
    (_scoped(), False),
    (_scoped(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "After", "Assign": {"a": 2}}]), False),  # recorded
    (_scoped(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "After", "Assign": {"a": 2}}], Assign={"a": 3}), True),
    (_scoped(Assign={"a": 3}), True),
    ({"StartAt": "Before", "States": {
        "Before": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"},
                   "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Both", "Assign": {"a": 2}}], "Next": "Both"}}
     | _scoped()["States"]}, True),
])
def test_an_inner_scope_assigns_no_outer_variable(definition: dict[str, Any], is_refused: bool) -> None:
    found = [problem.message for problem in check(definition) if "outer scope" in problem.message]
    assert bool(found) is is_refused
