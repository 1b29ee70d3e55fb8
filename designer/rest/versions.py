"""REST: versions, aliases with their routing, and who else has a machine open."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer import presence
from designer.actions.create_alias import create_alias
from designer.actions.delete_alias import delete_alias
from designer.actions.delete_version import delete_version
from designer.actions.publish_version import publish_version
from designer.actions.update_alias import update_alias
from designer.arns import qualified_arn
from designer.errors import ActionError
from designer.machines import current_revision
from designer.models import Alias, StateMachine, Version
from designer.permissions import Permission, require
from designer.rest.door import Door, machine_named


class VersionAnswer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    arn = serializers.CharField()
    revision = serializers.IntegerField(help_text="The number of its revision")
    description = serializers.CharField()
    createdAt = serializers.DateTimeField()  # noqa: N815


class ToPublish(serializers.Serializer[Any]):
    description = serializers.CharField(default="", allow_blank=True, max_length=256, help_text="A note")
    revision = serializers.CharField(default=None, allow_null=True,
                                     help_text="The id of the revision that is meant; 409 when it is no longer current")


class Route(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1)
    weight = serializers.IntegerField(min_value=0, max_value=100, help_text="Percent of the executions")


class AliasChange(serializers.Serializer[Any]):
    description = serializers.CharField(default="", allow_blank=True, max_length=256)
    routes = Route(many=True, help_text="One or two versions; the weights are 100 together")


class AliasAnswer(AliasChange):
    name = serializers.CharField()
    arn = serializers.CharField()
    updatedAt = serializers.DateTimeField()  # noqa: N815


class PresenceAnswer(serializers.Serializer[Any]):
    others = serializers.ListField(child=serializers.CharField(), help_text="Who else has it open, by name")
    revision = serializers.IntegerField(help_text="The current revision's number")


def _version(row: Version) -> dict[str, Any]:
    return {"number": row.number, "arn": row.arn, "revision": row.revision.number, "description": row.description,
            "createdAt": row.created_at}


def _alias(row: Alias) -> dict[str, Any]:
    routes = [{"version": int(route["stateMachineVersionArn"].rsplit(":", 1)[1]), "weight": route["weight"]}
              for route in row.routing]
    return {"name": row.name, "arn": row.arn, "description": row.description, "routes": routes,
            "updatedAt": row.updated_at}


class Versions(Door):
    @extend_schema(responses=VersionAnswer(many=True), tags=["machines"])
    def get(self, request: Request, name: str) -> Response:
        """All versions, newest first."""
        rows = machine_named(name).versions.select_related("revision").order_by("-number")
        return Response([_version(row) for row in rows])

    @extend_schema(request=ToPublish, responses={201: VersionAnswer}, tags=["machines"])
    def post(self, request: Request, name: str) -> Response:
        """Publish the current revision; a revision that has a version already keeps that one."""
        body = ToPublish(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        made = publish_version(self.actor, machine_named(name).arn, revision_id=asked["revision"],
                               description=asked["description"])
        return Response(_version(made), status=201)


class OneVersion(Door):
    @extend_schema(responses={204: None}, tags=["machines"])
    def delete(self, request: Request, name: str, number: int) -> Response:
        """Delete a version; 409 while an alias leads to it."""
        delete_version(self.actor, qualified_arn(machine_named(name).arn, number))
        return Response(status=204)


class Aliases(Door):
    @extend_schema(responses=AliasAnswer(many=True), tags=["machines"])
    def get(self, request: Request, name: str) -> Response:
        """All aliases by name."""
        return Response([_alias(row) for row in machine_named(name).aliases.order_by("name")])


class OneAlias(Door):
    @extend_schema(request=AliasChange, responses=AliasAnswer, tags=["machines"])
    def put(self, request: Request, name: str, alias: str) -> Response:
        """Make an alias, or change where it leads."""
        require(self.actor, Permission.DESIGN)
        body = AliasChange(data=request.data)
        body.is_valid(raise_exception=True)
        machine = machine_named(name)
        routing = _routing(machine, body.validated_data["routes"])
        description = body.validated_data["description"]
        if machine.aliases.filter(name=alias).exists():
            row = update_alias(self.actor, qualified_arn(machine.arn, alias), routing=routing, description=description)
        else:
            row = create_alias(self.actor, name=alias, routing=routing, description=description)
        return Response(_alias(row))

    @extend_schema(responses={204: None}, tags=["machines"])
    def delete(self, request: Request, name: str, alias: str) -> Response:
        """Delete an alias; its versions stay."""
        delete_alias(self.actor, qualified_arn(machine_named(name).arn, alias))
        return Response(status=204)


def _routing(machine: StateMachine, routes: list[dict[str, int]]) -> list[dict[str, Any]]:
    """A weight of 0 is no route."""
    kept = [route for route in routes if route["weight"]]
    if sum(route["weight"] for route in kept) != 100:
        raise ActionError("ValidationException", "The weights of an alias must be 100 together.")
    return [{"stateMachineVersionArn": qualified_arn(machine.arn, route["version"]), "weight": route["weight"]}
            for route in kept]


class Presence(Door):
    @extend_schema(request=None, responses=PresenceAnswer, tags=["machines"])
    def post(self, request: Request, name: str) -> Response:
        """Say that one has the machine open, and hear who else has; again every 20 seconds."""
        machine = machine_named(name)
        others = presence.seen(machine.pk, self.actor.user_id)
        return Response({"others": others, "revision": current_revision(machine).number})
