"""What each state writes on its own: history-events.md §1, §3."""

from __future__ import annotations

import pytest

from designer.asl.jsontext import loads
from executions.engine.memory import DEFAULT_START
from tests.engine.machines import machine
from tests.engine.proving import play, start
from tests.engine.stories import lines, one, output, story


def test_the_smallest_run() -> None:
    events = play(machine(("A", {"Type": "Pass"})), {"x": 1}).events
    assert story(events) == lines("""
        1←0 ExecutionStarted
        2←0 PassStateEntered A
        3←2 PassStateExited A
        4←3 ExecutionSucceeded
    """)
    assert events[0] == {
        "id": 1, "previousEventId": 0, "timestamp": DEFAULT_START / 1000, "type": "ExecutionStarted",
        "executionStartedEventDetails": {
            "input": '{"x":1}', "inputDetails": {"truncated": False}, "roleArn": "arn:aws:iam::123456789012:role/role",
        },
    }  # fmt: skip
    assert one(events, "PassStateExited") == {
        "name": "A", "output": '{"x":1}', "outputDetails": {"truncated": False},
    }  # fmt: skip
    assert one(events, "ExecutionSucceeded") == {"output": '{"x":1}', "outputDetails": {"truncated": False}}


def test_the_next_state_follows_the_exit() -> None:
    events = play(machine(("A", {"Type": "Pass"}), ("B", {"Type": "Succeed"}))).events
    assert story(events)[3:] == lines("""
        4←3 SucceedStateEntered B
        5←4 SucceedStateExited B
        6←5 ExecutionSucceeded
    """)


def test_pass_result_path_and_output_path() -> None:
    state = {"Type": "Pass", "Result": [1, 2], "ResultPath": "$.b.c", "OutputPath": "$.b"}
    assert output(play(machine(("A", state)), {"a": 1, "b": {"d": 0}}).events) == {"d": 0, "c": [1, 2]}


def test_null_paths() -> None:
    assert output(play(machine(("A", {"Type": "Pass", "InputPath": None})), {"a": 1}).events) == {}
    assert output(play(machine(("A", {"Type": "Pass", "OutputPath": None})), {"a": 1}).events) == {}
    state = {"Type": "Pass", "Result": 5, "ResultPath": None}
    assert output(play(machine(("A", state)), {"a": 1}).events) == {"a": 1}


@pytest.mark.parametrize(("given", "name"), [({"n": 5}, "Big"), ({"n": 1}, "Small")])
def test_choice(given: dict[str, int], name: str) -> None:
    definition = machine(
        ("Which", {"Type": "Choice", "Default": "Small",
                   "Choices": [{"Variable": "$.n", "NumericGreaterThan": 3, "Next": "Big"}]}),
        ("Big", {"Type": "Succeed"}), ("Small", {"Type": "Succeed"}),
    )  # fmt: skip
    assert story(play(definition, given).events)[1:4] == lines(f"""
        2←0 ChoiceStateEntered Which
        3←2 ChoiceStateExited Which
        4←3 SucceedStateEntered {name}
    """)


def test_choice_without_a_match_ends_the_execution() -> None:
    rule = {"Variable": "$.n", "NumericEquals": 3, "Next": "End"}
    definition = machine(("Which", {"Type": "Choice", "Choices": [rule]}), ("End", {"Type": "Succeed"}))
    events = play(definition, {"n": 1}).events
    assert story(events)[-1] == "3←2 ExecutionFailed"
    assert one(events, "ExecutionFailed") == {
        "error": "States.Runtime",
        "cause": "An error occurred while executing the state 'Which' (entered at the event id #2). "
                 "Failed to transition out of the state. The state does not point to a next state.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "details"),
    [
        ({}, {}),
        ({"Error": "E"}, {"error": "E"}),
        ({"Cause": "why"}, {"cause": "why"}),
        ({"ErrorPath": "$.e", "CausePath": "States.Format('{} it is', $.e)"}, {"error": "Bad", "cause": "Bad it is"}),
    ],
)
def test_fail(fields: dict[str, str], details: dict[str, str]) -> None:
    events = play(machine(("F", {"Type": "Fail"} | fields)), {"e": "Bad"}).events
    assert story(events)[1:] == ["2←0 FailStateEntered F", "3←2 ExecutionFailed"]
    assert one(events, "ExecutionFailed") == details


