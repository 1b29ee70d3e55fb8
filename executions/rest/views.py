"""Reading executions: the list, one, its history, its states."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.errors import ActionError
from designer.rest.door import Door, machine_named
from executions import store
from executions.actions import gateway
from executions.actions.explain_visit import explain_visit
from executions.live.previews import preview
from executions.models import Execution
from executions.rest import describe, search, serializers
from executions.rest.lookup import LARGEST_ID, execution_of
from executions.rest.visits import says
from executions.store.offload import whole

RECENT: Final = 50  # executions looked at for recent inputs
INPUTS: Final = 10  # inputs answered


class ExecutionList(Door):
    @extend_schema(
        operation_id="executions_list", parameters=[serializers.ListQuery], responses=serializers.ExecutionPage)
    def get(self, request: Request) -> Response:
        """Executions, newest first."""
        query = serializers.ListQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        filters = query.filters()
        ids, cursor = search.page(filters, query.validated_data.get("cursor", ""), query.validated_data["limit"])
        answer: dict[str, Any] = {"executions": describe.rows(_rows(ids)), "next": cursor}
        if query.validated_data["counts"]:
            answer["counts"] = search.counts(filters)
        return Response(answer)


def _rows(ids: list[int]) -> list[Execution]:
    found = Execution.objects.filter(pk__in=ids).select_related("machine", "revision", "started_by")
    return list(found.defer("input", "output", "header", "revision__definition", "cause").order_by(
        "-started_at", "-id"))


class ExecutionView(Door):
    @extend_schema(responses=serializers.ExecutionDetail)
    def get(self, request: Request, execution: int) -> Response:
        """One execution with its definition and drawing."""
        return Response(describe.whole(execution_of(execution), self.actor))


class EventList(Door):
    @extend_schema(
        operation_id="executions_events_list", parameters=[serializers.EventsQuery], responses=serializers.EventPage)
    def get(self, request: Request, execution: int) -> Response:
        """A page of the history, oldest first."""
        query = serializers.EventsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        row = execution_of(execution)
        events = store.events(row.pk, after=asked["after"], limit=asked["limit"])
        last = events[-1]["id"] if events else asked["after"]
        shown = [event for event in events if "type" not in asked or event["type"] in asked["type"]]
        return Response({
            "events": shown if asked["whole"] else [preview(event) for event in shown],
            # Status is read after the events, so that it is never older than they are.
            "last": last, "more": len(events) == asked["limit"], "status": execution_of(execution).status,
        })


class EventSearch(Door):
    @extend_schema(operation_id="executions_events_search", parameters=[serializers.TextQuery],
                   responses=serializers.EventIds)
    def get(self, request: Request, execution: int) -> Response:
        """The ids of the events that have a text anywhere in their data, whatever its case."""
        query = serializers.TextQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data["text"].casefold()
        events = store.events(execution_of(execution).pk, whole=True)
        return Response({"ids": [event["id"] for event in events if says(event, wanted)]})


class EventView(Door):
    @extend_schema(responses={200: dict})
    def get(self, request: Request, execution: int, event: int) -> Response:
        """One event, whole."""
        row = execution_of(execution)
        found = store.events(row.pk, after=event - 1, limit=1, whole=True) if 0 < event <= LARGEST_ID else []
        if not found or found[0]["id"] != event:
            raise ActionError("EventDoesNotExist", f"Execution {execution} has no event {event}.")
        return Response(found[0])


class PayloadView(Door):
    @extend_schema(responses={(200, "application/json"): dict})
    def get(self, request: Request, execution: int, name: str) -> HttpResponse:
        """The input or output of an execution, whole."""
        row = execution_of(execution)
        text = {"input": row.input, "output": row.output}.get(name)
        if text is None:
            raise ActionError("PayloadDoesNotExist", f"Execution {execution} has no {name}.")
        return HttpResponse(whole(row.pk, text), content_type="application/json")


class StateView(Door):
    @extend_schema(parameters=[serializers.StateQuery], responses=serializers.StatePage)
    def get(self, request: Request, execution: int, name: str) -> Response:
        """The visits of a state: data, tries, logs, open task."""
        query = serializers.StateQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        return Response(describe.state(
            execution_of(execution), name, self.actor,
            visit=asked.get("visit"), after=asked["after"], limit=asked["limit"],
        ))


class StagesView(Door):
    @extend_schema(responses=serializers.Stages)
    def get(self, request: Request, execution: int, visit: int) -> Response:
        """What a visit (the id of its …StateEntered event) did to its data, stage by stage; nothing is called."""
        if visit > LARGEST_ID or execution > LARGEST_ID:
            raise ActionError("EventDoesNotExist", f"Execution {execution} has no event {visit}.")
        found = gateway.from_thread(explain_visit(self.actor, execution, visit))
        return Response({"stages": found.stages, "output": found.output, "whole": found.whole,
                         "variables": found.variables})


class InputList(Door):
    @extend_schema(responses=serializers.InputList)
    def get(self, request: Request, name: str) -> Response:
        """Inputs with which a state machine was started lately."""
        machine = machine_named(name)
        recent = Execution.objects.filter(machine=machine, parent=None).order_by("-started_at", "-id")[:RECENT]
        return Response({"inputs": describe.inputs(recent)[:INPUTS]})

