"""Map, inline: history-events.md §6."""

from __future__ import annotations

from executions.engine.effects import StartTask
from executions.engine.memory import refuses, replies
from executions.engine.run import LIVE
from executions.engine.signals import Began, Replied
from tests.engine.machines import INVOKE, catch, each, machine, retry, task
from tests.engine.proving import begun, play, start
from tests.engine.stories import lines, one, output, story

END = ("End", {"Type": "Pass"})
PASS = {"Type": "Pass"}
FAIL = {"Type": "Fail", "Error": "E", "Cause": "why"}


def test_one_after_another() -> None:
    events = play(machine(("M", each(("A", PASS), MaxConcurrency=1)), END), ["a", "b"]).events
    assert story(events)[1:] == lines("""
        2←0 MapStateEntered M
        3←2 MapStateStarted 2
        4←3 MapIterationStarted 0
        5←4 PassStateEntered A
        6←5 PassStateExited A
        7←6 MapIterationSucceeded 0
        8←6 MapIterationStarted 1
        9←8 PassStateEntered A
        10←9 PassStateExited A
        11←10 MapIterationSucceeded 1
        12←11 MapStateSucceeded
        13←11 MapStateExited M
        14←13 PassStateEntered End
        15←14 PassStateExited End
        16←15 ExecutionSucceeded
    """)
    assert one(events, "MapIterationStarted", 1) == {"name": "M", "index": 1}
    assert output(events) == ["a", "b"]


def test_all_at_once() -> None:
    events = play(machine(("M", each(("A", PASS)))), [1, 2]).events
    assert story(events)[2:] == lines("""
        3←2 MapStateStarted 2
        4←3 MapIterationStarted 0
        5←3 MapIterationStarted 1
        6←4 PassStateEntered A
        7←6 PassStateExited A
        8←7 MapIterationSucceeded 0
        9←5 PassStateEntered A
        10←9 PassStateExited A
        11←10 MapIterationSucceeded 1
        12←11 MapStateSucceeded
        13←11 MapStateExited M
        14←13 ExecutionSucceeded
    """)


def test_no_items() -> None:
    events = play(machine(("M", each(("A", PASS))), END), []).events
    assert story(events)[2:6] == lines("""
        3←2 MapStateStarted 0
        4←3 MapStateSucceeded
        5←3 MapStateExited M
        6←5 PassStateEntered End
    """)


def test_results_keep_the_order_of_the_items() -> None:
    answer = lambda s: replies(s, s.payload * 10, after=100 - s.payload)  # noqa: E731
    assert output(play(machine(("M", each(("T", task())))), [1, 2, 3], answer).events) == [10, 20, 30]


def test_concurrency_is_bounded() -> None:
    for fields, given, most in (
        ({"MaxConcurrency": 2}, [0] * 7, 2),
        ({}, [0] * 50, 40),
        ({"MaxConcurrency": 1000}, [0] * 50, 40),
        ({"MaxConcurrencyPath": "$[0]"}, [3] * 9, 3),
    ):
        execution = start(machine(("M", each(("T", task()), **fields))), given)
        open_now = [frame for frame in execution.execution.frames.values() if frame.parent and frame.status == LIVE]
        assert len(open_now) == most
        started = [effect.ask for effect in execution.effects if isinstance(effect, StartTask)]
        execution.send(Replied(started[0], 1))
        assert len([effect for effect in execution.effects if isinstance(effect, StartTask)]) == most + 1


def test_an_iteration_follows_the_one_whose_place_it_takes() -> None:
    execution = start(machine(("M", each(("T", task()), MaxConcurrency=2))), [1, 2, 3], lambda s: [(0, Began(s.ask))])
    second = [effect.ask for effect in execution.effects if isinstance(effect, StartTask)][1]
    execution.send(Replied(second, 1))
    told = story(execution.events)
    left = next(line for line in told if "TaskStateExited" in line).split("←")[0]
    assert any(line.endswith(f"←{left} MapIterationSucceeded 1") for line in told)
    assert any(line.endswith(f"←{left} MapIterationStarted 2") for line in told)


