"""What a redrive would do, before it is done: where the run goes on, on which revision, and what is in the way."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from designer.asl.compiler import compile_definition
from designer.asl.jsontext import loads
from designer.asl.problems import DefinitionError
from designer.errors import ActionError
from designer.models import Revision
from executions.actions.redrive_execution import reason_against
from executions.engine.compatibility import Difference, Outlook, differences, outlook
from executions.models import Execution
from executions.store.load import load_run


@dataclass(frozen=True, slots=True)
class Plan:
    """`reason` says why the execution cannot be redriven at all (None: it can); `problem` why not on this revision.

    `later` are the numbers of the revisions after the one it is pinned to.
    """

    reason: str | None
    revision: Revision
    pinned: int
    later: tuple[int, ...]
    differences: tuple[Difference, ...]
    outlook: Outlook
    problem: str = ""

    @property
    def possible(self) -> bool:
        return self.reason is None and not self.problem and not self.outlook.obstacles


def plan_redrive(execution: int, number: int | None = None) -> Plan:
    """The plan for the revision `number` of the machine (None: the one the execution is pinned to).  Blocking.

    ExecutionDoesNotExist, RevisionDoesNotExist.
    """
    row = Execution.objects.select_related("machine", "revision").filter(pk=execution).first()
    if row is None:
        raise ActionError("ExecutionDoesNotExist", f"There is no execution {execution}.")
    revision = row.revision if number is None else revision_of(row, number)
    reason = reason_against(row, time.time_ns() // 1_000_000)
    later = tuple(Revision.objects.filter(machine=row.machine, number__gt=row.revision.number)
                  .order_by("-number").values_list("number", flat=True)[:100])
    changed = () if revision.pk == row.revision_id else tuple(
        differences(_parsed(row.revision), _parsed(revision)))
    found, problem = _outlook(row, revision)
    return Plan(reason, revision, row.revision.number, later, changed, found, problem)


def revision_of(row: Execution, number: int) -> Revision:
    """A revision of the execution's machine; RevisionDoesNotExist."""
    revision = Revision.objects.filter(machine=row.machine_id, number=number).first()
    if revision is None:
        raise ActionError("RevisionDoesNotExist", f"The state machine has no revision {number}.")
    return revision


def _outlook(row: Execution, revision: Revision) -> tuple[Outlook, str]:
    loaded = load_run(row.pk)
    if loaded is None:
        return Outlook((), ()), "The execution is not kept any more."
    try:
        old = compile_definition(_parsed(row.revision))
    except DefinitionError:
        return Outlook((), ()), "The definition the execution ran under does not compile any more."
    try:
        new = compile_definition(_parsed(revision))
    except DefinitionError as error:
        return Outlook((), ()), f"Revision {revision.number} does not compile: {error.problems[0].message}"
    return outlook(loaded.run, old, new), ""


def _parsed(revision: Revision) -> Any:
    return loads(revision.definition)
