"""Machines, revisions and drafts as the REST API answers them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from designer.machines import current_revision
from designer.models import Draft, Revision, StateMachine
from designer.people.names import display_name


def revision(row: Revision, *, current: bool) -> dict[str, Any]:
    return {
        "number": row.number, "id": row.revision_id, "comment": row.comment, "createdAt": row.created_at,
        "createdBy": display_name(row.created_by) if row.created_by else None, "current": current,
    }


def draft(row: Draft | None) -> dict[str, Any] | None:
    if row is None:
        return None
    base = row.base.revision_id if row.base else None
    return {"definition": row.definition, "baseRevision": base, "updatedAt": row.updated_at}


def machine(row: StateMachine, own_draft: Draft | None) -> dict[str, Any]:
    current = current_revision(row)
    return {
        "name": row.name, "arn": row.arn, "kind": row.kind, "definition": current.definition,
        "source": current.source,
        "revision": revision(current, current=True), "draft": draft(own_draft), "createdAt": row.created_at,
    }


def rows(machines: Iterable[StateMachine], drafts: frozenset[int], versions: Mapping[int, int],
         runs: Mapping[int, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The list's rows; the maps are by the machine's id."""
    answer = []
    for row in machines:
        current = current_revision(row)
        comment, states = _summary(current.definition)
        answer.append({
            "name": row.name, "arn": row.arn, "kind": row.kind, "comment": comment, "states": states,
            "revision": current.number, "versions": versions.get(row.pk, 0), "draft": row.pk in drafts,
            "editedAt": current.created_at,
            "editedBy": display_name(current.created_by) if current.created_by else None,
            "runs": runs.get(row.pk, []),
        })
    return answer


def _summary(definition: str) -> tuple[str, int]:
    """The Comment of a definition and how many states it has at the top."""
    data = json.loads(definition)
    comment = data.get("Comment", "")
    return comment if isinstance(comment, str) else "", len(data.get("States", {}))
