"""Parallel: history-events.md §5."""

from __future__ import annotations

from executions.engine.effects import Cancel, StartTask
from executions.engine.memory import DEFAULT_START, Script, refuses, replies
from executions.engine.run import CUT, DONE, FAILED
from executions.engine.signals import Began, Refused
from tests.engine.machines import CALLBACK, INVOKE, catch, machine, parallel, retry, task
from tests.engine.proving import play, start
from tests.engine.stories import lines, one, output, story

END = ("End", {"Type": "Pass"})
PASS = {"Type": "Pass"}
WAIT = {"Type": "Wait", "Seconds": 60}
FAIL = {"Type": "Fail", "Error": "E", "Cause": "why"}


def test_branches_run_side_by_side_and_are_joined_in_their_order() -> None:
    branches = parallel([("A", {"Type": "Wait", "Seconds": 5}), ("B", {"Type": "Pass", "Result": 1})],
                        [("C", {"Type": "Pass", "Result": 2})])  # fmt: skip
    execution = play(machine(("P", branches), END), {"x": 0})
    assert story(execution.events) == lines("""
        1←0 ExecutionStarted
        2←0 ParallelStateEntered P
        3←2 ParallelStateStarted
        4←3 WaitStateEntered A
        5←3 PassStateEntered C
        6←5 PassStateExited C
        7←4 WaitStateExited A
        8←7 PassStateEntered B
        9←8 PassStateExited B
        10←9 ParallelStateSucceeded
        11←9 ParallelStateExited P
        12←11 PassStateEntered End
        13←12 PassStateExited End
        14←13 ExecutionSucceeded
    """)
    assert output(execution.events) == [1, 2]
    assert "parallelStateStartedEventDetails" not in execution.events[2]


def test_parameters_and_result_fields() -> None:
    branches = parallel([("A", PASS)], Parameters={"n.$": "$.n"}, ResultSelector={"first.$": "$[0]"}, ResultPath="$.p")
    assert output(play(machine(("P", branches)), {"n": 1}).events) == {"n": 1, "p": {"first": {"n": 1}}}


def test_a_fail_state_fails_the_parallel() -> None:
    execution = play(machine(("P", parallel([("F", FAIL)]))))
    assert story(execution.events)[3:] == ["4←3 FailStateEntered F", "5←4 ParallelStateFailed", "6←5 ExecutionFailed"]


def test_what_a_failing_task_cuts() -> None:
    branches = parallel([("T", task(INVOKE))], [("W", WAIT)], [("C", task(CALLBACK))], [("A", PASS)],
                        Catch=[catch("States.ALL", Next="End")])  # fmt: skip
    answer = lambda s: refuses(s, "E", after=10) if s.state == "T" else [(0, Began(s.ask))]  # noqa: E731
    execution = play(machine(("P", branches), END), {}, answer)
    assert story(execution.events)[12:19] == lines("""
        13←11 TaskFailed
        14←13 TaskStateAborted
        15←13 WaitStateAborted
        16←13 TaskStateAborted
        17←13 ParallelStateFailed
        18←17 ParallelStateExited P
        19←18 PassStateEntered End
    """)
    cut = {effect.ask for effect in execution.effects if isinstance(effect, Cancel) and effect.reason == "cut"}
    waited = {effect.ask for effect in execution.effects if isinstance(effect, StartTask) and effect.state == "C"}
    assert waited < cut
    assert len(cut) == 2  # the wait's timer and the callback
    assert not execution.execution.frames  # cut frames that can never be redriven are gone


def test_two_branches_failing_in_one_step_are_one_failure() -> None:
    branches = parallel([("T", task())], [("U", task())], Retry=[retry(MaxAttempts=1)])
    execution = play(machine(("P", branches)), {}, lambda s: refuses(s, "E", after=10))
    kinds = [event["type"] for event in execution.events]
    assert kinds.count("ParallelStateStarted") == 2
    assert kinds.count("ParallelStateFailed") == 1
    assert story(execution.events)[9:14] == lines("""
        10←8 LambdaFunctionFailed
        11←9 LambdaFunctionFailed
        12←10 TaskStateAborted
        13←10 TaskStateAborted
        14←10 ParallelStateStarted
    """)


def test_a_retry_starts_all_branches_again_and_notes_no_failure() -> None:
    branches = parallel([("T", task(INVOKE))], [("A", PASS)], Retry=[retry(MaxAttempts=2, IntervalSeconds=3)])
    tried: list[int] = []

    def answer(s: StartTask) -> Script:
        tried.append(s.ask)
        return refuses(s, "E") if len(tried) < 3 else replies(s, 1)

    execution = play(machine(("P", branches)), {}, answer)
    kinds = [event["type"] for event in execution.events]
    assert execution.status == "SUCCEEDED"
    assert kinds.count("ParallelStateStarted") == 3
    assert "ParallelStateFailed" not in kinds
    assert kinds.count("TaskStateAborted") == 2
    assert kinds.count("PassStateEntered") == 3
    failed = next(event for event in execution.events if event["type"] == "TaskFailed")
    again = [event for event in execution.events if event["type"] == "ParallelStateStarted"][1]
    assert again["previousEventId"] == failed["id"]
    assert execution.now == DEFAULT_START + 3000 + 6000


