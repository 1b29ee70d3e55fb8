"""The state of one execution: a header and a small tree of frames.  Plain data.

`advance` never changes a Run: it answers with Changes, and `Run.apply` swaps them in after the commit
that holds them (architecture.md §2, law 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from designer.asl.errors import MAX_PAYLOAD_BYTES
from designer.asl.jsontext import loads

LIVE, DONE, FAILED, CUT = "live", "done", "failed", "cut"
ROOT: Final = 1  # the id of the execution's own frame
RUNNING: Final = "RUNNING"


@dataclass(slots=True)
class Ask:
    """What a frame waits for: a reply, a pause, and their deadlines (ms since the epoch; None = none).

    kind: "task", "wait" or "retry".  A task keeps its request so that it can be sent again after a crash.
    """

    id: int
    kind: str
    wake: int | None = None
    timeout: int | None = None
    heartbeat: int | None = None
    token: str | None = None
    payload: Any = None
    timeout_seconds: int | None = None
    heartbeat_seconds: int | None = None
    credentials: Any = None
    begun: bool = False
    submitted: bool = False

    @property
    def due(self) -> int | None:
        """The earliest deadline."""
        return min((at for at in (self.wake, self.timeout, self.heartbeat) if at is not None), default=None)

    def copy(self) -> Ask:
        return Ask(
            self.id, self.kind, self.wake, self.timeout, self.heartbeat, self.token, self.payload,
            self.timeout_seconds, self.heartbeat_seconds, self.credentials, self.begun, self.submitted,
        )  # fmt: skip

    def dump(self) -> dict[str, Any]:
        members = ((name, getattr(self, name)) for name in _ASK_FIELDS)
        return {name: value for name, value in members if value is not None and value is not False}


_ASK_FIELDS: Final = tuple(item.name for item in fields(Ask))


@dataclass(slots=True)
class Frame:
    """One cursor in one list of states: the execution (id 1, parent 0), a branch, or a Map iteration.

    `slot` is the branch number or item index.  `entered` is the id of the current state's …StateEntered
    event (0 = the state is still to be entered), `entered_at` its time (ms), `before` its
    previousEventId, `last` the id the next event of this frame follows.  `work` is the item list that a
    Map hands to its children, `limit` how many of them may run at once; both are written once, at the
    fork.  A child that has ended stays, DONE with its `output`, until the join.  `quiet`: child of a
    distributed Map, whose events are not part of this execution's history.  `map_run`: what map_run.py
    keeps of the Map Run of a distributed Map; never changed, only replaced.
    """

    id: int
    parent: int
    slot: int
    path: tuple[str | int, ...]
    state: str
    input: Any
    status: str = LIVE
    entered: int = 0
    entered_at: int = 0
    before: int = 0
    last: int = 0
    ask: Ask | None = None
    attempts: dict[int, int] = field(default_factory=dict)
    retries: int = 0
    variables: dict[str, Any] = field(default_factory=dict)
    work: Any = None
    limit: int = 0
    output: Any = None
    quiet: bool = False
    map_run: dict[str, Any] | None = None

    def copy(self) -> Frame:
        """A frame of its own with the same content; the values inside are shared and never changed."""
        ask = self.ask
        return Frame(
            self.id, self.parent, self.slot, self.path, self.state, self.input, self.status, self.entered,
            self.entered_at, self.before, self.last, None if ask is None else ask.copy(), self.attempts,
            self.retries, self.variables, self.work, self.limit, self.output, self.quiet, self.map_run,
        )  # fmt: skip

    def dump(self) -> dict[str, Any]:
        """The frame as a JSON object; members with their usual value are left out."""
        data = {
            "id": self.id, "parent": self.parent, "slot": self.slot, "state": self.state, "input": self.input,
            "entered": self.entered, "entered_at": self.entered_at, "before": self.before, "last": self.last,
        }  # fmt: skip
        if self.path:
            data["path"] = list(self.path)
        if self.status != LIVE:
            data["status"] = self.status
        if self.ask is not None:
            data["ask"] = self.ask.dump()
        if self.attempts:
            data["attempts"] = {str(index): count for index, count in self.attempts.items()}
        for name in _RARE:
            if value := getattr(self, name):
                data[name] = value
        for name in ("work", "output", "map_run"):
            if (value := getattr(self, name)) is not None:
                data[name] = value
        return data

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Frame:
        """The reverse of `dump`."""
        members = dict(data)
        members["path"] = tuple(members.get("path", ()))
        if "ask" in members:
            members["ask"] = Ask(**members["ask"])
        if "attempts" in members:
            members["attempts"] = {int(index): count for index, count in members["attempts"].items()}
        return cls(**members)


_RARE: Final = ("retries", "variables", "limit", "quiet")


@dataclass(slots=True)
class Header:
    """What belongs to the execution as a whole and changes as it runs.

    `stored` is at least what its variables take as JSON text (variables.py); `redriven_at` the time (ms) of the
    last redrive.
    """

    status: str = RUNNING
    next_event: int = 1
    next_id: int = 1  # frames and asks share one sequence
    ready: tuple[int, ...] = ()  # frames that can go on but were left by the budget
    deadline: int | None = None
    redrive_count: int = 0
    stored: int = 0
    redriven_at: int | None = None

    def dump(self) -> dict[str, Any]:
        data = {item: getattr(self, item) for item in self.__slots__ if item not in _SELDOM}
        data["ready"] = list(self.ready)
        if self.stored:
            data["stored"] = self.stored
        if self.redriven_at is not None:
            data["redriven_at"] = self.redriven_at
        return data

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Header:
        """The reverse of `dump`."""
        return cls(**{**data, "ready": tuple(data.get("ready", ()))})


_SELDOM: Final = ("ready", "stored", "redriven_at")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a step changes: frames written anew, ids of frames removed, the new header."""

    frames: Mapping[int, Frame]
    removed: frozenset[int]
    header: Header


