"""Changing executions: start, stop, and answering a task that waits; each is one action."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.errors import ActionError
from designer.rest.door import Door, machine_named
from executions.actions import gateway
from executions.actions.redrive_execution import redrive_execution
from executions.actions.redrive_on_revision import redrive_on_revision
from executions.actions.redrive_plan import plan_redrive
from executions.actions.send_task_failure import send_task_failure
from executions.actions.send_task_success import send_task_success
from executions.actions.start_execution import start_execution
from executions.actions.stop_execution import stop_execution
from executions.models import TaskToken
from executions.rest import serializers
from executions.rest.describe_redrive import describe_plan
from executions.rest.lookup import LARGEST_ID, execution_of
from executions.rest.moments import iso


class Start(Door):
    @extend_schema(request=serializers.NewExecution, responses={201: serializers.Started})
    def post(self, request: Request, name: str) -> Response:
        """Start an execution of a state machine, at its current revision."""
        asked = serializers.NewExecution(data=request.data)
        asked.is_valid(raise_exception=True)
        started = gateway.from_thread(start_execution(
            self.actor, machine_named(name).arn, asked.text(), name=asked.validated_data.get("name") or None))
        answer = {"id": str(started.id), "arn": started.arn, "started_at": iso(started.started_at)}
        return Response({**answer, "existed": started.existed}, status=200 if started.existed else 201)


class Stop(Door):
    @extend_schema(request=serializers.Reason, responses={204: None})
    def post(self, request: Request, execution: int) -> Response:
        """Stop an execution that runs."""
        reason = serializers.Reason(data=request.data)
        reason.is_valid(raise_exception=True)
        gateway.from_thread(stop_execution(self.actor, execution_of(execution).arn, **reason.error_and_cause()))
        return Response(status=204)


class RedriveView(Door):
    @extend_schema(operation_id="executions_redrive_plan", parameters=[serializers.PlanQuery],
                   responses=serializers.RedrivePlan)
    def get(self, request: Request, execution: int) -> Response:
        """What a redrive would do: where the execution goes on, which states differ, and what stands in the way."""
        query = serializers.PlanQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        row = execution_of(execution)
        return Response(describe_plan(plan_redrive(row.pk, query.validated_data.get("revision"))))

    @extend_schema(request=serializers.RedriveRequest, responses=serializers.Redriven)
    def post(self, request: Request, execution: int) -> Response:
        """Let an execution that has failed, timed out or been stopped run again from there."""
        asked = serializers.RedriveRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        row, number = execution_of(execution), asked.validated_data.get("revision")
        if number is None:
            at = gateway.from_thread(redrive_execution(self.actor, row.arn))
        else:
            at = gateway.from_thread(redrive_on_revision(self.actor, row.arn, number))
        return Response({"redriven_at": iso(at)})


class Succeed(Door):
    @extend_schema(request=serializers.TaskResult, responses={204: None})
    def post(self, request: Request, execution: int, ask: int) -> Response:
        """Complete a task that waits for its token."""
        result = serializers.TaskResult(data=request.data)
        result.is_valid(raise_exception=True)
        gateway.from_thread(send_task_success(self.actor, _token(execution, ask), result.validated_data["output"]))
        return Response(status=204)


class Fail(Door):
    @extend_schema(request=serializers.Reason, responses={204: None})
    def post(self, request: Request, execution: int, ask: int) -> Response:
        """Fail a task that waits for its token."""
        reason = serializers.Reason(data=request.data)
        reason.is_valid(raise_exception=True)
        gateway.from_thread(send_task_failure(self.actor, _token(execution, ask), **reason.error_and_cause()))
        return Response(status=204)


def _token(execution: int, ask: int) -> str:
    """The token of a task; an approval is answered where people decide, not here."""
    known = execution <= LARGEST_ID and ask <= LARGEST_ID
    token = TaskToken.objects.filter(execution=execution, ask=ask).first() if known else None
    if token is None or token.kind == "approval":
        raise ActionError("TaskDoesNotExist", f"Execution {execution} has no task {ask} that can be answered here.")
    return token.token