def test_a_runtime_error_in_a_branch_ends_everything_without_a_word() -> None:
    broken = {"Type": "Pass", "InputPath": "$.no"}
    branches = parallel([("W", WAIT)], [("B", broken)], Catch=[catch("States.ALL", Next="End")], Retry=[retry()])
    execution = play(machine(("P", branches), END))
    assert story(execution.events)[3:] == ["4←3 WaitStateEntered W", "5←3 PassStateEntered B", "6←5 ExecutionFailed"]


def test_failing_after_the_branches_have_succeeded() -> None:
    execution = play(machine(("P", parallel([("A", PASS)], ResultSelector={"x.$": "$.no"}))))
    assert story(execution.events)[-2:] == ["6←5 ParallelStateSucceeded", "7←6 ExecutionFailed"]


def test_parallel_in_parallel() -> None:
    inner = parallel([("T", task(INVOKE))], [("V", WAIT)])
    outer = parallel([("I", inner)], [("W", WAIT)], Catch=[catch("E", Next="End")])
    answer = lambda s: refuses(s, "E", after=10)  # noqa: E731
    execution = play(machine(("O", outer), END), {}, answer)
    told = story(execution.events)
    failed = told.index("11←10 TaskFailed")
    assert told[failed : failed + 7] == lines("""
        11←10 TaskFailed
        12←11 TaskStateAborted
        13←11 WaitStateAborted
        14←11 ParallelStateFailed
        15←14 WaitStateAborted
        16←14 ParallelStateFailed
        17←16 ParallelStateExited O
    """)


def test_a_cut_branch_that_stands_in_a_parallel() -> None:
    inner = parallel([("T", task(INVOKE))], [("V", WAIT)])
    outer = parallel([("I", inner)], [("W", {"Type": "Wait", "Seconds": 1}), ("F", FAIL)])
    execution = play(machine(("O", outer)), {}, lambda s: [(0, Began(s.ask))])
    assert story(execution.events)[11:] == lines("""
        12←11 FailStateEntered F
        13←12 TaskStateAborted
        14←12 WaitStateAborted
        15←12 ParallelStateAborted
        16←12 ParallelStateFailed
        17←16 ExecutionFailed
    """)


def test_frames_stay_marked_when_the_execution_fails() -> None:
    branches = parallel([("A", PASS)], [("W", WAIT)], [("V", {"Type": "Wait", "Seconds": 1}), ("F", FAIL)])
    execution = play(machine(("P", branches)))
    assert [frame.status for frame in execution.execution.frames.values()] == [FAILED, DONE, CUT, FAILED]


def test_a_batch_writes_its_news_before_what_follows_from_it() -> None:
    branches = parallel([("T", task(TimeoutSeconds=5))], [("U", task(TimeoutSeconds=5))])
    execution = start(machine(("P", branches)))
    asks = [effect.ask for effect in execution.effects if isinstance(effect, StartTask)]
    execution.send(*(Began(ask) for ask in asks))
    execution.send(*(Refused(ask, "States.Timeout", timed_out=True) for ask in asks))
    execution.prove()
    assert story(execution.events)[9:] == lines("""
        10←8 LambdaFunctionTimedOut
        11←9 LambdaFunctionTimedOut
        12←10 TaskStateAborted
        13←10 TaskStateAborted
        14←10 ParallelStateFailed
        15←14 ExecutionFailed
    """)
    assert one(execution.events, "ExecutionFailed") == {"error": "States.Timeout"}


def test_work_asked_for_and_cut_in_one_step_never_begins() -> None:
    branches = parallel([("T", task())], [("F", FAIL)])
    execution = play(machine(("P", branches)), {}, lambda s: replies(s, 1))
    assert not [effect for effect in execution.effects if isinstance(effect, StartTask | Cancel)]
    assert "LambdaFunctionScheduled" in [event["type"] for event in execution.events]


def test_inner_variables_end_with_their_branch() -> None:
    branches = parallel([("A", {"Type": "Pass", "Assign": {"inner": 1}}),
                         ("B", {"Type": "Pass", "Parameters": {"sum.$": "States.MathAdd($inner, $outer)"}})],
                        Assign={"joined.$": "$[0].sum"})  # fmt: skip
    definition = machine(("S", {"Type": "Pass", "Assign": {"outer": 2}}), ("P", branches),
                         ("End", {"Type": "Pass", "Parameters": {"j.$": "$joined"}}))  # fmt: skip
    assert output(play(definition).events) == {"j": 3}
