"""Resources of Task states: forms, integrations and their patterns, what Express cannot do (§14, §17)."""

from __future__ import annotations

from typing import Any, Final

from designer.asl.aws_services import find_service, service_names
from designer.asl.check_values import expect
from designer.asl.fixes import nearest, replacing
from designer.asl.model import Resource
from designer.asl.placeholders import Placeholder, filled
from designer.asl.problems import Fix
from designer.asl.report import Report, Steps
from designer.asl.resources import parse_resource

INVALID: Final = "INVALID_RESOURCE"
_JOB: Final = (".sync",)
_CALLBACK: Final = (".waitForTaskToken",)

# Optimized integrations: which patterns a service has besides request-response, and its actions.
OPTIMIZED: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "apigateway": (_CALLBACK, "invoke"),
    "athena": (_JOB, "startQueryExecution stopQueryExecution getQueryExecution getQueryResults"),
    "batch": (_JOB, "submitJob"),
    "bedrock": ((*_JOB, *_CALLBACK), "invokeModel createModelCustomizationJob"),
    "bedrockagentcore": ((), "invokeAgentRuntime"),
    "codebuild": (_JOB, "startBuild stopBuild batchDeleteBuilds batchGetReports startBuildBatch stopBuildBatch "
                        "retryBuildBatch deleteBuildBatch"),
    "databrew": (_JOB, "startJobRun"),
    "dynamodb": ((), "getItem putItem updateItem deleteItem"),
    "ecs": ((*_JOB, *_CALLBACK), "runTask"),
    "eks": ((*_JOB, *_CALLBACK), "createCluster deleteCluster createNodegroup deleteNodegroup createFargateProfile "
                                 "deleteFargateProfile runJob call"),
    "elasticmapreduce": (_JOB, "createCluster terminateCluster addStep cancelStep setClusterTerminationProtection "
                               "modifyInstanceFleetByName modifyInstanceGroupByName"),
    "emr-containers": (_JOB, "createVirtualCluster deleteVirtualCluster startJobRun"),
    "emr-serverless": (_JOB, "createApplication startApplication stopApplication deleteApplication startJobRun "
                             "cancelJobRun"),
    "events": (_CALLBACK, "putEvents"),
    "glue": (_JOB, "startJobRun"),
    "http": ((), "invoke"),
    "lambda": (_CALLBACK, "invoke"),
    "mediaconvert": (_JOB, "createJob"),
    "sagemaker": (_JOB, "createTrainingJob createTransformJob createProcessingJob createHyperParameterTuningJob "
                        "createLabelingJob createModel createEndpoint createEndpointConfig updateEndpoint"),
    "sns": (_CALLBACK, "publish"),
    "sqs": (_CALLBACK, "sendMessage"),
    "states": ((*_JOB, ".sync:2", *_CALLBACK), "startExecution"),
    "mail": (_CALLBACK, "send"),  # our own, as the next two
    "webhook": (_CALLBACK, "send"),
    "approval": ((), "request"),  # a person decides
}


def check_resource(report: Report, steps: Steps, value: Any, kind: str) -> None:
    """`kind` is the machine's type, STANDARD or EXPRESS."""
    if isinstance(value, Placeholder):
        value = Placeholder(filled(value))
    elif not expect(report, steps, value, "string"):
        return
    resource = parse_resource(value)
    if resource is None:
        if isinstance(value, Placeholder):
            return
        if "${" not in value and value.startswith("arn:") is False and "{%" in value:
            report.error(steps, "The Resource must be a constant", INVALID, hint="Write the ARN itself.")
        elif "${" not in value:
            report.error(steps, _unrecognized(value), INVALID, hint="Write the ARN of a function, an activity or an "
                         "integration, such as arn:aws:states:::lambda:invoke.")
        return
    if resource.kind == "service":
        _check_service(report, steps, resource)
    if kind == "EXPRESS":
        _check_express(report, steps, resource)


def _unrecognized(arn: str) -> str:
    return (f"The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the resource is "
            "not available in this region.")


