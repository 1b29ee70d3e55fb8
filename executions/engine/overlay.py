"""What one step changes, laid over a Run that stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

from executions.engine.run import CUT, FAILED, LIVE, Changes, Children, Frame, Header, Run

_NONE = Children()


class Family:
    """The children of one frame as the step sees them: those of the run and those added."""

    __slots__ = ("added", "base", "cut", "failed", "live")

    def __init__(self, children: Children) -> None:
        self.base = children.slots
        self.added: dict[int, int] = {}
        self.live = children.live
        self.failed = children.failed
        self.cut = children.cut

    @property
    def admitted(self) -> int:
        """How many children have begun since the fork; also the slot of the next one."""
        return len(self.base) + len(self.added)

    def ids(self) -> Iterator[int]:
        """The children's frame ids in the order of their slots."""
        yield from self.base.values()
        yield from self.added.values()


class Overlay:
    """Frames copied when they are first written; families counted; removals noted."""

    __slots__ = ("_families", "_run", "frames", "removed")

    def __init__(self, run: Run) -> None:
        self._run = run
        self.frames: dict[int, Frame] = {}
        self.removed: set[int] = set()
        self._families: dict[int, Family] = {}

    def peek(self, number: int) -> Frame | None:
        """The frame to read, or None when there is none (any more)."""
        frame = self.frames.get(number)
        if frame is not None or number in self.removed:
            return frame
        return self._run.frames.get(number)

    def read(self, number: int) -> Frame:
        """The frame, which is known to exist, to read."""
        frame = self.frames.get(number)
        return self._run.frames[number] if frame is None else frame

    def own(self, number: int) -> Frame:
        """The frame to write."""
        frame = self.frames.get(number)
        if frame is None:
            frame = self.frames[number] = self._run.frames[number].copy()
        return frame

    def add(self, frame: Frame) -> None:
        self.frames[frame.id] = frame
        if frame.parent:
            family = self.family(frame.parent)
            family.added[frame.slot] = frame.id
            family.live += 1

    def family(self, parent: int) -> Family:
        family = self._families.get(parent)
        if family is None:
            family = self._families[parent] = Family(self._run.children.get(parent, _NONE))
        return family

    def end(self, frame: Frame, status: str) -> None:
        """A frame of this step comes to its end."""
        if frame.status == LIVE and frame.parent:
            family = self.family(frame.parent)
            family.live -= 1
            family.failed += status == FAILED
            family.cut += status == CUT
        frame.status, frame.ask = status, None

    def revive(self, frame: Frame) -> None:
        """A frame of this step that had ended lives again."""
        if frame.status != LIVE and frame.parent:
            family = self.family(frame.parent)
            family.live += 1
            family.failed -= frame.status == FAILED
            family.cut -= frame.status == CUT
        frame.status = LIVE

    def has_children(self, number: int) -> bool:
        return next(self.family(number).ids(), None) is not None

    def drop(self, parent: int) -> None:
        """Remove everything below a frame: its children have been joined, or will begin anew."""
        below = [parent]
        while below:
            family = self.family(number := below.pop())
            children = list(family.ids())
            self._families[number] = Family(_NONE)
            for child in children:
                self.remove(child)
                if child in self._families or child in self._run.children:
                    below.append(child)

    def remove(self, number: int) -> None:
        self.frames.pop(number, None)
        if number in self._run.frames:
            self.removed.add(number)

    def numbers(self) -> list[int]:
        """The ids of all frames, also of those that this step removes, oldest first."""
        return sorted(self._run.frames.keys() | self.frames.keys())

    def live(self) -> list[Frame]:
        """All frames that still run, oldest first."""
        frames = (self.peek(number) for number in self.numbers())
        return [frame for frame in frames if frame is not None and frame.status == LIVE]

    def changes(self, header: Header) -> Changes:
        return Changes(self.frames, frozenset(self.removed), header)
