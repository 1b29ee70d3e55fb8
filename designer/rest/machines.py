"""REST: state machines, their revisions and one's own draft.

What needs the executions (last runs in the list, deletion) is added by executions/rest/machines.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.actions.create_state_machine import create_state_machine
from designer.actions.save_draft import discard_draft, save_draft
from designer.actions.update_state_machine import update_state_machine
from designer.errors import ActionError
from designer.machines import current_revision
from designer.models import Draft, Revision, StateMachine, Version
from designer.rest import describe, serializers
from designer.rest.door import Door, machine_named
from designer.rest.errors import status_of
from designer.texts import search_words


class MachineList(Door):
    def runs(self, machines: Sequence[StateMachine]) -> dict[int, list[dict[str, Any]]]:
        """The last executions of each machine, newest first, by machine id."""
        return {}

    @extend_schema(parameters=[serializers.MachinesQuery], responses=serializers.MachinePage)
    def get(self, request: Request) -> Response:
        """State machines by name."""
        query = serializers.MachinesQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        found = _search(asked["search"], asked.get("kind"))
        page = list(found.filter(name__gt=asked["after"])[:asked["limit"] + 1])
        machines, more = page[:asked["limit"]], len(page) > asked["limit"]
        ids = [machine.pk for machine in machines]
        drafts = Draft.objects.filter(user_id=self.actor.user_id, machine__in=ids).values_list("machine_id", flat=True)
        counted = Version.objects.filter(machine__in=ids).values("machine_id").annotate(count=Count("pk"))
        versions = {row["machine_id"]: row["count"] for row in counted}
        rows = describe.rows(machines, frozenset(pk for pk in drafts if pk), versions, self.runs(machines))
        return Response({"machines": rows, "next": machines[-1].name if more else "", "total": found.count()})

    @extend_schema(request=serializers.NewMachine, responses={201: serializers.MachineDetail})
    def post(self, request: Request) -> Response:
        """Create a machine with its first revision."""
        body = serializers.NewMachine(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        try:
            made = create_state_machine(self.actor, name=asked["name"], definition=asked["definition"],
                                        kind=asked["kind"], comment=asked["comment"],
                                        source=asked["source"])
        except ActionError as refused:
            return refusal(refused)
        return Response(describe.machine(made.machine, None), status=200 if made.existed else 201)


def _search(words: str, kind: str | None) -> QuerySet[StateMachine]:
    found = StateMachine.objects.filter(status="ACTIVE").select_related("current", "current__created_by")
    if kind:
        found = found.filter(kind=kind)
    for word in search_words(words):
        found = found.filter(Q(name__icontains=word) | Q(current__definition__icontains=word))
    return found.order_by("name")


def refusal(refused: ActionError) -> Response:
    """A refusal with the problems of the definition, where it has some."""
    problems = getattr(refused, "problems", None)
    if problems is None:
        raise refused
    body = {"code": refused.code, "message": refused.message, "problems": [problem.as_dict() for problem in problems]}
    return Response(body, status=status_of(refused))


class MachineView(Door):
    @extend_schema(responses=serializers.MachineDetail)
    def get(self, request: Request, name: str) -> Response:
        """One machine with its current definition and one's own draft."""
        machine = machine_named(name)
        return Response(describe.machine(machine, own_draft(self.actor.user_id, machine)))

    @extend_schema(request=serializers.MachineChange, responses=serializers.MachineDetail)
    def put(self, request: Request, name: str) -> Response:
        """Save a definition as a new revision, live at once; 409 with `current` when somebody saved a newer one."""
        body = serializers.MachineChange(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        machine = machine_named(name)
        try:
            update_state_machine(self.actor, machine.arn, definition=asked["definition"], comment=asked["comment"],
                                 source=asked["source"], base_revision=asked["baseRevision"])
        except ActionError as refused:
            if refused.code == "ConflictException":
                refused.members["current"] = _current(name)
            return refusal(refused)
        discard_draft(self.actor, machine)
        return Response(describe.machine(machine_named(name), None))


def _current(name: str) -> dict[str, Any]:
    revision = current_revision(machine_named(name))
    return {**describe.revision(revision, current=True), "definition": revision.definition,
            "source": revision.source}


def own_draft(user_id: int, machine: StateMachine) -> Draft | None:
    return Draft.objects.select_related("base").filter(user_id=user_id, machine=machine).first()


class DraftView(Door):
    @extend_schema(request=serializers.DraftChange, responses=serializers.DraftAnswer)
    def put(self, request: Request, name: str) -> Response:
        """Keep one's own draft; it may be broken."""
        body = serializers.DraftChange(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        draft = save_draft(self.actor, machine_named(name), asked["definition"], asked["baseRevision"])
        return Response(describe.draft(draft))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, name: str) -> Response:
        """Forget one's own draft."""
        discard_draft(self.actor, machine_named(name))
        return Response(status=204)


class RevisionList(Door):
    @extend_schema(responses=serializers.RevisionAnswer(many=True))
    def get(self, request: Request, name: str) -> Response:
        """The last 100 revisions, newest first."""
        machine = machine_named(name)
        found = machine.revisions.select_related("created_by").defer("definition").order_by("-number")[:100]
        return Response([describe.revision(row, current=row.pk == machine.current_id) for row in found])


class RevisionView(Door):
    @extend_schema(responses=serializers.RevisionDetail)
    def get(self, request: Request, name: str, number: int) -> Response:
        """One revision with its definition."""
        machine = machine_named(name)
        row = Revision.objects.select_related("created_by").filter(machine=machine, number=number).first()
        if row is None:
            raise ActionError("RevisionDoesNotExist", f"The state machine '{name}' has no revision {number}.")
        shown = describe.revision(row, current=row.pk == machine.current_id)
        return Response({**shown, "definition": row.definition, "source": row.source})
