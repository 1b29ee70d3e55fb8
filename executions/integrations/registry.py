"""Which integration does a task: found by its resource."""

from __future__ import annotations

from typing import Final

from designer.asl.check_resource import OPTIMIZED
from designer.asl.errors import RUNTIME
from designer.asl.model import Resource
from executions.integrations.activity.task import ActivityTask
from executions.integrations.apigateway.task import ApiGatewayTask
from executions.integrations.approval.task import ApprovalTask
from executions.integrations.aws.jobs import JOBS
from executions.integrations.aws.services import called_by
from executions.integrations.aws.task import AwsTask
from executions.integrations.child_execution.task import ChildExecutionTask
from executions.integrations.functions.task import FunctionTask, InvokeTask
from executions.integrations.http.task import HttpTask
from executions.integrations.kinds import Integration, TaskError
from executions.integrations.mail.task import MailTask
from executions.integrations.webhook.task import WebhookTask

FUNCTION: Final = FunctionTask()
ACTIVITY: Final = ActivityTask()
AWS_TASK: Final = AwsTask()
SDK: Final = "aws-sdk:"

# (service, action) -> the integration and the suffixes it knows
SERVICES: Final[dict[tuple[str, str], tuple[Integration, frozenset[str]]]] = {
    ("lambda", "invoke"): (InvokeTask(), frozenset({"", ".waitForTaskToken"})),
    ("states", "startExecution"): (ChildExecutionTask(), frozenset({"", ".sync", ".sync:2", ".waitForTaskToken"})),
    ("http", "invoke"): (HttpTask(), frozenset({""})),
    ("apigateway", "invoke"): (ApiGatewayTask(), frozenset({"", ".waitForTaskToken"})),
    ("mail", "send"): (MailTask(), frozenset({"", ".waitForTaskToken"})),
    ("webhook", "send"): (WebhookTask(), frozenset({"", ".waitForTaskToken"})),
    ("approval", "request"): (ApprovalTask(), frozenset({""})),
}


def find(resource: Resource) -> Integration:
    """The integration of a resource; TaskError says which resources there are when it is none of them."""
    if resource.kind == "lambda":
        return FUNCTION
    if resource.kind == "activity":
        return ACTIVITY
    found = SERVICES.get((resource.service, resource.action))
    if found is None and _is_of_aws(resource):
        return AWS_TASK
    if found is None or resource.suffix not in found[1]:
        raise TaskError(RUNTIME, f"The resource '{resource.arn}' is not available in this installation. "
                                 f"Available are: {', '.join(available())}.")
    return found[0]


def _is_of_aws(resource: Resource) -> bool:
    """Whether an AWS service has the action, and Step Functions the pattern for it."""
    if called_by(resource) is None:
        return False
    if resource.is_job:
        return (resource.service, resource.action) in JOBS
    return resource.service.startswith(SDK) or not resource.suffix or resource.suffix in OPTIMIZED[resource.service][0]


def available() -> list[str]:
    """All resources that a task may name here, as patterns."""
    services = [f"arn:aws:states:::{service}:{action}{suffix}"
                for (service, action), (_, suffixes) in SERVICES.items() for suffix in sorted(suffixes)]
    return ["arn:aws:lambda:REGION:ACCOUNT:function:NAME", "arn:aws:states:REGION:ACCOUNT:activity:NAME", *services,
            "arn:aws:states:::aws-sdk:SERVICE:ACTION"]