def _check_service(report: Report, steps: Steps, resource: Resource) -> None:
    if resource.service.startswith("aws-sdk:"):
        if resource.suffix not in ("", ".waitForTaskToken"):
            report.error(steps, _unrecognized(resource.arn), INVALID,
                         hint=f"An AWS SDK integration has no '{resource.suffix}' pattern.",
                         fix=_pattern_fix(steps, resource, _CALLBACK))
        else:
            _check_sdk(report, steps, resource)
        return
    known = OPTIMIZED.get(resource.service)
    if known is None:
        report.error(steps, _unrecognized(resource.arn), INVALID,
                     hint=f"There is no integration '{resource.service}'; for the service's own API write "
                          f"arn:aws:states:::aws-sdk:{resource.service}:{resource.action}.",
                     fix=_service_fix(steps, resource))
        return
    patterns, actions = known
    if resource.suffix and resource.suffix not in patterns:
        report.error(steps, _unrecognized(resource.arn), INVALID,
                     hint=f"'{resource.service}' has these patterns besides the plain call: "
                          f"{', '.join(patterns) or 'none'}.",
                     fix=_pattern_fix(steps, resource, patterns))
    elif resource.action not in actions.split():
        report.warning(steps, f"'{resource.service}' is not known to have the action '{resource.action}'", INVALID,
                       hint=f"Known actions: {', '.join(actions.split())}; others are reached by "
                            f"arn:aws:states:::aws-sdk:{resource.service}:{resource.action}.",
                       fix=_action_fix(steps, resource, actions.split()))


def _check_sdk(report: Report, steps: Steps, resource: Resource) -> None:
    """AWS refuses services and actions that its SDK does not have."""
    name = resource.service.removeprefix("aws-sdk:")
    service = find_service(name)
    if service is None:
        near = nearest(name, service_names())
        hint = f"There is no AWS service '{name}'." + (f" The nearest is '{near}'." if near else "")
        new = resource.arn.replace(f":aws-sdk:{name}:", f":aws-sdk:{near}:")
    elif service.operation(resource.action) is None:
        near = nearest(resource.action, service.actions())
        hint = (f"The service '{name}' has no action '{resource.action}'."
                + (f" The nearest is '{near}'; actions are written in camelCase." if near else ""))
        new = resource.arn.replace(f":{name}:{resource.action}", f":{name}:{near}")
    else:
        return
    report.error(steps, _unrecognized(resource.arn), INVALID, hint=hint,
                 fix=_resource_fix(steps, new) if near else None)


def _pattern_fix(steps: Steps, resource: Resource, patterns: tuple[str, ...]) -> Fix:
    """The nearest pattern of the service, or none."""
    near = nearest(resource.suffix, patterns) or ""
    return _resource_fix(steps, resource.arn.removesuffix(resource.suffix) + near)


def _service_fix(steps: Steps, resource: Resource) -> Fix:
    near = nearest(resource.service, OPTIMIZED)
    old, rest = f":{resource.service}:{resource.action}", f":{resource.action}"
    new = f":{near or f'aws-sdk:{resource.service}'}{rest}"
    return _resource_fix(steps, new.join(resource.arn.rsplit(old, 1)))


def _action_fix(steps: Steps, resource: Resource, actions: list[str]) -> Fix | None:
    near = nearest(resource.action, actions)
    old = f":{resource.action}"
    return _resource_fix(steps, f":{near}".join(resource.arn.rsplit(old, 1))) if near else None


def _resource_fix(steps: Steps, arn: str) -> Fix:
    return replacing(steps, arn, f"Call {arn.split(':', 5)[-1]}")


def check_parameters(report: Report, steps: Steps, task: dict[str, Any], field: str) -> None:
    """An integration is hardly ever called with the state's input as it is; `field` is Parameters or Arguments."""
    resource = parse_resource(task["Resource"]) if isinstance(task.get("Resource"), str) else None
    if resource is None or resource.service not in OPTIMIZED or "Parameters" in task or "Arguments" in task:
        return
    report.warning(steps, f"The task has no {field}: the state's input is sent to '{resource.service}:"
                          f"{resource.action}' as it is", "MISSING_PARAMETERS",
                   hint=f"Add {field} with what {resource.action} needs.")


def _check_express(report: Report, steps: Steps, resource: Resource) -> None:
    """The texts are AWS's, with its trailing blank."""
    hint = "Make the state machine a Standard one, or call without the pattern."
    if resource.kind == "activity":
        report.error(steps, "Express state machine does not support Activity ARN", hint=hint)
    elif resource.suffix == ".waitForTaskToken":
        report.error(steps, "Express state machine does not support '.waitForTaskToken' service integration ",
                     hint=hint, fix=_pattern_fix(steps, resource, ()))
    elif resource.is_job:
        report.error(steps, "Express state machine does not support '.sync' service integration", hint=hint,
                     fix=_pattern_fix(steps, resource, ()))
    elif resource.waits_for_token:
        report.error(steps, "Express state machine does not support the approval task", hint=hint)
