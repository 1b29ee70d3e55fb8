"""Deliberate bugs in the core and in what stands around it.  Each is patched in, and some seed must notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from executions.engine import ending, failing, forks, receive, redrive, resume, step
from executions.engine.effects import Cancel, SetTimer, StartTask
from executions.engine.outcomes import Fail, Fork
from executions.engine.overlay import Family, Overlay
from executions.engine.run import LIVE, ROOT, RUNNING, Ask, Changes, Frame, Header, Run
from executions.engine.signals import Beat
from executions.engine.states import ENTER, task
from executions.worker.clock import Clock
from tests.engine.simulation.worker import Worker

Patch = pytest.MonkeyPatch
Mutant = Callable[[Patch], None]


def no_check_of_the_ask(patch: Patch) -> None:
    """Any reply is for whatever task waits."""
    real = step.Step.waiting

    def waiting(self: step.Step, ask: int) -> Frame | None:
        others = (frame for frame in self.frames.live() if frame.ask is not None and frame.ask.kind == "task")
        return real(self, ask) or next(others, None)

    patch.setattr(step.Step, "waiting", waiting)


def an_answered_ask_stays_open(patch: Patch) -> None:
    def answer(found: step.Step, frame: Frame, ask: Ask, received: Any, reason: str = "answered") -> None:
        found.cancel(ask, reason)
        found.outcomes.append((frame.id, received))

    patch.setattr(receive, "_answer", answer)


def late_results_after_the_end_count(patch: Patch) -> None:
    def advance(machine: Any, run: Run, signals: Any, now_ms: int, *, budget: int = 1000) -> step.Step:
        found = step.Step(machine, run, now_ms)
        found.status = RUNNING
        found.take(signals, budget)
        return found

    patch.setattr(step, "advance", advance)
    patch.setattr(ending, "succeeded", _succeeded_with_the_root)


def _succeeded_with_the_root(found: step.Step, frame: Frame, text: str) -> None:
    found.log.end("ExecutionSucceeded", frame.last, {"output": text})
    found.stop("SUCCEEDED")
    found.frames.end(found.frames.own(ROOT), "done")


def two_siblings_that_fail_are_two_failures(patch: Patch) -> None:
    """A frame that was cut in this very step fails once more."""
    real = failing._cut_children

    def cut(found: step.Step, parent: Frame, above: Any, event: int) -> None:
        still = [number for number, received in found.outcomes if isinstance(received, Fail)]
        frames = (found.frames.peek(number) for number in still)
        others = [frame for frame in frames if frame is not None and frame.status == LIVE]
        real(found, parent, above, event)
        for other in others:
            if other.status != LIVE and other.parent == parent.id:
                failing._retried(found, found.frames.own(parent.id), above, Fail("E1", None))

    patch.setattr(failing, "_cut_children", cut)


def retries_are_not_counted(patch: Patch) -> None:
    real = failing._retried

    def retried(found: step.Step, frame: Frame, state: Any, outcome: Any) -> bool:
        before = frame.attempts
        done = real(found, frame, state, outcome)
        frame.attempts = before
        return done

    patch.setattr(failing, "_retried", retried)


def one_retry_more(patch: Patch) -> None:
    real = failing._retried

    def retried(found: step.Step, frame: Frame, state: Any, outcome: Any) -> bool:
        kept, frame.attempts = frame.attempts, {index: count - 1 for index, count in frame.attempts.items()}
        done = real(found, frame, state, outcome)
        if not done:
            frame.attempts = kept
        return done

    patch.setattr(failing, "_retried", retried)


def retries_do_not_survive_a_crash(patch: Patch) -> None:
    real = Frame.dump

    def dump(self: Frame) -> dict[str, Any]:
        return {name: value for name, value in real(self).items() if name != "attempts"}

    patch.setattr(Frame, "dump", dump)


def retries_do_not_wait(patch: Patch) -> None:
    patch.setattr(failing, "pause", lambda retrier, count, seed: 0)


def max_concurrency_is_forgotten(patch: Patch) -> None:
    real = ENTER["Map"]

    def enter(found: Any, frame: Any, state: Any) -> Any:
        fork = real(found, frame, state)
        return Fork(fork.count, 1000, fork.work) if isinstance(fork, Fork) else fork

    patch.setitem(ENTER, "Map", enter)


def the_first_child_joins(patch: Patch) -> None:
    def go_on(found: step.Step, parent: Frame, state: Any, previous: int, after: int) -> None:
        forks.join(found, found.frames.own(parent.id), state, after)

    patch.setattr(forks, "go_on", go_on)


def results_in_the_order_of_their_coming(patch: Patch) -> None:
    patch.setattr(Family, "ids", lambda self: iter(sorted([*self.base.values(), *self.added.values()], reverse=True)))


def siblings_are_not_cut(patch: Patch) -> None:
    patch.setattr(failing, "_cut_children", lambda found, parent, above, event: None)


def a_step_changes_the_run(patch: Patch) -> None:
    """Written in place, not copied: a commit that fails leaves something between."""
    def own(self: Overlay, number: int) -> Frame:
        frame = self.frames[number] = self.frames.get(number) or self._run.frames[number]
        return frame

    patch.setattr(Overlay, "own", own)


def timers_are_lost_in_a_crash(patch: Patch) -> None:
    _resume_without(patch, SetTimer)


def tasks_are_lost_in_a_crash(patch: Patch) -> None:
    _resume_without(patch, StartTask)


def _resume_without(patch: Patch, kind: type) -> None:
    real = resume.resume
    patch.setattr(resume, "resume", lambda machine, run: [
        effect for effect in real(machine, run) if not isinstance(effect, kind)])


def what_is_ready_is_lost_in_a_crash(patch: Patch) -> None:
    real = Header.dump
    patch.setattr(Header, "dump", lambda self: real(self) | {"ready": []})


def timers_fire_early(patch: Patch) -> None:
    """A timer that was put off, or set by a clock that was ahead, counts all the same."""
    patch.setattr(receive, "_deadline", lambda ask, timer: 0)


def a_heartbeat_does_nothing(patch: Patch) -> None:
    patch.setitem(receive._RECEIVE, Beat, lambda found, signal: None)


def the_limit_of_a_task_is_not_set(patch: Patch) -> None:
    patch.setattr(task, "_seconds", lambda view, evaluator, data: None)


def the_end_leaves_tokens_open(patch: Patch) -> None:
    real = ending._close

    def close(found: step.Step, finish: Any) -> None:
        real(found, finish)
        found.effects = [effect for effect in found.effects if not isinstance(effect, Cancel)]

    patch.setattr(ending, "_close", close)


def any_token_will_do(patch: Patch) -> None:
    """The worker does not compare tokens: what was for an earlier attempt ends this one."""
    def waiting(self: Worker, token: str) -> int | None:
        return next(iter(self.run.by_ask), None)

    real = receive._task_of

    def task_of(found: step.Step, number: int) -> Any:
        mine = real(found, number)
        others = [ask for ask in found.run.by_ask if (known := real(found, ask)) is not None and known[2].token]
        return mine or next((real(found, ask) for ask in others), None)

    patch.setattr(Worker, "waiting", waiting)
    patch.setattr(receive, "_task_of", task_of)


def event_ids_begin_anew_after_a_crash(patch: Patch) -> None:
    real = Header.load.__func__  # type: ignore[attr-defined]

    def load(cls: type[Header], data: dict[str, Any]) -> Any:
        header = real(cls, data)
        header.next_event = min(header.next_event, 2)
        return header

    patch.setattr(Header, "load", classmethod(load))


def removed_frames_come_back(patch: Patch) -> None:
    real = Overlay.changes
    patch.setattr(Overlay, "changes", lambda self, header: Changes(real(self, header).frames, frozenset(), header))


def the_clock_goes_back(patch: Patch) -> None:
    patch.setattr(Clock, "now", lambda self: self._wall() // 1_000_000)


def a_redrive_repeats_what_is_done(patch: Patch) -> None:
    patch.setattr(redrive, "DONE", "never")


def a_redrive_begins_nothing(patch: Patch) -> None:
    patch.setattr(redrive, "_again", lambda step, frame: None)


MUTANTS: Final[list[Mutant]] = [
    no_check_of_the_ask, an_answered_ask_stays_open, late_results_after_the_end_count,
    two_siblings_that_fail_are_two_failures, retries_are_not_counted, one_retry_more, retries_do_not_survive_a_crash,
    retries_do_not_wait, max_concurrency_is_forgotten, the_first_child_joins, results_in_the_order_of_their_coming,
    siblings_are_not_cut, a_step_changes_the_run, timers_are_lost_in_a_crash, tasks_are_lost_in_a_crash,
    what_is_ready_is_lost_in_a_crash, timers_fire_early, a_heartbeat_does_nothing, the_limit_of_a_task_is_not_set,
    the_end_leaves_tokens_open, any_token_will_do, event_ids_begin_anew_after_a_crash, removed_frames_come_back,
    the_clock_goes_back, a_redrive_repeats_what_is_done, a_redrive_begins_nothing,
]
