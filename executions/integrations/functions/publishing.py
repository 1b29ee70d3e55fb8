"""The verbs on versions of functions: publish, find, delete."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.integrations.functions import catalog
from executions.integrations.functions.code import shown_digest
from executions.integrations.functions.deploying import locked, not_found, refused
from executions.integrations.functions.revisions import check_revision
from executions.models import Function, FunctionAlias, FunctionContent, FunctionVersion

CONTENT: Final = tuple(field.attname for field in FunctionContent._meta.fields)
COMPARED: Final = tuple(name for name in CONTENT if name not in ("code", "description", "settings"))


def publish(actor: Actor, name: str, *, sha256: str | None = None, description: str | None = None,
            revision: str | None = None) -> FunctionVersion:
    """The function as it is now, under the next number; the last version when nothing has changed since.

    `sha256` in base64 and `revision` must be those of the function, where they are given.
    """
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        row = locked(name)
        check_revision(row, revision)
        current = shown_digest(row.sha256)
        if sha256 is not None and sha256 != current:
            raise refused(f"CodeSHA256 ({sha256}) is different from current CodeSHA256 in $LATEST ({current}). Please "
                          "try again with the CodeSHA256 in $LATEST.")
        last = row.versions.defer("code").order_by("-number").first()
        if last is not None and _is_same(last, row):
            return last
        row.versions_made += 1
        row.save(update_fields=["versions_made"])
        made = FunctionVersion(function=row, number=row.versions_made, created_at=timezone.now(),
                               **{field: getattr(row, field) for field in CONTENT})
        made.description = row.description if description is None else description
        made.save(force_insert=True)
    catalog.forget(name)
    return made


def _is_same(version: FunctionVersion, row: Function) -> bool:
    """Whether nothing has changed; reserved places are the function's, whatever its version."""
    def settings(content: FunctionContent) -> dict[str, Any]:
        return {name: value for name, value in content.settings.items() if name != catalog.RESERVED}

    return settings(version) == settings(row) and all(
        getattr(version, field) == getattr(row, field) for field in COMPARED)


def delete_version(actor: Actor, name: str, number: str) -> None:
    """Delete one version; refused while an alias points at it.  One that is not there is no error, as in Lambda."""
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        row = locked(name)
        if not number.isdecimal():
            if number == catalog.LATEST:
                raise refused("$LATEST version cannot be deleted without deleting the function.")
            raise refused("Deletion of aliases is not currently supported.")
        pointing = [alias.name for alias in FunctionAlias.objects.filter(function=row).order_by("name")
                    if number in (alias.version, *alias.weights)]
        if pointing:
            raise ActionError("ResourceConflictException", "Version was not able to be deleted because the following "
                                                           f"aliases reference it: {pointing}")
        row.versions.filter(number=int(number[:10])).delete()
    catalog.forget(name)


def content_of(row: Function, qualifier: str) -> FunctionContent:
    """What the function is under a version or alias, without its code; ResourceNotFoundException."""
    if qualifier in ("", catalog.LATEST):
        return row
    if not qualifier.isdecimal():
        alias = FunctionAlias.objects.filter(function=row, name=qualifier).first()
        if alias is None:
            raise not_found(row.name, qualifier)
        return row if alias.version == catalog.LATEST else content_of(row, alias.version)
    found = row.versions.filter(number=int(qualifier[:10])).defer("code").first()
    if found is None:
        raise not_found(row.name, qualifier)
    return found
