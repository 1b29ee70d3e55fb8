"""Create-, Update-, Get-, List- and DeleteFunction."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Length

from designer.permissions import Actor, Permission, require
from executions.api.functions import download, markers, shown
from executions.api.functions.answering import Reply
from executions.api.functions.configuring import configuration, package
from executions.api.functions.naming import function, named, unqualified
from executions.integrations.functions import deploying
from executions.integrations.functions.actions import delete_function as delete
from executions.integrations.functions.catalog import LATEST, RESERVED
from executions.integrations.functions.concurrency import reserved_of
from executions.integrations.functions.publishing import content_of, delete_version, publish
from executions.models import Function, FunctionVersion
from executions.store import in_thread

Request = dict[str, Any]


async def create_function(actor: Actor, request: Request) -> Request:
    require(actor, Permission.DESIGN)
    for name in ("Runtime", "Handler"):
        if name not in request and request.get("PackageType") != "Image":
            raise deploying.refused(f"{name} is required for functions that are created with a zip.")
    given = configuration(request)
    return await in_thread(_create, actor, request, given, await package(request["Code"]))


def _create(actor: Actor, request: Request, given: Request, code: bytes) -> Request:
    row = deploying.create(actor, unqualified(request), code, given, request.get("Tags", {}))
    return _published(actor, row) if request.get("Publish") else shown.configuration(actor, row, row)


async def update_function_code(actor: Actor, request: Request) -> Request:
    require(actor, Permission.DESIGN)
    name = unqualified(request)
    await in_thread(function, actor, name)
    return await in_thread(_update_code, actor, request, name, await package(request))


def _update_code(actor: Actor, request: Request, name: str, code: bytes) -> Request:
    row = deploying.change_code(actor, name, code, revision=request.get("RevisionId"),
                                dry_run=request.get("DryRun", False))
    if request.get("Publish") and not request.get("DryRun"):
        return _published(actor, row)
    return shown.configuration(actor, row, row)


def update_function_configuration(actor: Actor, request: Request) -> Request:
    require(actor, Permission.DESIGN)
    name = unqualified(request)
    function(actor, name)
    row = deploying.change_configuration(actor, name, configuration(request), revision=request.get("RevisionId"))
    return shown.configuration(actor, row, row)


def _published(actor: Actor, row: Function) -> Request:
    made = publish(actor, row.name)
    return shown.configuration(actor, row, made, str(made.number))


def get_function(actor: Actor, request: Request) -> Request:
    name = named(request)
    row = function(actor, name.name, name.qualifier)
    content = content_of(row, name.qualifier)
    answer = {"Configuration": shown.configuration(actor, row, content, name.qualifier)}
    if Permission.DESIGN in actor.permissions:  # code may hold secrets, as variables do
        answer["Code"] = {"RepositoryType": "S3", "Location": download.link(row.pk, content.sha256)}
    number = reserved_of(row)
    if number is not None:
        answer["Concurrency"] = {RESERVED: number}
    return answer | ({"Tags": row.tags} if row.tags else {})


def get_function_configuration(actor: Actor, request: Request) -> Request:
    name = named(request)
    row = function(actor, name.name, name.qualifier)
    return shown.configuration(actor, row, content_of(row, name.qualifier), name.qualifier)


def delete_function(actor: Actor, request: Request) -> Reply:
    """The function with all its versions and aliases, or one version."""
    require(actor, Permission.DESIGN)
    name = named(request)
    function(actor, name.name, name.qualifier)
    if name.qualifier:
        delete_version(actor, name.name, name.qualifier)
    else:
        delete(actor, name.name)
    return Reply(status=204)


def list_functions(actor: Actor, request: Request) -> Request:
    """By name; with FunctionVersion ALL each function's versions after it."""
    require(actor, Permission.VIEW)
    all_versions = request.get("FunctionVersion") == "ALL"
    question = ["ListFunctions", all_versions]
    after = markers.position(question, request) or ["", 0]
    limit = markers.size(request)
    found = _everything(after, limit + 1) if all_versions else [
        (row, row) for row in _functions().filter(name__gt=after[0])[:limit + 1]]
    items = [shown.configuration(actor, row, content, _qualifier(content) if all_versions else "")
             for row, content in found[:limit]]
    last = [found[limit - 1][0].name, _number(found[limit - 1][1])] if len(found) > limit else None
    return markers.page(question, "Functions", items, last)


def _functions() -> QuerySet[Function]:
    return Function.objects.defer("code", "source").annotate(code_size=Length("code")).order_by("name")


def _everything(after: list[Any], limit: int) -> list[tuple[Function, Function | FunctionVersion]]:
    """$LATEST and the versions of all functions that follow (name, number); $LATEST counts as 0."""
    found: list[tuple[Function, Function | FunctionVersion]] = []
    for row in _functions().filter(name__gte=after[0])[:limit + 1]:
        number = after[1] if row.name == after[0] else -1
        if number < 0:
            found.append((row, row))
        versions = row.versions.defer("code").annotate(code_size=Length("code")).filter(number__gt=number)
        found += [(row, version) for version in versions.order_by("number")[:limit]]
        if len(found) >= limit:
            break
    return found[:limit]


def _qualifier(content: Function | FunctionVersion) -> str:
    return LATEST if isinstance(content, Function) else str(content.number)


def _number(content: Function | FunctionVersion) -> int:
    return 0 if isinstance(content, Function) else content.number
