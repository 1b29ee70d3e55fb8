"""From what the rules told to problems, each with its place and, where that is obvious, its fix.

Besides it is found here what takes a look back: data that a result has replaced, and paths that only the unknown
result of a task can have.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from designer.asl.path_syntax import Key
from designer.asl.problems import WARNING, Fix, Operation, Problem
from designer.asl.report import Steps, location_of, pointer_of
from designer.asl.source import Source
from designer.lens import fixing
from designer.lens.finding import GONE
from designer.lens.flow import Seen
from designer.lens.history import Edge, History
from designer.lens.notes import NEVER_MATCHES, PATH, Notes, Read, Trouble
from designer.lens.shapes import ALWAYS, UNKNOWN, Shape

REPLACED: Final = "DATA_REPLACED"
DEPENDS: Final = "DEPENDS_ON_RESULT"
NOT_AWAITED: Final = "EXECUTION_NOT_AWAITED"


def problems(definition: Any, notes: Notes, states: dict[str, Seen], source: Source | None) -> list[Problem]:
    """In the order of the text, where there is one."""
    faults = _Faults(definition, notes, History(states))
    found = [_problem(trouble, source) for trouble in faults.all()]
    return sorted(found, key=lambda problem: (problem.line, problem.column)) if source else found


def _problem(trouble: Trouble, source: Source | None) -> Problem:
    pointer = pointer_of(trouble.steps)
    line, column = source.position(pointer) if source else (0, 0)
    return Problem(trouble.severity, trouble.code, trouble.message, pointer, location_of(trouble.steps), line, column,
                   trouble.hint, trouble.fix)


class _Faults:
    def __init__(self, definition: Any, notes: Notes, history: History) -> None:
        self.definition = definition
        self.notes = notes
        self.history = history

    def all(self) -> list[Trouble]:
        told = [self._mended(trouble) for trouble in self.notes.troubles]
        places = {trouble.steps for trouble in told}
        for read in self.notes.reads:
            trouble = self._unsure(read)
            if trouble is not None and trouble.steps not in places:
                places.add(trouble.steps)
                told.append(trouble)
        return told + [trouble for seen in self.history.states.values() for trouble in _not_awaited(seen)]

    def _mended(self, trouble: Trouble) -> Trouble:
        """With its fix and, for lost data, where it was lost."""
        if trouble.code == NEVER_MATCHES and trouble.fix is None:
            return replace(trouble, fix=self._as_number(trouble.steps[:-1]))
        read = trouble.read
        if trouble.code != PATH or read is None:
            return trouble
        losers = self._losers(read)
        if losers:
            return replace(trouble, fix=self._keep(losers, read), hint=f"{_lost(read, losers)} {trouble.hint}")
        return replace(trouble, fix=fixing.another_path(self.definition, read, self._document(read)))

    def _as_number(self, rule: Steps) -> Fix | None:
        read = next((read for read in self.notes.reads if read.steps == (*rule, "Variable")), None)
        return None if read is None else fixing.as_number(self.definition, self.history, rule, read)

    def _document(self, read: Read) -> Shape:
        """What a path was looked for in, from its beginning."""
        seen = self.history.seen(read.state)
        if read.found.at == 0 or seen is None:
            return read.found.there
        if read.steps[-1] == "InputPath":
            return seen.before
        return seen.visit.told.get(read.stage, UNKNOWN)

    def _losers(self, read: Read) -> list[Edge]:
        """Where the first field of a path of the input was lost."""
        first = read.path.steps[0] if read.path.steps else None
        if read.stage != "input" or read.path.root != "$" or read.found.at > 0 or not isinstance(first, Key):
            return []
        seen = self.history.seen(read.state)
        if seen is None or ("InputPath" in seen.visit.state and read.steps[-1] != "InputPath"):
            return []
        return self.history.losers(read.state, first.name)

    def _keep(self, losers: list[Edge], read: Read, field_name: str = "") -> Fix:
        first = read.path.steps[0]
        lost = first.name if isinstance(first, Key) else ""
        return fixing.keep_input(self.definition, self.history, self.notes.reads, losers, lost, field_name)

    # ---- what an unknown result may have ---------------------------------------------------------

    def _unsure(self, read: Read) -> Trouble | None:
        """A path whose first field nobody knows of, in data that a result has replaced."""
        first = read.path.steps[0] if read.path.steps else None
        if read.found.sure in (ALWAYS, GONE) or not isinstance(first, Key) or read.found.at > 0 or _is_known(
                self._document(read), first.name):
            return None
        losers = self._losers(read)
        if losers:
            return Trouble(WARNING, REPLACED, read.steps, f"The path '{read.path.text}' may lead nowhere: "
                           f"{_lost(read, losers)}", f"Write the result beside the input, with ResultPath, if "
                           f"'{first.name}' of the input is meant.", self._keep(losers, read))
        return self._depends(read, first.name)

    def _depends(self, read: Read, name: str) -> Trouble | None:
        """`$.result.value` straight behind a task whose result nobody knows: often a ResultPath is missing."""
        edges = self.history.edges_to(read.state)
        names = [step for step in read.path.steps if isinstance(step, Key)]
        if read.stage != "input" or read.path.root != "$" or len(names) < 2 or len(edges) != 1:
            return None
        edge = edges[0]
        if edge.fields.get("Type") != "Task" or not edge.replaces or not edge.out.data.unknown:
            return None
        task = edge.source[-1]
        return Trouble(WARNING, DEPENDS, read.steps,
                       f"Whether the path '{read.path.text}' leads anywhere depends on what {task} returns, and its "
                       "result takes the place of all data",
                       f"If {task} returns what is to be '{name}', set its ResultPath to $.{name}; else let the lens "
                       "learn its result from an execution or a sample.", self._keep([edge], read, name))


def _is_known(document: Shape, name: str) -> bool:
    field = None if document.object is None else document.object.fields.get(name)
    return field is not None and not field.is_guess


def _lost(read: Read, losers: list[Edge]) -> str:
    first = read.path.steps[0]
    name = first.name if isinstance(first, Key) else ""
    by = " and ".join(dict.fromkeys(str(edge.source[-1]) for edge in losers))
    return f"'{name}' was there before, but the result of {by} has taken the place of all data."


def _not_awaited(seen: Seen) -> list[Trouble]:
    state, steps = seen.visit.state, seen.visit.steps
    resource = state.get("Resource")
    if state.get("Type") != "Task" or not isinstance(resource, str) or "Next" not in state or state.get(
            "ResultPath", "") is None or not resource.endswith(":states:startExecution"):
        return []
    fix = Fix("Wait for the execution with .sync:2", (
        Operation("replace", pointer_of((*steps, "Resource")), f"{resource}.sync:2"),))
    return [Trouble(WARNING, NOT_AWAITED, (*steps, "Resource"),
                    "The next state is entered as soon as the execution has started, not when it has ended",
                    "Write startExecution.sync:2 to wait for it and get its output; set ResultPath to null if it need "
                    "not be waited for.", fix)]