def test_the_parent_is_written_at_the_fork_and_the_join_only() -> None:
    definition = machine(("M", each(("T", task()), MaxConcurrency=2)), ("W", {"Type": "Wait", "Seconds": 9}))
    execution = begun(definition, [1, 2, 3])
    written = []
    while (ask := min(execution.execution.by_ask)) and execution.execution.frames[1].state == "M":
        written.append(1 in execution.step([Replied(ask, 1)]).changes.frames)
    execution.run()
    execution.prove()
    assert written == [False, False, True]


def test_item_selector_and_the_context_of_an_item() -> None:
    fields = {
        "ItemsPath": "$.items", "ResultPath": "$.out",
        "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "all.$": "$.k"},
    }  # fmt: skip
    events = play(machine(("M", each(("A", PASS), **fields))), {"items": ["x"], "k": 7}).events
    assert output(events)["out"] == [{"i": 0, "v": "x", "all": 7}]


def test_an_item_selector_that_fails_late() -> None:
    fields = {"ItemSelector": {"v.$": "States.StringToJson($$.Map.Item.Value)"}, "MaxConcurrency": 1}
    state = each(("A", PASS), **fields, Catch=[catch("States.ALL", Next="End")])
    execution = play(machine(("M", state), END), ["1", "{"])
    assert story(execution.events)[6:10] == lines("""
        7←6 MapIterationSucceeded 0
        8←6 MapStateFailed
        9←8 MapStateExited M
        10←9 PassStateEntered End
    """)
    assert output(execution.events)["Error"] == "States.IntrinsicFailure"


def test_a_runtime_error_in_an_item_selector_ends_the_execution() -> None:
    fields = {"ItemSelector": {"v.$": "$$.Map.Item.Value.x"}, "MaxConcurrency": 1}
    execution = play(machine(("M", each(("A", PASS), **fields))), [{"x": 1}, {}])
    assert story(execution.events)[-2:] == ["7←6 MapIterationSucceeded 0", "8←6 ExecutionFailed"]


def test_a_failing_iteration() -> None:
    events = play(machine(("M", each(("F", FAIL), MaxConcurrency=1))), [1, 2]).events
    assert story(events)[3:] == lines("""
        4←3 MapIterationStarted 0
        5←4 FailStateEntered F
        6←5 MapIterationFailed 0
        7←5 MapStateFailed
        8←7 ExecutionFailed
    """)


def test_what_a_failing_iteration_cuts() -> None:
    """The order measured in 2026: the cut iterations with their states, then the failed one."""
    answer = lambda s: refuses(s, "E", after=10) if s.payload == 1 else [(0, Began(s.ask))]  # noqa: E731
    definition = machine(("M", each(("T", task(INVOKE)), Catch=[catch("E", Next="End")])), END)
    events = play(definition, [0, 1, 2], answer).events
    told = story(events)
    failed = next(index for index, line in enumerate(told) if "TaskFailed" in line)
    cause = events[failed]["id"]
    assert [line.split("←")[1] for line in told[failed + 1 : failed + 7]] == lines(f"""
        {cause} MapIterationAborted 0
        {cause} TaskStateAborted
        {cause} MapIterationAborted 2
        {cause} TaskStateAborted
        {cause} MapIterationFailed 1
        {cause} MapStateFailed
    """)


