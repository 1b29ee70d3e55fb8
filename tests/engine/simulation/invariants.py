"""What must hold: after every commit, after every load, and at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from designer.asl.jsontext import dumps, loads
from designer.asl.model import Machine
from executions.engine import step as core
from executions.engine.effects import Cancel, StartTask
from executions.engine.run import CUT, DONE, LIVE, Ask, Children, Frame, Run
from executions.engine.signals import Beat, Fired
from executions.engine.tokens import make_token
from tests.engine.proving import check_history
from tests.engine.simulation.definitions import State, states_of
from tests.engine.simulation.story import check_story, delay_of

if TYPE_CHECKING:
    from tests.engine.simulation.store import Store
    from tests.engine.simulation.worker import Flight, Message

MAX_INLINE: Final = 40
MAX_CHILDREN: Final = 1_000


class Violation(AssertionError):
    """An invariant does not hold."""


def must(holds: bool, what: str, *about: Any) -> None:
    if not holds:
        raise Violation(f"{what}: {', '.join(map(str, about))}" if about else what)


class Watch:
    """Looks at every commit of one execution."""

    def __init__(self, definition: State) -> None:
        self.definition = definition
        self.states = states_of(definition)
        self.asked: set[int] = set()
        self.closed: set[int] = set()

    # -- after every load and commit

    def loaded(self, run: Run) -> None:
        """Every frame waits for exactly one thing, and no more run at once than may."""
        asks = {frame.ask.id: frame.id for frame in run.frames.values() if frame.ask is not None}
        must(run.by_ask == asks, "the index of asks is that of a fresh load")
        for frame in run.frames.values():
            must(frame.parent == 0 or frame.parent in run.frames, "every frame has its parent", frame.id)
            if frame.status == LIVE:
                self._live(run, frame)
            else:
                must(frame.ask is None, "what has ended waits for nothing", frame.id)

    def _live(self, run: Run, frame: Frame) -> None:
        must(not run.ended, "nothing lives after the end", frame.id)
        must(frame.parent == 0 or run.frames[frame.parent].status == LIVE, "what lives is in what lives", frame.id)
        family = run.children.get(frame.id, Children())
        running = sum(run.frames[number].status == LIVE for number in family.slots.values())
        must(running == family.live, "the living children are counted right", frame.id)
        waits = (frame.ask is not None) + (running > 0) + (frame.id in run.header.ready)
        must(waits == 1, "a frame waits for one thing", frame.id, frame.state, waits)
        must(running <= self._most(frame.state), "no more than MaxConcurrency run at once", frame.state, running)

    def _most(self, name: str) -> int:
        state = self.states[name]
        distributed = state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"
        return state.get("MaxConcurrency") or (MAX_CHILDREN if distributed else MAX_INLINE)

    # -- at every commit

    def committing(self, run: Run, flight: Flight, store: Store) -> None:
        found, header = flight.step, flight.changes.header
        self.refused(run, store)
        last = run.header.next_event - 1
        ids = [event["id"] for event in found.events]
        must(ids == list(range(last + 1, last + 1 + len(ids))), "a step's events follow the last ones", ids, last)
        must(header.next_event == last + 1 + len(ids), "the header knows the next event")
        redriven = header.redrive_count == run.header.redrive_count + 1
        must(redriven == run.ended, "nothing is committed after the end but a redrive, and nothing else is one")
        must(redriven or header.redrive_count == run.header.redrive_count, "redrives are counted one by one")
        for effect in found.effects:
            if isinstance(effect, StartTask):
                must(effect.ask not in self.asked, "a task is asked for once", effect.ask)
                self.asked.add(effect.ask)
                token = make_token(run.id, run.seed, effect.ask)
                must(effect.token in (None, token), "a token is that of its ask", effect.ask)
            elif isinstance(effect, Cancel):
                self._closing(run, effect)
        self._timers(run, flight)
        for frame in flight.changes.frames.values():
            self._changing(run, frame, found.now)

    def _closing(self, run: Run, effect: Cancel) -> None:
        must(effect.ask in run.by_ask, "only what was open is closed", effect.ask, effect.reason)
        must(effect.ask not in self.closed, "an ask is closed once", effect.ask, effect.reason)
        self.closed.add(effect.ask)

    def _timers(self, run: Run, flight: Flight) -> None:
        """What a timer ended was due (a heartbeat of the same batch may have put it off)."""
        closed = [effect for effect in flight.step.effects if isinstance(effect, Cancel)]
        for ask in {effect.ask for effect in closed if effect.reason == "timeout"}:
            number = run.by_ask[ask]
            waited = run.frames[number].ask
            assert waited is not None
            due = min((at for at in (waited.timeout, waited.heartbeat) if at is not None), default=None)
            must(due is None or due <= flight.step.now, "nothing times out before its time", ask)
            beaten = _beaten(flight, ask) and waited.begun and waited.heartbeat is not None
            on_time = waited.timeout is not None and waited.timeout <= flight.step.now
            must(not beaten or on_time, "a heartbeat puts the time-out off", ask)

    def _changing(self, run: Run, new: Frame, now: int) -> None:
        old = run.frames.get(new.id)
        if old is None or old.status != LIVE:
            # A redrive lets it live again, at once or when its Map Run has room for it.
            again = old is not None and old.status != DONE and (run.ended or _waits_for_its_turn(run, old))
            must(old is None or again, "what has ended does not change, and what is done is not done again", new.id)
            must(not new.attempts or new.ask is None or new.ask.kind == "retry", "retries begin anew", new.attempts)
            return
        if new.entered != old.entered or new.state != old.state:
            return
        more = sum(new.attempts.values()) - sum(old.attempts.values())
        must(more in (0, 1), "one failure is one retry", new.state, old.attempts, new.attempts)
        for index, count in new.attempts.items():
            retrier = self.states[new.state]["Retry"][index]
            must(count <= retrier.get("MaxAttempts", 3), "no more retries than MaxAttempts", new.state, count)
            if count != old.attempts.get(index, 0) and new.ask is not None and new.ask.kind == "retry":
                self._paused(retrier, count, new.ask, now)

    def _paused(self, retrier: State, count: int, ask: Ask, now: int) -> None:
        least, most = delay_of(retrier, count)
        assert ask.wake is not None
        must(least <= ask.wake - now <= most, "a retry waits as long as it must", ask.wake - now, least, most)

    def refused(self, run: Run, store: Store) -> None:
        """As long as nothing is committed, the run is what the last commit left."""
        if store.exists:
            frames = {number: dumps(frame.dump()) for number, frame in run.frames.items()}
            must(frames == store.frames, "a step leaves the frames alone")
            must(dumps(run.header.dump()) == store.header, "a step leaves the header alone")

    # -- at the end

    def at_the_end(self, store: Store, machine: Machine, run: Run, sent: Sequence[Message]) -> None:
        events = store.events()
        check_history(events, run.header.status)
        must(run.ended, "it has ended")
        must(store.load().header == run.header, "the end is durable")
        self._replay(store, machine, events)
        self._too_late(run, machine, sent)
        must(self.asked >= self.closed & self.asked, "only what was asked is closed")
        must("OPEN" not in store.tokens.values(), "every token is closed", store.tokens)
        check_story(events, self.states, self.definition)

    def _replay(self, store: Store, machine: Machine, events: list[dict[str, Any]]) -> None:
        """The same signals at the same times give the same bytes, however often the process died between."""
        run, again = Run.load(loads(store.birth)), []
        for signals, now, budget in store.batches:
            found = core.advance(machine, run, signals, now, budget=budget)
            run.apply(found.changes)
            again += found.events
        must(dumps(again) == dumps(events), "a replay gives the same bytes")

    def _too_late(self, run: Run, machine: Machine, sent: Sequence[Message]) -> None:
        late = [message.signal for message in sent] + [Fired(ask, "wake") for ask in range(run.header.next_id)]
        found = core.advance(machine, run, late, run.started_at + 10**12)
        must(not found.events and not found.effects, "what comes after the end does nothing", found.events[:3])


def _waits_for_its_turn(run: Run, frame: Frame) -> bool:
    """Whether a frame is, or is below, a child that its living Map Run has not redriven yet."""
    while (above := run.frames.get(frame.parent)) is not None and above.status != LIVE:
        frame = above
    return above is not None and frame.status == CUT


def _beaten(flight: Flight, ask: int) -> bool:
    """Whether a heartbeat came before the timer in this batch."""
    for signal in flight.signals:
        if isinstance(signal, Beat) and signal.ask == ask:
            return True
        if isinstance(signal, Fired) and signal.ask == ask:
            return False
    return False
