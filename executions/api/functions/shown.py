"""Functions, versions and aliases as the Lambda API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models.functions import Length

from designer.permissions import Actor
from executions.integrations.functions.catalog import LATEST, RESERVED
from executions.integrations.functions.code import shown_digest
from executions.integrations.functions.deploying import arn_of
from executions.integrations.functions.forms import shown_variables
from executions.integrations.functions.revisions import revision_of
from executions.models import Function, FunctionAlias, FunctionContent, FunctionVersion

# What Lambda shows of settings that were never given.
UNSET: Final[dict[str, Any]] = {
    "TracingConfig": {"Mode": "PassThrough"}, "Architectures": ["x86_64"], "EphemeralStorage": {"Size": 512},
    "SnapStart": {"ApplyOn": "None"},
}
Content = Function | FunctionVersion


def configuration(actor: Actor, row: Function, content: FunctionContent, qualifier: str = "") -> dict[str, Any]:
    """FunctionConfiguration.  `qualifier`: what the ARN ends with."""
    assert isinstance(content, Function | FunctionVersion)  # noqa: S101 — there are no others
    version = str(content.number) if isinstance(content, FunctionVersion) else LATEST
    moment = content.created_at if isinstance(content, FunctionVersion) else content.updated_at
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{row.name}"}
    shown = {
        "FunctionName": row.name, "FunctionArn": arn_of(row.name, qualifier), "Runtime": content.runtime,
        "Role": content.role, "Handler": content.handler, "CodeSize": size_of(content),
        "Description": content.description, "Timeout": content.timeout, "MemorySize": content.memory,
        "LastModified": _moment(moment), "CodeSha256": shown_digest(content.sha256), "Version": version,
        "RevisionId": revision_of(content), "State": "Active", "LastUpdateStatus": "Successful", "PackageType": "Zip",
    }
    if content.environment:
        shown["Environment"] = {"Variables": shown_variables(actor, content.environment)}
    settings: dict[str, Any] = UNSET | {
        name: value for name, value in content.settings.items() if name != RESERVED}
    settings["LoggingConfig"] = logging | content.settings.get("LoggingConfig", {})
    settings["SnapStart"] = {"OptimizationStatus": "Off"} | settings["SnapStart"]
    return shown | settings


def alias(row: Function, found: FunctionAlias) -> dict[str, Any]:
    """AliasConfiguration."""
    shown = {"AliasArn": arn_of(row.name, found.name), "Name": found.name, "FunctionVersion": found.version,
             "Description": found.description, "RevisionId": revision_of(found)}
    return shown | ({"RoutingConfig": {"AdditionalVersionWeights": found.weights}} if found.weights else {})


def size_of(content: Content) -> int:
    """Bytes of the zip, which is not read for it when it was not yet."""
    if "code" not in content.get_deferred_fields():
        return len(content.code)
    known = getattr(content, "code_size", None)  # annotated where many are listed
    if known is None:
        known = type(content).objects.values_list(Length("code"), flat=True).get(pk=content.pk)
    return int(known)


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"
