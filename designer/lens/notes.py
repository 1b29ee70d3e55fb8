"""What the transfer rules tell while they go over a state: paths read, and what is wrong with them.

Rules are run several times before the shapes are stable; only what is told while `active` is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from designer.asl.errors import RUNTIME
from designer.asl.path_syntax import FromEnd, Index, Key, Path
from designer.asl.problems import ERROR, WARNING, Fix
from designer.asl.report import Steps
from designer.lens.finding import GONE, Found
from designer.lens.shapes import SOMETIMES

PATH: Final = "PATH_NEVER_EXISTS"
MISSING: Final = "PATH_SOMETIMES_MISSING"
TYPE: Final = "WRONG_TYPE"
NEVER_MATCHES: Final = "COMPARISON_NEVER_MATCHES"
NO_CHOICE: Final = "NO_CHOICE_MATCHES"
UNASSIGNED: Final = "VARIABLE_NOT_ASSIGNED"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong, before its place in the text and its fix are known."""

    severity: str
    code: str
    steps: Steps
    message: str
    hint: str = ""
    fix: Fix | None = None
    read: Read | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A path that a state reads: where it is written, what it finds, and of what ("input", "result", "output")."""

    state: Steps
    steps: Steps
    path: Path
    found: Found
    stage: str


class Notes:
    def __init__(self) -> None:
        self.active = False
        self.troubles: list[Trouble] = []
        self.reads: list[Read] = []
        self.state: Steps = ()
        self.is_ghost = False
        self.is_guarded = False
        self.failure: str | None = None  # the error that the state surely ends with
        self._unsure = 0

    def begin(self, state: Steps, *, is_ghost: bool, is_guarded: bool) -> None:
        """`is_ghost`: this data does not come here; `is_guarded`: a catcher may take what is not a runtime error."""
        self.state, self.is_ghost, self.is_guarded = state, is_ghost, is_guarded
        self.failure = None

    @contextmanager
    def perhaps(self, *, is_unsure: bool = True) -> Iterator[None]:
        """What is in here need not be evaluated."""
        self._unsure += is_unsure
        try:
            yield
        finally:
            self._unsure -= is_unsure

    # ---- telling -------------------------------------------------------------------------------

    def fails(self, steps: Steps, code: str, message: str, *, hint: str, error: str = RUNTIME, fix: Fix | None = None,
              read: Read | None = None) -> None:
        """The state ends with an error here, if this is evaluated at all."""
        if not self._unsure:
            self.failure = self.failure or error
        if self.active:
            is_caught = self.is_guarded and error != RUNTIME
            severity = WARNING if self.is_ghost or is_caught or self._unsure else ERROR
            self._tell(Trouble(severity, code, steps, message, hint, fix, read))

    def warns(self, steps: Steps, code: str, message: str, *, hint: str, fix: Fix | None = None,
              read: Read | None = None) -> None:
        if self.active:
            self._tell(Trouble(WARNING, code, steps, message, hint, fix, read))

    def _tell(self, trouble: Trouble) -> None:
        if not any(told.steps == trouble.steps and told.code == trouble.code for told in self.troubles):
            self.troubles.append(trouble)

    def read(self, steps: Steps, path: Path, found: Found, stage: str) -> None:
        """A path was read."""
        read = Read(self.state, steps, path, found, stage)
        if self.active:
            self.reads.append(read)
        if found.sure == GONE:
            self._gone(read)
        elif found.sure == SOMETIMES:
            self.warns(steps, MISSING, _sometimes(read), read=read,
                       hint="Test it with IsPresent first, or set it on every way that leads here.")

    def _gone(self, read: Read) -> None:
        path, found = read.path, read.found
        if path.root not in ("$", "$$") and found.at < 0:
            self.fails(read.steps, UNASSIGNED, f"The variable '{path.root}' is not assigned on any way that leads here",
                       hint="Assign it in a state before this one, or mend the name.", read=read)
            return
        where = f"no {shown_step(path, found.at)} in {whole(path, found.at)}"
        self.fails(read.steps, PATH, f"The path '{path.text}' leads nowhere: there is {where}", read=read,
                   hint=_what_is_there(read))


def _sometimes(read: Read) -> str:
    path, found = read.path, read.found
    if found.at < 0:
        return f"The variable '{path.root}' is not assigned on every way that leads here"
    counted = "" if found.seen is None else f": missing in {found.seen[0]} of {found.seen[1]}"
    return f"The path '{path.text}' leads nowhere at times{counted}"


def shown_step(path: Path, at: int) -> str:
    step = path.steps[at]
    if isinstance(step, Key):
        return f"'{step.name}'"
    if isinstance(step, Index):
        return f"element [{step.number}]"
    return f"element {step.distance} from the end" if isinstance(step, FromEnd) else "such field"


def whole(path: Path, at: int) -> str:
    """The part of a path before one of its steps, as it is written."""
    shown = path.root if path.root in ("$", "$$") else f"${path.root}"
    for step in path.steps[:at]:
        shown += f".{step.name}" if isinstance(step, Key) else f"[{step.number}]" if isinstance(step, Index) else "[…]"
    return shown


def _what_is_there(read: Read) -> str:
    there = read.found.there
    if there.object is not None and there.object.fields:
        names = list(there.object.fields)
        more = ", …" if len(names) > 8 else ""
        return f"There is: {', '.join(names[:8])}{more}. Mend the path, or have a state before this one set it."
    kinds = ", ".join(there.kinds) or "nothing"
    return f"What is there: {'an empty object' if there.object is not None else kinds}. Mend the path."
