"""DescribeMapRun, UpdateMapRun, ListMapRuns: there are no map runs until Map states run distributed."""

from __future__ import annotations

from typing import Any, NoReturn

from designer import arns
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.api.lookup import execution_not_found, no_express
from executions.models import Execution

Request = dict[str, Any]


def describe_map_run(actor: Actor, request: Request) -> NoReturn:
    require(actor, Permission.VIEW)
    raise _not_found(request)


def update_map_run(actor: Actor, request: Request) -> NoReturn:
    require(actor, Permission.OPERATE)
    raise _not_found(request)


def list_map_runs(actor: Actor, request: Request) -> Request:
    require(actor, Permission.VIEW)
    arn = no_express(arns.parse(request["executionArn"], arns.EXECUTION, arns.EXPRESS))
    if not Execution.objects.filter(arn=arn.text).exists():
        raise execution_not_found(arn.text)
    return {"mapRuns": []}


def _not_found(request: Request) -> ActionError:
    arn = arns.parse(request["mapRunArn"], arns.MAP_RUN)
    return ActionError("ResourceNotFound", f"Resource not found: '{arn.text}'", resourceName=arn.text)
