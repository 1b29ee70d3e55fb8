"""What the views about machines read and answer; for checking requests and for the OpenAPI document.

Names of members are in camelCase, times ISO 8601 in UTC.
"""

from __future__ import annotations

import json
from typing import Any

from rest_framework import serializers


class DefinitionField(serializers.Field[Any, Any, Any, Any]):
    """A definition as text, or as JSON (then it is written out, two spaces a level)."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str):
            return data
        return json.dumps(data, indent=2, ensure_ascii=False)

    def to_representation(self, value: Any) -> Any:
        return value


def SourceField() -> serializers.CharField:  # noqa: N802 – it stands where fields stand
    """The YAML that the definition was written as; empty where it was written as JSON."""
    return serializers.CharField(default="", allow_blank=True, trim_whitespace=False,
                                 help_text="The YAML with its comments; empty for JSON")


class MachinesQuery(serializers.Serializer[Any]):
    search = serializers.CharField(required=False, allow_blank=True, default="", help_text="Words in name or text.")
    kind = serializers.ChoiceField(choices=["STANDARD", "EXPRESS"], required=False)
    after = serializers.CharField(required=False, allow_blank=True, default="", help_text="`next` of the page before.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100, default=50)


class NewMachine(serializers.Serializer[Any]):
    name = serializers.CharField(trim_whitespace=False)
    definition = DefinitionField()
    kind = serializers.ChoiceField(choices=["STANDARD", "EXPRESS"], default="STANDARD")
    comment = serializers.CharField(required=False, allow_blank=True, default="")
    source = SourceField()  # type: ignore[assignment]


class MachineChange(serializers.Serializer[Any]):
    """`baseRevision` is the id of the revision that was changed; without it, a newer one is overwritten."""

    definition = DefinitionField()
    baseRevision = serializers.CharField(required=False, allow_null=True, default=None)  # noqa: N815
    comment = serializers.CharField(required=False, allow_blank=True, default="")
    source = SourceField()  # type: ignore[assignment]


class DraftChange(serializers.Serializer[Any]):
    definition = serializers.CharField(allow_blank=True, trim_whitespace=False)
    baseRevision = serializers.CharField()  # noqa: N815


class ToCheck(serializers.Serializer[Any]):
    """`folded` names the containers that are shown as one node."""

    definition = serializers.CharField(allow_blank=True, trim_whitespace=False)
    kind = serializers.ChoiceField(choices=["STANDARD", "EXPRESS"], default="STANDARD")
    folded = serializers.ListField(child=serializers.CharField(), default=list, max_length=1000)


class ToDraw(serializers.Serializer[Any]):
    definition = DefinitionField()
    theme = serializers.ChoiceField(choices=["light", "dark"], default="light")
    folded = serializers.ListField(child=serializers.CharField(), default=list, max_length=1000)


class RevisionAnswer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    id = serializers.CharField()
    comment = serializers.CharField()
    createdAt = serializers.DateTimeField()  # noqa: N815
    createdBy = serializers.CharField(allow_null=True)  # noqa: N815
    current = serializers.BooleanField()


class RevisionDetail(RevisionAnswer):
    definition = serializers.CharField()
    source = SourceField()  # type: ignore[assignment]


class DraftAnswer(serializers.Serializer[Any]):
    definition = serializers.CharField()
    baseRevision = serializers.CharField(allow_null=True)  # noqa: N815
    updatedAt = serializers.DateTimeField()  # noqa: N815


class MachineDetail(serializers.Serializer[Any]):
    name = serializers.CharField()
    arn = serializers.CharField()
    kind = serializers.CharField()
    definition = serializers.CharField()
    source = SourceField()  # type: ignore[assignment]
    revision = RevisionAnswer()
    draft = DraftAnswer(allow_null=True)
    createdAt = serializers.DateTimeField()  # noqa: N815


class RunAnswer(serializers.Serializer[Any]):
    id = serializers.CharField()
    status = serializers.CharField(help_text="As of executions; WAITING when a person has to decide")
    startedAt = serializers.DateTimeField()  # noqa: N815
    stoppedAt = serializers.DateTimeField(allow_null=True)  # noqa: N815


class MachineRow(serializers.Serializer[Any]):
    name = serializers.CharField()
    arn = serializers.CharField()
    kind = serializers.CharField()
    comment = serializers.CharField()
    states = serializers.IntegerField()
    revision = serializers.IntegerField()
    versions = serializers.IntegerField()
    draft = serializers.BooleanField()
    editedAt = serializers.DateTimeField()  # noqa: N815
    editedBy = serializers.CharField(allow_null=True)  # noqa: N815
    runs = RunAnswer(many=True)


class MachinePage(serializers.Serializer[Any]):
    machines = MachineRow(many=True)
    next = serializers.CharField(allow_blank=True)
    total = serializers.IntegerField()


class ProblemAnswer(serializers.Serializer[Any]):
    severity = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    pointer = serializers.CharField()
    location = serializers.CharField(allow_null=True)
    line = serializers.IntegerField()
    column = serializers.IntegerField()
    hint = serializers.CharField()
    fix = serializers.DictField(allow_null=True, help_text="{title, operations: [{op, pointer, value}]}, as JSON Patch")


class CheckAnswer(serializers.Serializer[Any]):
    """`drawing` is null for a text that is no JSON; keep showing the last one."""

    problems = ProblemAnswer(many=True)
    drawing = serializers.DictField(allow_null=True)


class SampleAnswer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    states = serializers.IntegerField()
    drawing = serializers.DictField()


class SampleInput(serializers.Serializer[Any]):
    input = serializers.JSONField(allow_null=True)


class SampleDetail(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    definition = serializers.CharField()
    input = serializers.JSONField()
