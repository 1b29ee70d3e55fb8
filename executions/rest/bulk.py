"""REST: one thing done with many executions, and filters that are kept."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer.errors import ActionError
from designer.permissions import Permission, require
from designer.rest.door import Door
from executions.lists import bulk, saved_filters
from executions.lists.models import BulkAction, BulkItem, SavedFilter
from executions.models import Execution
from executions.rest import search
from executions.rest.describe import person
from executions.rest.lookup import LARGEST_ID
from executions.rest.serializers import ListQuery

EXAMPLES: Final = 5
ITEMS: Final = 100
TOGETHER: Final = 500


class BulkRequest(serializers.Serializer[Any]):
    """`ids`, or all that fit `query`, the members of the list's query."""

    kind = serializers.ChoiceField(("STOP", "REDRIVE"))
    ids = serializers.ListField(child=serializers.CharField(max_length=19), required=False, max_length=bulk.MOST)
    query = serializers.DictField(required=False)
    cause = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    latest = serializers.BooleanField(
        required=False, default=False, help_text="Redrive on the machine's current revision where that fits.")

    def wanted(self) -> list[int]:
        """The ids that can be stopped or redriven; one more than MOST when there are too many."""
        asked = self.validated_data
        kind = asked["kind"]
        if "ids" in asked:
            ids = [int(id) for id in asked["ids"] if id.isascii() and id.isdigit() and int(id) <= LARGEST_ID]
            return bulk.eligible(kind, ids)
        query = ListQuery(data=asked.get("query") or {})
        query.is_valid(raise_exception=True)
        found: list[int] = []
        chunk: list[int] = []
        for id in search.every(_narrowed_to(query.filters(), kind)):
            chunk.append(id)
            if len(chunk) == TOGETHER:
                found += bulk.eligible(kind, chunk)
                chunk = []
            if len(found) > bulk.MOST:
                return found
        return found + bulk.eligible(kind, chunk)

    def text(self) -> str:
        """The query as an address has it."""
        query = self.validated_data.get("query") or {}
        return "&".join(f"{name}={value}" for name, value in sorted(query.items()))


def _narrowed_to(filters: search.Filters, kind: str) -> search.Filters:
    """With the statuses that the action can be done with."""
    fitting = bulk.FITTING[kind]
    if not filters.statuses:
        kept: tuple[str, ...] = fitting
    else:
        kept = tuple(status for status in filters.statuses if status in (*fitting, *_WAITING.get(kind, ())))
    if not kept:
        raise ActionError("ValidationException", f"No execution of these statuses can be {_DONE[kind]}.")
    return search.Filters(**{name: getattr(filters, name) for name in filters.__slots__} | {"statuses": kept})


_WAITING: Final = {"STOP": (search.WAITING,)}
_DONE: Final = {"STOP": "stopped", "REDRIVE": "redriven"}


