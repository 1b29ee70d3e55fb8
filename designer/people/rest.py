"""REST: people, groups and access keys."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import Group
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from designer.actions.change_access_key import delete_access_key, set_access_key_active
from designer.actions.create_access_key import create_access_key
from designer.models import AccessKey, User
from designer.people import actions
from designer.people.actors import actor_of
from designer.people.names import display_name
from designer.permissions import Actor, Permission, require

LARGEST_ID: Final = 2**63 - 1


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk", read_only=True)
    username = serializers.CharField(read_only=True)
    name = serializers.SerializerMethodField()
    email = serializers.CharField(read_only=True)
    active = serializers.BooleanField(source="is_active", read_only=True)
    groups = serializers.SerializerMethodField()
    lastSignIn = serializers.DateTimeField(source="last_login", read_only=True, allow_null=True)  # noqa: N815

    def get_name(self, user: User) -> str:
        return display_name(user)

    def get_groups(self, user: User) -> list[str]:
        return sorted(group.name for group in user.groups.all())


class MeSerializer(PersonSerializer):
    """Oneself, with what one may."""

    permissions = serializers.SerializerMethodField()
    language = serializers.CharField(read_only=True)
    timezone = serializers.CharField(read_only=True)

    def get_permissions(self, user: User) -> list[str]:
        return sorted(actor_of(user).permissions)


class NewPersonSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    name = serializers.CharField(max_length=150, allow_blank=True, default="")
    email = serializers.EmailField(allow_blank=True, default="")
    groups = serializers.ListField(child=serializers.CharField(), default=list)
    password = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)


class PersonChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    email = serializers.EmailField(allow_blank=True, required=False)
    groups = serializers.ListField(child=serializers.CharField(), required=False)
    active = serializers.BooleanField(required=False)


class PasswordSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)


class CreatedPersonSerializer(PersonSerializer):
    """`password` is answered this once."""

    password = serializers.CharField()


class GroupSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150)
    members = serializers.SerializerMethodField()

    def get_members(self, group: Group) -> list[int]:
        return sorted(user.pk for user in group.user_set.all())


class GroupNameSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150)


class MembersSerializer(serializers.Serializer[Any]):
    members = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID))


class KeySerializer(serializers.Serializer[Any]):
    accessKeyId = serializers.CharField(source="access_key_id", read_only=True)  # noqa: N815
    user = serializers.IntegerField(source="user_id", read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    active = serializers.BooleanField(read_only=True)
    createdAt = serializers.DateTimeField(source="created_at", read_only=True)  # noqa: N815
    lastUsedAt = serializers.DateTimeField(source="last_used_at", read_only=True, allow_null=True)  # noqa: N815


class NewKeySerializer(serializers.Serializer[Any]):
    label = serializers.CharField(max_length=80, allow_blank=True, default="")  # type: ignore[assignment]
    user = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Whose key; oneself unless given.")


class CreatedKeySerializer(KeySerializer):
    """`secretAccessKey` is answered this once."""

    secretAccessKey = serializers.CharField()  # noqa: N815


class KeyChangeSerializer(serializers.Serializer[Any]):
    active = serializers.BooleanField()


class Me(APIView):
    @extend_schema(responses=MeSerializer, tags=["people"], summary="Who is signed in, and what that person may")
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(_user(request)).data)


class People(APIView):
    @extend_schema(responses=PersonSerializer(many=True), tags=["people"], summary="Everybody")
    def get(self, request: Request) -> Response:
        require(_actor(request), Permission.ADMINISTER)
        people = User.objects.prefetch_related("groups").order_by("username")
        return Response(PersonSerializer(people, many=True).data)

    @extend_schema(request=NewPersonSerializer, responses={201: CreatedPersonSerializer}, tags=["people"],
                   summary="Create a person")
    def post(self, request: Request) -> Response:
        require(_actor(request), Permission.ADMINISTER)
        data = _valid(NewPersonSerializer(data=request.data))
        user, password = actions.create_person(_actor(request), **data)
        return Response({**PersonSerializer(user).data, "password": password}, status=201)


class Person(APIView):
    @extend_schema(responses=PersonSerializer, tags=["people"], summary="One person")
    def get(self, request: Request, user_id: int) -> Response:
        require(_actor(request), Permission.ADMINISTER)
        return Response(PersonSerializer(actions.person(user_id)).data)

    @extend_schema(request=PersonChangeSerializer, responses=PersonSerializer, tags=["people"],
                   summary="Change a person: name, e-mail, groups and roles, active")
    def patch(self, request: Request, user_id: int) -> Response:
        require(_actor(request), Permission.ADMINISTER)
        data = _valid(PersonChangeSerializer(data=request.data))
        actions.change_person(_actor(request), user_id, **data)
        return Response(PersonSerializer(actions.person(user_id)).data)


class Password(APIView):
    @extend_schema(request=PasswordSerializer, responses=PasswordSerializer, tags=["people"],
                   summary="Give a person another password; made up when none is given")
    def post(self, request: Request, user_id: int) -> Response:
        require(_actor(request), Permission.ADMINISTER)
        data = _valid(PasswordSerializer(data=request.data))
        return Response({"password": actions.reset_password(_actor(request), user_id, data["password"])})


class Groups(APIView):
    @extend_schema(responses=GroupSerializer(many=True), tags=["people"], summary="Groups and roles")
    def get(self, request: Request) -> Response:
        require(_actor(request), Permission.ADMINISTER)
        return Response(GroupSerializer(Group.objects.prefetch_related("user_set").order_by("name"), many=True).data)

    @extend_schema(request=GroupNameSerializer, responses={201: GroupSerializer}, tags=["people"],
                   summary="Create a group")
    def post(self, request: Request) -> Response:
        require(_actor(request), Permission.ADMINISTER)
        data = _valid(GroupNameSerializer(data=request.data))
        return Response(GroupSerializer(actions.create_group(_actor(request), data["name"])).data, status=201)


class GroupView(APIView):
    @extend_schema(request=MembersSerializer, responses=GroupSerializer, tags=["people"],
                   summary="Say who is in a group")
    def put(self, request: Request, name: str) -> Response:
        require(_actor(request), Permission.ADMINISTER)
        data = _valid(MembersSerializer(data=request.data))
        return Response(GroupSerializer(actions.set_members(_actor(request), name, data["members"])).data)

    @extend_schema(responses={204: None}, tags=["people"], summary="Delete a group")
    def delete(self, request: Request, name: str) -> Response:
        actions.delete_group(_actor(request), name)
        return Response(status=204)


class Keys(APIView):
    @extend_schema(responses=KeySerializer(many=True), tags=["keys"], summary="One's own access keys",
                   parameters=[OpenApiParameter("user", int, description="Another person's (administrators).")])
    def get(self, request: Request) -> Response:
        field = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
        user_id = field.run_validation(request.query_params.get("user", _user(request).pk))
        if user_id != _user(request).pk:
            require(_actor(request), Permission.ADMINISTER)
        return Response(KeySerializer(AccessKey.objects.filter(user=user_id).order_by("-created_at"), many=True).data)

    @extend_schema(request=NewKeySerializer, responses={201: CreatedKeySerializer}, tags=["keys"],
                   summary="Create an access key; its secret is answered this once")
    def post(self, request: Request) -> Response:
        data = _valid(NewKeySerializer(data=request.data))
        created = create_access_key(_actor(request), data.get("user", _user(request).pk), label=data["label"])
        return Response({**KeySerializer(created.key).data, "secretAccessKey": created.secret}, status=201)


class Key(APIView):
    @extend_schema(request=KeyChangeSerializer, responses=KeySerializer, tags=["keys"],
                   summary="Switch a key on or off")
    def patch(self, request: Request, key_id: str) -> Response:
        data = _valid(KeyChangeSerializer(data=request.data))
        return Response(KeySerializer(set_access_key_active(_actor(request), key_id, data["active"])).data)

    @extend_schema(responses={204: None}, tags=["keys"], summary="Delete a key")
    def delete(self, request: Request, key_id: str) -> Response:
        delete_access_key(_actor(request), key_id)
        return Response(status=204)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 -- IsAuthenticated
    return request.user


def _actor(request: Request) -> Actor:
    return actor_of(_user(request))


def _valid(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data
