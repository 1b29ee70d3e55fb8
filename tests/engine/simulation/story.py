"""An oracle of its own: is the history one that the definition allows?

Follows previousEventId and knows nothing of the interpreter.  Children of distributed Maps are not part of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final

from designer.asl.jsontext import loads
from tests.engine.simulation.definitions import State

Event = dict[str, Any]
SCHEDULED: Final = ("LambdaFunctionScheduled", "ActivityScheduled", "TaskScheduled")
FAILED: Final = ("LambdaFunctionFailed", "ActivityFailed", "TaskFailed")
TIMED_OUT: Final = ("LambdaFunctionTimedOut", "ActivityTimedOut", "TaskTimedOut")
SUCCEEDED: Final = ("LambdaFunctionSucceeded", "ActivitySucceeded", "TaskSucceeded")
OUTCOMES: Final = (*FAILED, *TIMED_OUT, *SUCCEEDED)
ENDS: Final = ("ExecutionFailed", "ParallelStateFailed", "MapIterationFailed")


class Story:
    def __init__(self, events: list[Event], states: dict[str, State]) -> None:
        self.events, self.states = events, states
        self.after: dict[int, list[Event]] = defaultdict(list)
        for event in events:
            self.after[event["previousEventId"]].append(event)
        times = [event["timestamp"] for event in events]
        self.steady = times == sorted(times)

    def lasted(self, first: Event, second: Event, seconds: float) -> bool:
        """Whether so much time lies between, as far as the history can tell.

        A clock that is set back while no server runs makes times fall; deadlines stay what they were in UTC.
        """
        return not self.steady or second["timestamp"] - first["timestamp"] >= seconds - 0.0005

    def one(self, event: Event, *kinds: str) -> Event | None:
        """The event of these kinds that follows; never more than one does."""
        found = [other for other in self.after[event["id"]] if other["type"] in kinds]
        assert len(found) <= 1, f"only one of {kinds} follows {event}: {found}"
        return found[0] if found else None


def check_story(events: list[Event], states: dict[str, State], definition: State) -> None:
    story = Story(events, states)
    answers: set[int] = set()
    for event in events:
        if event["type"] == "TaskStateEntered":
            _task(story, event, answers)
        elif event["type"] == "WaitStateEntered":
            _wait(story, event)
        elif event["type"] == "MapStateExited":
            _joined(event, "mapped", "slot", None, bool(states[_name(event)].get("ToleratedFailureCount")))
        elif event["type"] == "ParallelStateExited":
            _joined(event, "joined", "branch", len(states[_name(event)]["Branches"]), False)
    _counts(events)
    began = next((event for event in reversed(events) if event["type"] == "ExecutionRedriven"), events[0])
    if events[-1]["type"] == "ExecutionTimedOut" and "TimeoutSeconds" in definition:
        assert story.lasted(began, events[-1], definition["TimeoutSeconds"]), "the execution had its time"


def _task(story: Story, entered: Event, answers: set[int]) -> None:
    """One visit of a Task: every attempt has one outcome, and is followed by what Retry says."""
    state = story.states[_name(entered)]
    counts: Counter[int] = Counter()
    scheduled = story.one(entered, *SCHEDULED)
    while scheduled is not None:
        outcome = _outcome(story, scheduled)
        if outcome is None:
            return  # cut, or the execution ended
        again = story.one(outcome, *SCHEDULED)
        if outcome["type"] in SUCCEEDED:
            _once(outcome, answers)
            assert again is None, f"what has succeeded is not tried again: {outcome}"
            return
        retrier, count = _retrier(state, outcome, counts)
        if again is None:
            given_up = [event for event in story.after[outcome["id"]] if event["type"] in ("TaskStateExited", *ENDS)]
            assert not (retrier is not None and given_up), f"it has retries left after {outcome}"
            return
        assert retrier is not None, f"nothing retries {outcome}"
        least, _ = delay_of(retrier, count)
        assert story.lasted(outcome, again, least / 1000), f"the retry waits {least} ms: {outcome}"
        scheduled = again


def _outcome(story: Story, scheduled: Event) -> Event | None:
    at: Event | None = scheduled
    while at is not None and at["type"] not in OUTCOMES:
        at = story.one(at, *OUTCOMES, "LambdaFunctionStarted", "ActivityStarted", "TaskStarted", "TaskSubmitted")
    return at


def _retrier(state: State, outcome: Event, counts: Counter[int]) -> tuple[State | None, int]:
    """The retrier that takes the error, when it has an attempt left, and which retry of it this is."""
    details = next(value for key, value in outcome.items() if key.endswith("EventDetails"))
    error = details.get("error")
    for index, retrier in enumerate(state.get("Retry", ())):
        names = retrier["ErrorEquals"]
        if error in names or "States.ALL" in names or ("States.TaskFailed" in names and error != "States.Timeout"):
            counts[index] += 1
            return (retrier if counts[index] <= retrier.get("MaxAttempts", 3) else None), counts[index]
    return None, 0


def delay_of(retrier: State, count: int) -> tuple[float, float]:
    """The shortest and the longest pause (ms) before retry number `count`."""
    seconds = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** (count - 1)
    most = 1000 * min(seconds, retrier.get("MaxDelaySeconds", float("inf")))
    return (0.0 if retrier.get("JitterStrategy") == "FULL" else most - 1), most + 1


def _once(outcome: Event, answers: set[int]) -> None:
    details = next(value for key, value in outcome.items() if key.endswith("EventDetails"))
    answer = loads(details["output"])["answer"]
    assert answer not in answers, f"no result twice: {outcome}"
    answers.add(answer)


def _wait(story: Story, entered: Event) -> None:
    left = story.one(entered, "WaitStateExited")
    if left is not None:
        seconds = story.states[_name(entered)]["Seconds"]
        assert story.lasted(entered, left, seconds), f"a Wait lasts {seconds} s: {entered}, {left}"


def _joined(event: Event, key: str, mark: str, branches: int | None, sheds: bool) -> None:
    """The results are in the order of the branches or items, and none is missing unless the Map may shed some."""
    output = loads(event["stateExitedEventDetails"]["output"])
    if "caught" in output:
        return
    count = len(output["items"]) if branches is None else branches
    marks = [part[mark] for part in output[key]]
    assert marks == sorted(set(marks)), f"results in order: {marks}"
    assert sheds or len(marks) == count, f"all {count} results are there: {marks}"


def _counts(events: list[Event]) -> None:
    entered: Counter[str] = Counter()
    for event in events:
        if event["type"].endswith("StateEntered"):
            entered[_name(event)] += 1
        elif event["type"].endswith("StateExited"):
            entered[_name(event)] -= 1
            assert entered[_name(event)] >= 0, f"left more often than entered: {event}"
    if events[-1]["type"] == "ExecutionSucceeded" and not any("Fail" in event["type"] for event in events):
        cut = any("Aborted" in event["type"] or "TimedOut" in event["type"] for event in events)
        assert cut or not any(entered.values()), "what was entered is left"


def _name(event: Event) -> str:
    details = event.get("stateEnteredEventDetails") or event["stateExitedEventDetails"]
    name: str = details["name"]
    return name