def test_wait_sleeps() -> None:
    execution = start(machine(("W", {"Type": "Wait", "Seconds": 3600})))
    execution.prove()
    assert execution.now == DEFAULT_START + 3_600_000
    entered, left = execution.events[1], execution.events[2]
    assert left["timestamp"] - entered["timestamp"] == 3600
    assert left["type"] == "WaitStateExited"
    assert len(execution.batches) == 2


def test_a_wait_that_is_over_does_not_sleep() -> None:
    for state in ({"Seconds": 0}, {"Timestamp": "2001-01-01T00:00:00Z"}):
        execution = play(machine(("W", {"Type": "Wait"} | state)))
        assert len(execution.batches) == 1
        assert execution.status == "SUCCEEDED"


def test_wait_until_an_instant_of_the_input() -> None:
    execution = play(machine(("W", {"Type": "Wait", "TimestampPath": "$.at"})), {"at": "2023-11-14T23:13:20+01:00"})
    assert execution.now == DEFAULT_START  # 22:13:20 UTC is when it starts
    execution = play(machine(("W", {"Type": "Wait", "TimestampPath": "$.at"})), {"at": "2023-11-14T22:13:21.5Z"})
    assert execution.now == DEFAULT_START + 1500


def test_the_longest_wait() -> None:
    assert play(machine(("W", {"Type": "Wait", "Timestamp": "2091-11-01T00:00:00Z"}))).status == "SUCCEEDED"
    failed = play(machine(("W", {"Type": "Wait", "Timestamp": "2091-12-31T00:00:00Z"})))
    assert one(failed.events, "ExecutionFailed")["cause"].endswith("Wait state delay is too long.")


def test_the_input_is_shown_in_the_words_it_was_given_in() -> None:
    from designer.asl.compiler import compile_definition
    from executions.engine.memory import new_run
    from tests.engine.proving import Proving

    text = '{ "a" : [1,  2] }'
    definition = machine(("A", {"Type": "Pass"}), ("B", {"Type": "Pass", "InputPath": "$.a"}))
    execution = Proving(compile_definition(definition), new_run(text))
    execution.run()
    execution.prove()
    assert one(execution.events, "ExecutionStarted")["input"] == text
    assert one(execution.events, "PassStateEntered")["input"] == text
    assert one(execution.events, "PassStateExited", 1)["output"] == "[1,2]"


def test_a_number_is_not_shown_in_the_words_of_another() -> None:
    from designer.asl.compiler import compile_definition
    from executions.engine.memory import new_run
    from tests.engine.proving import Proving

    execution = Proving(compile_definition(machine(("A", {"Type": "Pass", "Result": 5}))), new_run(" 5 "))
    execution.run()
    assert one(execution.events, "PassStateExited")["output"] == "5"


def test_the_context_object() -> None:
    definition = machine(("A", {"Type": "Pass", "Parameters": {"c.$": "$$"}}))
    assert output(play(definition, {"i": 1}).events)["c"] == {
        "Execution": {
            "Id": "arn:aws:states:us-east-1:123456789012:execution:machine:execution", "Input": {"i": 1},
            "StartTime": "2023-11-14T22:13:20.000Z", "Name": "execution",
            "RoleArn": "arn:aws:iam::123456789012:role/role", "RedriveCount": 0,
        },
        "StateMachine": {
            "Id": "arn:aws:states:us-east-1:123456789012:stateMachine:machine", "Name": "machine",
        },
        "State": {"Name": "A", "EnteredTime": "2023-11-14T22:13:20.000Z"},
    }  # fmt: skip


def test_variables_are_seen_from_the_next_state_on() -> None:
    definition = machine(
        ("A", {"Type": "Pass", "Assign": {"x": 1, "y": 2}}),
        ("B", {"Type": "Pass", "Assign": {"x.$": "$y", "y.$": "$x"}, "Parameters": {"x.$": "$x"}}),
        ("C", {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y", "before.$": "$.x"}}),
    )
    events = play(definition).events
    assert output(events) == {"x": 2, "y": 1, "before": 1}
    assert one(events, "PassStateExited")["assignedVariables"] == {"x": "1", "y": "2"}
    assert one(events, "PassStateExited")["assignedVariablesDetails"] == {"truncated": False}


def test_random_values_are_the_same_at_every_replay_and_differ_between_states() -> None:
    draw = {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "other.$": "States.UUID()"}}
    events = play(machine(("A", draw), ("B", draw))).events
    drawn = [loads(one(events, "PassStateExited", number)["output"]) for number in range(2)]
    assert len({drawn[0]["id"], drawn[0]["other"], drawn[1]["id"], drawn[1]["other"]}) == 4
