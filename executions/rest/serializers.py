"""What the views of this room read and answer; for checking requests and for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from designer.asl.jsontext import dumps
from executions.rest.search import STATUSES, WAITING, Filters


class ListQuery(serializers.Serializer[Any]):
    """Filters and page of the list."""

    status = serializers.CharField(required=False, help_text="One or several of RUNNING, SUCCEEDED, FAILED, TIMED_OUT, "
                                   "ABORTED, and WAITING (a person has to decide), divided by commas.")
    machine = serializers.CharField(required=False, help_text="Name of a state machine.")
    q = serializers.CharField(required=False, max_length=200,
                              help_text="Text in name, error, cause, input or output; or a whole id or ARN.")
    since = serializers.DateTimeField(required=False, help_text="Started at or after.")
    until = serializers.DateTimeField(required=False, help_text="Started before.")
    name = serializers.CharField(required=False, max_length=200, help_text="Text in the name.")
    error = serializers.CharField(required=False, max_length=200, help_text="Text in the error or its cause.")
    payload = serializers.CharField(required=False, max_length=200, help_text="Text in the input or the output.")
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Started as this version.")
    revision = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Pinned to this revision.")
    tag = serializers.CharField(required=False, help_text='A tag of the state machine: "key" or "key:value".')
    incident = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="Open failures of this incident.")
    cursor = serializers.CharField(required=False, help_text="`next` of the page before.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=200, default=50)
    counts = serializers.BooleanField(required=False, default=False, help_text="Count each status, too.")

    def validate_status(self, text: str) -> tuple[str, ...]:
        statuses = tuple(filter(None, text.split(",")))
        for status in statuses:
            if status not in (*STATUSES, WAITING):
                raise serializers.ValidationError(f"'{status}' is not one of {', '.join((*STATUSES, WAITING))}.")
        return statuses

    def filters(self) -> Filters:
        """What was asked for; after is_valid()."""
        asked = self.validated_data
        return Filters(
            statuses=asked.get("status", ()), machine=asked.get("machine", ""), text=asked.get("q", ""),
            since=asked.get("since"), until=asked.get("until"), name=asked.get("name", ""),
            error=asked.get("error", ""), payload=asked.get("payload", ""), version=asked.get("version"),
            revision=asked.get("revision"), tag=asked.get("tag", ""), incident=asked.get("incident"),
        )


class EventsQuery(serializers.Serializer[Any]):
    """A page of the history."""

    after = serializers.IntegerField(
        required=False, min_value=0, max_value=10**9, default=0, help_text="Only events with larger ids.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=2000, default=500)
    type = serializers.CharField(required=False, help_text="Event types, divided by commas.")
    whole = serializers.BooleanField(
        required=False, default=False, help_text="Do not cut long texts; an event that was cut has `previews`.")

    def validate_type(self, text: str) -> frozenset[str]:
        return frozenset(filter(None, text.split(",")))


class TextQuery(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200)


class EventIds(serializers.Serializer[Any]):
    ids = serializers.ListField(child=serializers.IntegerField())


class StateQuery(serializers.Serializer[Any]):
    """Which visits of a state."""

    visit = serializers.IntegerField(required=False, min_value=1, help_text="Id of a …StateEntered event.")
    after = serializers.IntegerField(required=False, min_value=0, default=0)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100, default=20)


class NewExecution(serializers.Serializer[Any]):
    """An execution to start.  `input` is any JSON value, or JSON as text in `input_text`."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=80)
    input = serializers.JSONField(required=False)
    input_text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "input" in attrs and "input_text" in attrs:
            raise serializers.ValidationError("Give the input once: as `input` or as `input_text`.")
        return attrs

    def text(self) -> str | None:
        """The input as JSON text; None when none was given."""
        given = self.validated_data
        if "input" in given:
            return dumps(given["input"])
        return given.get("input_text") or None


class Started(serializers.Serializer[Any]):
    id = serializers.CharField()
    arn = serializers.CharField()
    started_at = serializers.CharField()
    existed = serializers.BooleanField(help_text="The same name with the same input was running already.")