class BulkPreview(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    most = serializers.IntegerField(help_text="How many one action may have.")
    machines = serializers.DictField(child=serializers.IntegerField(), help_text="How many of each state machine.")
    examples = serializers.ListField(child=serializers.JSONField())


class BulkState(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    status = serializers.CharField()
    query = serializers.CharField()
    cause = serializers.CharField()
    total = serializers.IntegerField()
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()
    undoes = serializers.IntegerField(allow_null=True)
    undone = serializers.BooleanField()
    started_by = serializers.CharField(allow_null=True)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class Preview(Door):
    @extend_schema(request=BulkRequest, responses=BulkPreview, tags=["executions"])
    def post(self, request: Request) -> Response:
        """What a bulk action would reach; nothing is done."""
        asked = _asked(request)
        require(self.actor, Permission.OPERATE)
        ids = asked.wanted()
        return Response({"total": len(ids), "most": bulk.MOST, **_sample(ids)})


class BulkList(Door):
    @extend_schema(responses=BulkState(many=True), tags=["executions"])
    def get(self, request: Request) -> Response:
        """The bulk actions of late, newest first."""
        rows = BulkAction.objects.select_related("started_by").order_by("-pk")[:20]
        return Response([_state(row) for row in rows])

    @extend_schema(request=BulkRequest, responses={202: BulkState}, tags=["executions"])
    def post(self, request: Request) -> Response:
        """Stop or redrive many executions; it goes on by itself."""
        asked = _asked(request)
        require(self.actor, Permission.OPERATE)
        given = asked.validated_data
        action = bulk.begin(
            self.actor, given["kind"], asked.wanted(), query=asked.text(), cause=given["cause"], latest=given["latest"])
        return Response(_state(action), status=202)


class OneBulk(Door):
    @extend_schema(responses=BulkState, tags=["executions"])
    def get(self, request: Request, bulk_action: int) -> Response:
        """How far a bulk action has come."""
        return Response(_state(_action(bulk_action)))


class BulkItems(Door):
    @extend_schema(responses={200: dict}, tags=["executions"])
    def get(self, request: Request, bulk_action: int) -> Response:
        """The executions that could not be done, with the reason of each; `after` an execution's id for the next."""
        after = request.query_params.get("after", "0")
        rows = list(BulkItem.objects.filter(
            action=_action(bulk_action), outcome="FAILED",
            execution__gt=int(after) if after.isascii() and after.isdigit() and int(after) <= LARGEST_ID else 0,
        ).order_by("execution")[: ITEMS + 1])
        names = dict(Execution.objects.filter(pk__in=[row.execution for row in rows]).values_list("pk", "name"))
        items = [{"execution": str(row.execution), "name": names.get(row.execution), "reason": row.reason}
                 for row in rows[:ITEMS]]
        return Response({"items": items, "next": items[-1]["execution"] if len(rows) > ITEMS else None})


class CancelBulk(Door):
    @extend_schema(request=None, responses=BulkState, tags=["executions"])
    def post(self, request: Request, bulk_action: int) -> Response:
        """Take up no further execution; what is done stays done."""
        require(self.actor, Permission.OPERATE)
        action = _action(bulk_action)
        bulk.cancel(self.actor, action)
        return Response(_state(_action(action.pk)))


class UndoBulk(Door):
    @extend_schema(request=None, responses={202: BulkState}, tags=["executions"])
    def post(self, request: Request, bulk_action: int) -> Response:
        """Redrive what was stopped, or stop what was redriven."""
        require(self.actor, Permission.OPERATE)
        return Response(_state(bulk.undo(self.actor, _action(bulk_action))), status=202)


def _asked(request: Request) -> BulkRequest:
    asked = BulkRequest(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked


def _action(number: int) -> BulkAction:
    known = number <= LARGEST_ID
    row = BulkAction.objects.select_related("started_by").filter(pk=number).first() if known else None
    if row is None:
        raise ActionError("BulkActionDoesNotExist", f"There is no bulk action {number}.")
    return row


def _sample(ids: list[int]) -> dict[str, Any]:
    machines: dict[str, int] = {}
    examples: list[dict[str, Any]] = []
    for start in range(0, min(len(ids), bulk.MOST), TOGETHER):
        rows = Execution.objects.filter(pk__in=ids[start:start + TOGETHER]).values_list(
            "pk", "name", "status", "machine__name")
        for id, name, status, machine in rows:
            machines[machine] = machines.get(machine, 0) + 1
            if len(examples) < EXAMPLES:
                examples.append({"id": str(id), "name": name, "status": status, "machine": machine})
    return {"machines": machines, "examples": examples}


def _state(action: BulkAction) -> dict[str, Any]:
    return {
        "id": action.pk, "kind": action.kind, "status": action.status, "query": action.query, "cause": action.cause,
        "total": action.total, "succeeded": action.succeeded, "failed": action.failed,
        "undoes": action.undoes_id, "undone": action.undone_by.exists(), "started_by": person(action.started_by),
        "started_at": action.started_at, "ended_at": action.ended_at,
    }


# -- filters that are kept


class FilterBody(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=1000, allow_blank=True, help_text="As the address of the list has it.")
    shared = serializers.BooleanField(required=False, default=False, help_text="For everybody; needs the right to run.")


class KeptFilter(FilterBody):
    id = serializers.IntegerField()
    owner = serializers.CharField()
    mine = serializers.BooleanField()


class Filters(Door):
    @extend_schema(responses=KeptFilter(many=True), tags=["executions"])
    def get(self, request: Request) -> Response:
        """One's own filters and those that are shared."""
        return Response([self._told(row) for row in saved_filters.filters_of(self.actor)])

    @extend_schema(request=FilterBody, responses={201: KeptFilter}, tags=["executions"])
    def post(self, request: Request) -> Response:
        """Keep a filter; one of the same name is replaced."""
        body = FilterBody(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(self._told(saved_filters.save_filter(self.actor, **body.validated_data)), status=201)

    def _told(self, row: SavedFilter) -> dict[str, Any]:
        return {"id": row.pk, "name": row.name, "query": row.query, "shared": row.shared,
                "owner": person(row.owner), "mine": row.owner_id == self.actor.user_id}


class OneFilter(Door):
    @extend_schema(responses={204: None}, tags=["executions"])
    def delete(self, request: Request, number: int) -> Response:
        """Remove a filter of one's own; an administrator any that is shared."""
        if number > LARGEST_ID:
            raise ActionError("FilterDoesNotExist", f"You have no filter {number}.")
        saved_filters.remove_filter(self.actor, number)
        return Response(status=204)
