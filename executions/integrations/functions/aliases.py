"""The verbs on aliases of functions."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.integrations.functions import catalog
from executions.integrations.functions.deploying import arn_of, locked, refused
from executions.integrations.functions.publishing import content_of
from executions.integrations.functions.revisions import check_revision
from executions.models import Function, FunctionAlias

Weights = Mapping[str, float]


def create_alias(actor: Actor, function: str, name: str, version: str, *, description: str = "",
                 weights: Weights | None = None) -> FunctionAlias:
    """ResourceConflictException when there is an alias of this name, ResourceNotFoundException for no such version."""
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        row = locked(function)
        _check_target(row, version, weights or {})
        if FunctionAlias.objects.filter(function=row, name=name).exists():
            raise ActionError("ResourceConflictException", f"Alias already exists: {arn_of(function, name)}")
        alias = FunctionAlias.objects.create(
            function=row, name=name, version=version, weights=dict(weights or {}), description=description,
            updated_at=timezone.now())
    catalog.forget(function)
    return alias


def update_alias(actor: Actor, function: str, name: str, *, version: str | None = None, description: str | None = None,
                 weights: Weights | None = None, revision: str | None = None) -> FunctionAlias:
    """What is None stays."""
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        row = locked(function)
        alias = _alias(row, name)
        check_revision(alias, revision)
        alias.version = alias.version if version is None else version
        alias.weights = alias.weights if weights is None else dict(weights)
        alias.description = alias.description if description is None else description
        _check_target(row, alias.version, alias.weights)
        alias.updated_at = timezone.now()
        alias.save()
    catalog.forget(function)
    return alias


def delete_alias(actor: Actor, function: str, name: str) -> None:
    """One that is not there is no error, as in Lambda."""
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        FunctionAlias.objects.filter(function=locked(function), name=name).delete()
    catalog.forget(function)


def find_alias(actor: Actor, function: Function, name: str) -> FunctionAlias:
    require(actor, Permission.VIEW)
    return _alias(function, name)


def _alias(row: Function, name: str) -> FunctionAlias:
    alias = FunctionAlias.objects.filter(function=row, name=name).first()
    if alias is None:
        raise ActionError("ResourceNotFoundException", f"Cannot find alias arn: {arn_of(row.name, name)}")
    return alias


def _check_target(row: Function, version: str, weights: Weights) -> None:
    content_of(row, version)
    if not weights:
        return
    if len(weights) > 1:
        raise refused("Number of items in AdditionalVersionWeights cannot be greater than 1")
    if version == catalog.LATEST:
        raise refused("Alias with weights can not be used in combination with a $LATEST version.")
    if version in weights:
        raise refused(f"Invalid function version {version}. Function version {version} is already included in "
                      "routing configuration.")
    for other in weights:
        content_of(row, other)