class Reason(serializers.Serializer[Any]):
    """Why something is stopped or failed."""

    error = serializers.CharField(required=False, allow_blank=True, max_length=256)
    cause = serializers.CharField(required=False, allow_blank=True, max_length=32768)

    def error_and_cause(self) -> dict[str, str | None]:
        """`error` and `cause`; None for what was left empty."""
        return {name: self.validated_data.get(name) or None for name in ("error", "cause")}


class PlanQuery(serializers.Serializer[Any]):
    revision = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1,
        help_text="Number of a revision of the machine; without, the one the execution is pinned to.")


class RedriveRequest(serializers.Serializer[Any]):
    revision = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1,
        help_text="Pin the execution to this revision of its machine and go on under that; it must fit.")


class Redriven(serializers.Serializer[Any]):
    redriven_at = serializers.DateTimeField()


class RedrivePlan(serializers.Serializer[Any]):
    possible = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True, help_text="Why the execution cannot be redriven at all.")
    problem = serializers.CharField(help_text="What is wrong with the definition, or empty.")
    revision = serializers.IntegerField()
    pinned = serializers.IntegerField(help_text="The revision the execution ran under.")
    later = serializers.ListField(child=serializers.IntegerField(), help_text="Revisions after that, newest first.")
    differences = serializers.ListField(child=serializers.JSONField(), help_text="{state, change, fields}")
    goes_on = serializers.ListField(child=serializers.JSONField(), help_text="{state, path}: states that run again.")
    goes_on_total = serializers.IntegerField()
    obstacles = serializers.ListField(child=serializers.JSONField(), help_text="{state, reason}")


class TaskResult(serializers.Serializer[Any]):
    """The result of a task that waits for its token, as JSON text."""

    output = serializers.CharField(trim_whitespace=False)


class Machine(serializers.Serializer[Any]):
    name = serializers.CharField()
    arn = serializers.CharField()


class ExecutionRow(serializers.Serializer[Any]):
    id = serializers.CharField()
    arn = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    status = serializers.ChoiceField(STATUSES)
    waiting = serializers.IntegerField(help_text="Approvals that are open in it.")
    machine = Machine()
    revision = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    started_by = serializers.CharField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    redrive_count = serializers.IntegerField()


class ExecutionPage(serializers.Serializer[Any]):
    executions = ExecutionRow(many=True)
    next = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), required=False, allow_null=True)


class Link(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    status = serializers.CharField()
    machine = serializers.CharField()


class ExecutionDetail(ExecutionRow):
    input = serializers.CharField(help_text="JSON text.")
    output = serializers.CharField(allow_null=True, help_text="JSON text.")
    previews = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Which of input and output are cut, and how long they are; executions/<id>/payloads/<name>/ has all.")
    cause = serializers.CharField(allow_null=True)
    role_arn = serializers.CharField()
    version_arn = serializers.CharField(allow_null=True)
    alias_arn = serializers.CharField(allow_null=True)
    trace_header = serializers.CharField(allow_null=True)
    definition = serializers.CharField(help_text="The text of the revision the execution is pinned to.")
    drawing = serializers.JSONField(allow_null=True)
    current_revision = serializers.IntegerField(allow_null=True)
    last_event = serializers.IntegerField()
    parent = Link(allow_null=True)
    children = Link(many=True)
    may = serializers.DictField(child=serializers.BooleanField())


class EventPage(serializers.Serializer[Any]):
    events = serializers.ListField(child=serializers.JSONField(), help_text="As GetExecutionHistory answers them.")
    last = serializers.IntegerField(help_text="Go on with `after` = this.")
    more = serializers.BooleanField()
    status = serializers.CharField()


class StatePage(serializers.Serializer[Any]):
    name = serializers.CharField()
    visits_total = serializers.IntegerField()
    visits = serializers.ListField(child=serializers.JSONField())
    next_after = serializers.IntegerField(allow_null=True)


class Stages(serializers.Serializer[Any]):
    stages = serializers.DictField(help_text="JSON texts, by the names of AWS's inspectionData.")
    output = serializers.CharField(allow_null=True)
    whole = serializers.BooleanField(help_text="False: the stages end before the result, which is not known.")
    variables = serializers.DictField(help_text="Variables assigned before it.")


class InputList(serializers.Serializer[Any]):
    inputs = serializers.ListField(child=serializers.JSONField())
