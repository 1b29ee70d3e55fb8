"""PublishVersion, ListVersionsByFunction."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Length

from designer.permissions import Actor
from executions.api.functions import markers, shown
from executions.api.functions.naming import function, named, unqualified
from executions.integrations.functions.catalog import LATEST
from executions.integrations.functions.publishing import publish

Request = dict[str, Any]


def publish_version(actor: Actor, request: Request) -> Request:
    name = unqualified(request)
    made = publish(actor, name, sha256=request.get("CodeSha256") or None, description=request.get("Description"),
                   revision=request.get("RevisionId") or None)
    return shown.configuration(actor, function(actor, name), made, str(made.number))


def list_versions_by_function(actor: Actor, request: Request) -> Request:
    """$LATEST first, then by number."""
    row = function(actor, named(request).name)
    question = ["ListVersionsByFunction", row.name]
    after = markers.position(question, request)
    limit = markers.size(request)
    versions = row.versions.defer("code").annotate(code_size=Length("code")).filter(number__gt=after or 0)
    found = [(number, content, qualifier) for number, content, qualifier in [
        *([(0, row, LATEST)] if after is None else []),
        *((version.number, version, str(version.number)) for version in versions.order_by("number")[:limit + 1])]]
    items = [shown.configuration(actor, row, content, qualifier) for _, content, qualifier in found[:limit]]
    last = found[limit - 1][0] if len(found) > limit else None
    return markers.page(question, "Versions", items, last)
