"""REST: approvals."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from designer.people.actors import actor_of
from designer.permissions import Actor, Permission, require
from designer.texts import search_words
from executions.approvals import queries
from executions.approvals.acting_views import VERBS
from executions.approvals.decide import decide
from executions.approvals.levels import APPROVED, REJECTED
from executions.approvals.seen import note_seen
from executions.approvals.views import TABS, list_of
from executions.models import Approval

MOST = 200


class ApprovalSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    title = serializers.CharField()
    status = serializers.SerializerMethodField(help_text="WAITING, APPROVED, REJECTED, EXPIRED, CANCELLED or CLOSED")
    stateMachine = serializers.CharField(source="token.execution.machine.name")  # noqa: N815
    execution = serializers.CharField(source="token.execution_id", help_text="Execution id, as a string")
    state = serializers.CharField(source="token.state")
    createdAt = serializers.DateTimeField(source="created_at")  # noqa: N815
    decidedAt = serializers.DateTimeField(source="decided_at", allow_null=True)  # noqa: N815
    decidedBy = serializers.SerializerMethodField()  # noqa: N815
    dueAt = serializers.DateTimeField(source="due_at", allow_null=True)  # noqa: N815
    level = serializers.SerializerMethodField(help_text="The present level, from 1")
    requester = serializers.CharField(source="requester.username", default=None)
    claimedBy = serializers.CharField(source="claimed_by.username", default=None)  # noqa: N815
    questionOpen = serializers.BooleanField(source="question_open")  # noqa: N815
    priority = serializers.IntegerField(help_text="1 high, 0 normal, -1 low")

    def get_status(self, approval: Approval) -> str:
        return "CLOSED" if approval.status == "WAITING" and not queries.is_open(approval) else approval.status

    def get_level(self, approval: Approval) -> int:
        return approval.level + 1

    def get_decidedBy(self, approval: Approval) -> str | None:  # noqa: N802
        return approval.decided_by.get_username() if approval.decided_by else None


class WholeApprovalSerializer(ApprovalSerializer):
    message = serializers.CharField()
    data = serializers.JSONField()  # type: ignore[assignment]
    form = serializers.JSONField(help_text="JSON Schema of what to fill in; {} for nothing")
    users = serializers.SerializerMethodField()
    groups = serializers.SerializerMethodField()
    comment = serializers.CharField()
    formData = serializers.JSONField(source="form_data")  # noqa: N815
    closedReason = serializers.CharField(source="closed_reason")  # noqa: N815
    levels = serializers.JSONField(source="plan", help_text="name, users, groups, needed and people of each level")
    votes = serializers.SerializerMethodField()
    mayDecide = serializers.SerializerMethodField()  # noqa: N815

    def get_users(self, approval: Approval) -> list[str]:
        return [user.get_username() for user in approval.users.all()]

    def get_groups(self, approval: Approval) -> list[str]:
        return [group.name for group in approval.groups.all()]

    def get_votes(self, approval: Approval) -> list[dict[str, Any]]:
        return [{"level": vote.level + 1, "by": vote.person_name, "onBehalfOf": vote.on_behalf_of_name or None,
                 "decision": vote.decision, "comment": vote.comment, "at": vote.at.isoformat(), "form": vote.form_data}
                for vote in approval.votes.filter(void=False).order_by("at")]

    def get_mayDecide(self, approval: Approval) -> bool:  # noqa: N802
        return queries.may_decide(self.context["actor"], approval)


class DecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField([APPROVED, REJECTED])
    comment = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)
    form = serializers.DictField(default=dict)


class CountsSerializer(serializers.Serializer[Any]):
    named = serializers.IntegerField()
    groups = serializers.IntegerField()
    anybody = serializers.IntegerField()
    soon = serializers.IntegerField(help_text="Due within a day")
    requested = serializers.IntegerField(help_text="Asked by the person and still open")
    waiting = serializers.IntegerField(help_text="Everything the person can decide now")
    decided = serializers.IntegerField()


class Approvals(APIView):
    @extend_schema(
        tags=["approvals"], summary="Approvals: waiting for the person unless a tab is named",
        responses=ApprovalSerializer(many=True),
        parameters=[OpenApiParameter("tab", str, enum=[name for name, _label in TABS]),
                    OpenApiParameter("q", str, description="Words in title, text, state machine or execution"),
                    OpenApiParameter("limit", int, description=f"At most {MOST}")])
    def get(self, request: Request) -> Response:
        actor = _approver(request)
        tab = request.query_params.get("tab", "")
        found = list_of(actor, tab) if tab in dict(TABS) else queries.inbox(actor)
        limit = serializers.IntegerField(min_value=1, max_value=MOST).run_validation(
            request.query_params.get("limit", MOST))
        words = search_words(request.query_params.get("q", ""))
        rows = queries.of_keys(queries.ordered_keys(queries.search(found, words), limit))
        return Response(ApprovalSerializer(rows, many=True).data)


class Counts(APIView):
    @extend_schema(tags=["approvals"], summary="How many wait for the person, or were asked by the person",
                   responses=CountsSerializer)
    def get(self, request: Request) -> Response:
        return Response(CountsSerializer(queries.counts(actor_of(request.user))).data)


class OneApproval(APIView):
    @extend_schema(tags=["approvals"], summary="One approval with its data and form",
                   responses=WholeApprovalSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        actor = actor_of(request.user)
        found = queries.find(actor, public_id)
        note_seen(actor, found)
        return _whole(actor, found)


class Decision(APIView):
    @extend_schema(tags=["approvals"], summary="Approve or reject, once", request=DecisionSerializer,
                   responses=WholeApprovalSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        actor = _approver(request)
        given = DecisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        decide(actor, public_id, data["decision"], data["comment"], data["form"])
        return _whole(actor, queries.find(actor, public_id))


class ActionSerializer(serializers.Serializer[Any]):
    do = serializers.ChoiceField(sorted(VERBS))
    to = serializers.CharField(default="", help_text="User name, for delegate")
    text = serializers.CharField(default="", allow_blank=True)


class Act(APIView):
    @extend_schema(tags=["approvals"], summary="Claim, release, delegate, ask, answer, comment or withdraw",
                   request=ActionSerializer, responses=WholeApprovalSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        actor = actor_of(request.user)
        queries.find(actor, public_id)
        given = ActionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        VERBS[data["do"]](actor, public_id, {"to": data["to"], "text": data["text"]})
        return _whole(actor, queries.everything().get(public_id=public_id))


def _approver(request: Request) -> Actor:
    actor = actor_of(request.user)
    require(actor, Permission.APPROVE)
    return actor


def _whole(actor: Actor, approval: Approval) -> Response:
    return Response(WholeApprovalSerializer(approval, context={"actor": actor}).data)