@dataclass(slots=True)
class Children:
    """The children of one frame: slot → frame id in the order of their slots; how many run, failed and were cut."""

    slots: dict[int, int] = field(default_factory=dict)
    live: int = 0
    failed: int = 0
    cut: int = 0

    def count(self, status: str, step: int) -> None:
        self.live += step * (status == LIVE)
        self.failed += step * (status == FAILED)
        self.cut += step * (status == CUT)


@dataclass(slots=True, kw_only=True)
class Run:
    """One execution in memory.  `input` is the JSON text as given, `started_at` in ms since the epoch.

    `seed` is secret: tokens and random numbers come from it.  `by_ask` finds the frame that waits for
    an ask (so `ask in run.by_ask` tells whether anybody waits), `children` the frames below a frame.
    `largest` (bytes) is how large a payload may be; whoever drives the run says so.
    """

    id: int
    arn: str
    name: str
    machine_arn: str
    machine_name: str
    role_arn: str
    input: str
    started_at: int
    seed: str
    kind: str = "STANDARD"
    version_arn: str | None = None
    alias_arn: str | None = None
    largest: int = field(init=False, default=MAX_PAYLOAD_BYTES, compare=False)
    header: Header = field(default_factory=Header)
    frames: dict[int, Frame] = field(default_factory=dict)
    by_ask: dict[int, int] = field(init=False, default_factory=dict)
    children: dict[int, Children] = field(init=False, default_factory=dict)
    _value: list[Any] = field(init=False, default_factory=list, compare=False)

    def __post_init__(self) -> None:
        for frame in sorted(self.frames.values(), key=lambda frame: (frame.parent, frame.slot)):
            self._index(None, frame)

    @property
    def ended(self) -> bool:
        return self.header.status != RUNNING

    @property
    def input_value(self) -> Any:
        """The parsed input; parsed once."""
        if not self._value:
            self._value.append(loads(self.input))
        return self._value[0]

    def apply(self, changes: Changes) -> None:
        """Swap in what a step changed, once its commit is durable."""
        for number in changes.removed:
            self._remove(number)
        for number, frame in changes.frames.items():
            self._index(self.frames.get(number), frame)
            self.frames[number] = frame
        self.header = changes.header

    def _index(self, old: Frame | None, new: Frame) -> None:
        if old is not None and old.ask is not None:
            self.by_ask.pop(old.ask.id, None)
        if new.ask is not None:
            self.by_ask[new.ask.id] = new.id
        if not new.parent:
            return
        family = self.children.setdefault(new.parent, Children())
        family.slots[new.slot] = new.id
        family.count(new.status, 1)
        if old is not None:
            family.count(old.status, -1)

    def _remove(self, number: int) -> None:
        frame = self.frames.pop(number)
        self.children.pop(number, None)
        if frame.ask is not None:
            self.by_ask.pop(frame.ask.id, None)
        if (family := self.children.get(frame.parent)) is not None:
            family.slots.pop(frame.slot, None)
            family.count(frame.status, -1)

    def dump(self) -> dict[str, Any]:
        """The whole run as a JSON object (tests, snapshots; the store writes the parts)."""
        identity = {item.name: getattr(self, item.name) for item in fields(self) if item.init}
        frames: Iterable[Frame] = identity.pop("frames").values()
        return identity | {"header": self.header.dump(), "frames": [frame.dump() for frame in frames]}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Run:
        """The reverse of `dump`."""
        frames = [Frame.load(item) for item in data["frames"]]
        identity = {name: value for name, value in data.items() if name not in ("header", "frames")}
        return cls(**identity, header=Header.load(data["header"]), frames={frame.id: frame for frame in frames})
