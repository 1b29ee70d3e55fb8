"""What a resource calls: botocore's service and operation, and how its errors are named (integrations.md §2, §3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from designer.asl.aws_services import find_service
from designer.asl.model import Resource

# resourceType -> botocore's service, prefix of error names, error without a name of its own, name in causes
OPTIMIZED: Final[dict[str, tuple[str, str, str, str]]] = {
    "athena": ("athena", "Athena", "AmazonAthenaException", "AmazonAthena"),
    "batch": ("batch", "Batch", "AWSBatchException", "AWSBatch"),
    "bedrock": ("bedrock", "Bedrock", "AmazonBedrockException", "AmazonBedrock"),
    "bedrockagentcore": ("bedrock-agentcore", "BedrockAgentCore", "AmazonBedrockAgentCoreException",
                         "AmazonBedrockAgentCore"),
    "codebuild": ("codebuild", "CodeBuild", "AWSCodeBuildException", "AWSCodeBuild"),
    "databrew": ("databrew", "DataBrew", "AWSGlueDataBrewException", "AWSGlueDataBrew"),
    "dynamodb": ("dynamodb", "DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2"),
    "ecs": ("ecs", "ECS", "AmazonECSException", "AmazonECS"),
    "eks": ("eks", "EKS", "AmazonEKSException", "AmazonEKS"),
    "elasticmapreduce": ("emr", "ElasticMapReduce", "AmazonElasticMapReduceException", "AmazonElasticMapReduce"),
    "emr-containers": ("emr-containers", "EMRContainers", "AmazonEMRContainersException", "AmazonEMRContainers"),
    "emr-serverless": ("emr-serverless", "EMRServerless", "AWSEMRServerlessException", "AWSEMRServerless"),
    "events": ("events", "EventBridge", "AmazonEventBridgeException", "AmazonEventBridge"),
    "glue": ("glue", "Glue", "AWSGlueException", "AWSGlue"),
    "mediaconvert": ("mediaconvert", "MediaConvert", "AWSMediaConvertException", "AWSMediaConvert"),
    "sagemaker": ("sagemaker", "SageMaker", "AmazonSageMakerException", "AmazonSageMaker"),
    "sns": ("sns", "SNS", "AmazonSNSException", "AmazonSNS"),
    "sqs": ("sqs", "SQS", "AmazonSQSException", "AmazonSQS"),
}
# Actions that have another name, or another service, in botocore.
OTHER_OPERATIONS: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("bedrock", "invokeModel"): ("bedrock-runtime", "InvokeModel"),
    ("elasticmapreduce", "createCluster"): ("emr", "RunJobFlow"),
    ("elasticmapreduce", "terminateCluster"): ("emr", "TerminateJobFlows"),
    ("elasticmapreduce", "addStep"): ("emr", "AddJobFlowSteps"),
    ("elasticmapreduce", "cancelStep"): ("emr", "CancelSteps"),
    ("elasticmapreduce", "setClusterTerminationProtection"): ("emr", "SetTerminationProtection"),
    ("elasticmapreduce", "modifyInstanceFleetByName"): ("emr", "ModifyInstanceFleet"),
    ("elasticmapreduce", "modifyInstanceGroupByName"): ("emr", "ModifyInstanceGroups"),
}
PLAIN_RESULTS: Final = frozenset({"events", "bedrock"})  # optimized, but without SdkHttpMetadata (recorded for events)
NOT_OFFERED: Final = frozenset({("eks", "runJob"), ("eks", "call")})  # Kubernetes' own API, not AWS's


@dataclass(frozen=True, slots=True)
class Called:
    """An operation.  `sdk`: an `aws-sdk:` integration.  `cause_name` is the service in causes."""

    service: str
    operation: str
    sdk: bool
    prefix: str
    generic: str
    cause_name: str
    metadata: bool


@lru_cache(maxsize=1024)
def called_by(resource: Resource) -> Called | None:
    """What the resource calls; None when there is no such service or action."""
    if resource.service.startswith("aws-sdk:"):
        service = find_service(resource.service.removeprefix("aws-sdk:"))
        operation = None if service is None else service.operation(resource.action)
        if service is None or operation is None:
            return None
        return Called(service.name, operation, True, service.prefix, f"{service.prefix}Exception", service.prefix,
                      False)
    words = OPTIMIZED.get(resource.service)
    if words is None or (resource.service, resource.action) in NOT_OFFERED:
        return None
    name, prefix, generic, cause_name = words
    other = OTHER_OPERATIONS.get((resource.service, resource.action))
    service_name, operation = other or (name, resource.action[:1].upper() + resource.action[1:])
    return Called(service_name, operation, False, prefix, generic, cause_name, resource.service not in PLAIN_RESULTS)
