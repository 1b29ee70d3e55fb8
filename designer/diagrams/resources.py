"""What a Task's Resource is called on its node, and which icon and colour it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

APPROVAL: Final = "arn:aws:states:::approval:request"

# Service (lower case) -> (name as its makers write it, icon).
_SERVICES: Final[dict[str, tuple[str, str]]] = {
    "apigateway": ("API Gateway", "globe"),
    "athena": ("Athena", "search"),
    "batch": ("Batch", "container"),
    "bedrock": ("Bedrock", "brain-circuit"),
    "codebuild": ("CodeBuild", "terminal"),
    "dynamodb": ("DynamoDB", "database"),
    "ecs": ("ECS", "container"),
    "eks": ("EKS", "container"),
    "elasticmapreduce": ("EMR", "network"),
    "eventbridge": ("EventBridge", "radio-tower"),
    "events": ("EventBridge", "radio-tower"),
    "glue": ("Glue", "table-2"),
    "http": ("HTTP", "globe"),
    "lambda": ("Lambda", "square-function"),
    "mail": ("Mail", "mail"),
    "rds": ("RDS", "database"),
    "rdsdata": ("RDS Data", "database"),
    "s3": ("S3", "folder"),
    "sagemaker": ("SageMaker", "brain-circuit"),
    "secretsmanager": ("Secrets Manager", "lock"),
    "ses": ("SES", "mail"),
    "sesv2": ("SES", "mail"),
    "sfn": ("Step Functions", "workflow"),
    "sns": ("SNS", "bell"),
    "sqs": ("SQS", "inbox"),
    "ssm": ("Systems Manager", "sliders-horizontal"),
    "webhook": ("Webhook", "send"),
    "states": ("Step Functions", "workflow"),
}
_SUFFIX: Final = re.compile(r"\.(sync(?::\d)?|waitForTaskToken)$")
_FUNCTION: Final = re.compile(r":function:([^:/]+)")


@dataclass(frozen=True, slots=True)
class Face:
    """How a Task looks: `kind` chooses the colour ("task" or "approval")."""

    kind: str
    icon: str
    subtitle: str


def face_of(resource: Any, parameters: Any) -> Face:
    """The face of a Task from its `Resource` and its `Parameters` or `Arguments`; any value is accepted."""
    if not isinstance(resource, str) or not resource:
        return Face("task", "square", _("No resource yet"))
    if resource == APPROVAL:
        return Face("approval", "stamp", _("A person decides"))
    plain = _SUFFIX.sub("", resource)
    if ":activity:" in plain:
        return Face("task", "radio-tower", _("%(name)s · activity") % {"name": plain.rsplit(":", 1)[1]})
    function = _function_of(plain, parameters)
    if function:
        return Face("task", "square-function", _("%(name)s · function") % {"name": function})
    return _service_face(plain)


def _function_of(resource: str, parameters: Any) -> str:
    """The function's name, from its ARN or from the parameters of lambda:invoke; "" for other resources."""
    if resource.endswith(":lambda:invoke") and isinstance(parameters, dict):
        name = parameters.get("FunctionName")
        if not isinstance(name, str):
            return "Lambda"
        found = _FUNCTION.search(name)
        return found[1] if found else name.split(":")[0]
    found = _FUNCTION.search(resource) if ":lambda:" in resource else None
    return found[1] if found else ""


def _service_face(resource: str) -> Face:
    parts = resource.split(":::")[-1].split(":")
    if parts[0] == "aws-sdk":
        parts = parts[1:]
    service = parts[0] if parts and ":::" in resource else ""
    name, icon = _SERVICES.get(service.lower(), (service, "box"))
    action = parts[1] if len(parts) > 1 else ""
    if not service:
        return Face("task", "box", resource)
    return Face("task", icon, f"{name}: {action[:1].upper()}{action[1:]}" if action else name)