def test_four_iterations_that_time_out_at_once_are_one_failure() -> None:
    answer = lambda s: [(0, Began(s.ask))]  # noqa: E731
    events = play(machine(("M", each(("T", task(INVOKE, TimeoutSeconds=5))))), [1, 2, 3, 4], answer).events
    told = story(events)
    assert [line.split(" ")[0] for line in told[3:7]] == ["4←3", "5←3", "6←3", "7←3"]
    assert told[19:23] == ["20←16 TaskTimedOut", "21←17 TaskTimedOut", "22←18 TaskTimedOut", "23←19 TaskTimedOut"]
    assert [line for line in told[23:] if "←20" not in line] == [f"{len(told)}←{len(told) - 1} ExecutionFailed"]
    assert sum("MapIterationFailed" in line for line in told) == 1
    assert sum("MapIterationAborted" in line for line in told) == 3
    assert sum("TaskStateAborted" in line for line in told) == 3


def test_a_retry_starts_all_iterations_again() -> None:
    execution = play(machine(("M", each(("F", FAIL), MaxConcurrency=1, Retry=[retry(MaxAttempts=2)]))), [1])
    assert story(execution.events)[2:] == lines("""
        3←2 MapStateStarted 1
        4←3 MapIterationStarted 0
        5←4 FailStateEntered F
        6←5 MapIterationFailed 0
        7←5 MapStateStarted 1
        8←7 MapIterationStarted 0
        9←8 FailStateEntered F
        10←9 MapIterationFailed 0
        11←9 MapStateStarted 1
        12←11 MapIterationStarted 0
        13←12 FailStateEntered F
        14←13 MapIterationFailed 0
        15←13 MapStateFailed
        16←15 ExecutionFailed
    """)


def test_a_map_again_and_again_in_one_state() -> None:
    """Children of an earlier visit are not taken for those of a later one."""
    again = {"Variable": "$.n", "NumericLessThan": 3, "Next": "M"}
    definition = machine(
        ("M", each(("A", PASS), ItemsPath="$.items", ResultPath="$.items", Next="More")),
        ("More", {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "items.$": "$.items"}}),
        ("Again?", {"Type": "Choice", "Choices": [again], "Default": "End"}), END,
    )  # fmt: skip
    assert output(play(definition, {"n": 0, "items": [1, 2]}).events) == {"n": 3, "items": [1, 2]}


def test_maps_in_maps() -> None:
    inner = each(("A", {"Type": "Pass", "Parameters": {"v.$": "$"}}))
    assert output(play(machine(("M", each(("N", inner)))), [[1, 2], [], [3]]).events) == [
        [{"v": 1}, {"v": 2}], [], [{"v": 3}],
    ]  # fmt: skip


def test_an_object_is_no_array() -> None:
    for path in ({}, {"ItemsPath": "$.a"}):
        events = play(machine(("M", each(("A", PASS), **path))), {"a": 1}).events
        assert story(events)[2:] == ["3←2 ExecutionFailed"]
        failed = one(events, "ExecutionFailed")
        assert failed["error"] == "States.Runtime"
        assert failed["cause"].endswith(f'Reference path "{path.get("ItemsPath", "$")}" must point to array.')
    events = play(machine(("M", each(("A", PASS)) | {"QueryLanguage": "JSONata"})), {"a": 1}).events
    assert story(events)[3:] == ["4←3 MapStateFailed", "5←4 ExecutionFailed"]
    assert one(events, "ExecutionFailed")["cause"].endswith('Map state input must be an array but was: {"a":1}')


def test_a_map_that_fails_after_its_iterations() -> None:
    events = play(machine(("M", each(("A", PASS), ResultSelector={"x.$": "$.no"}))), [1]).events
    assert story(events)[-2:] == ["8←7 MapStateSucceeded", "9←8 ExecutionFailed"]


def test_variables_of_iterations_are_their_own() -> None:
    body = each(
        ("A", {"Type": "Pass", "Assign": {"mine.$": "$"}}),
        ("B", {"Type": "Pass", "Parameters": {"s.$": "States.MathAdd($mine, $base)"}}),
    )
    definition = machine(("S", {"Type": "Pass", "Assign": {"base": 10}}), ("M", body))
    assert output(play(definition, [1, 2]).events) == [{"s": 11}, {"s": 12}]
