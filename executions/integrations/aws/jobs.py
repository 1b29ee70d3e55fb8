"""Jobs that `.sync` waits for: how each is looked at, when it is good or bad, and how it is stopped.

A table, since the services have nothing in common: every one has its own words for "done".
`{…}` in arguments is a JMESPath of {params, result}: the task's parameters and what the submitting call
answered, both in PascalCase; `found` and `status` are JMESPaths of what the looking call answers, in
PascalCase.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jmespath


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`gone`: the job is done when what is looked at does not exist any more (deletions).

    `found` is the part of the answer that becomes the task's result; `status` is looked up in it.
    `stop` is the operation that ends the job early, None where a service has none.
    """

    look: str
    arguments: Mapping[str, Any]
    status: str
    good: frozenset[str]
    bad: frozenset[str] = frozenset()
    found: str = "@"
    gone: bool = False
    stop: str | None = None
    stop_arguments: Mapping[str, Any] = field(default_factory=dict)


def filled(template: Any, values: Mapping[str, Any]) -> Any:
    """Arguments of a call: `"{result.JobId}"` is replaced by what the path finds."""
    if isinstance(template, Mapping):
        return {name: filled(each, values) for name, each in template.items()}
    if isinstance(template, list):
        return [filled(each, values) for each in template]
    if isinstance(template, str) and template.startswith("{"):
        return jmespath.search(template[1:-1], values)
    return template


def state_of(job: Job, answer: Any) -> str:
    """"good", "bad" or "running"."""
    status = jmespath.search(job.status, jmespath.search(job.found, answer))
    if status in job.good:
        return "good"
    return "bad" if status in job.bad else "running"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _sagemaker(kind: str) -> Job:
    name = {f"{kind}Name": f"{{params.{kind}Name}}"}
    return Job(look=f"Describe{kind}", arguments=name, status=f"{kind}Status", good=_words("Completed"),
               bad=_words("Failed Stopped"), stop=f"Stop{kind}", stop_arguments=name)


def _build(list_name: str, one: str, ids: str, stop: str) -> Job:
    return Job(look=ids, arguments={"Ids": [f"{{result.{one}.Id}}"]}, found=f"{{{one}: {list_name}[0]}}",
               status=f"{one}.{one}Status", good=_words("SUCCEEDED"), bad=_words("FAILED FAULT TIMED_OUT STOPPED"),
               stop=stop, stop_arguments={"Id": f"{{result.{one}.Id}}"})


def _eks(kind: str, describe: str, names: dict[str, str]) -> tuple[Job, Job]:
    """Creation and deletion of one kind of thing."""
    arguments = {name: f"{{params.{given}}}" for name, given in names.items()}
    create = Job(look=describe, arguments=arguments, status=f"{kind}.Status", good=_words("ACTIVE"),
                 bad=_words("FAILED CREATE_FAILED DEGRADED"))
    delete = Job(look=describe, arguments=arguments, status=f"{kind}.Status", good=frozenset(),
                 bad=_words("FAILED DELETE_FAILED"), gone=True)
    return create, delete


def _application(good: str) -> Job:
    return Job(look="GetApplication", arguments={"ApplicationId": "{result.ApplicationId || params.ApplicationId}"},
               status="Application.State", good=_words(good), bad=_words("TERMINATED") - _words(good))


_SERVERLESS_RUN: Final = {"ApplicationId": "{params.ApplicationId}", "JobRunId": "{result.JobRunId}"}
_CLUSTER: Final = {"ClusterId": "{result.ClusterId || params.ClusterId}"}
_EKS_CLUSTER = _eks("Cluster", "DescribeCluster", {"Name": "Name"})
_EKS_NODES = _eks("Nodegroup", "DescribeNodegroup", {"ClusterName": "ClusterName", "NodegroupName": "NodegroupName"})
_EKS_FARGATE = _eks("FargateProfile", "DescribeFargateProfile", {
    "ClusterName": "ClusterName", "FargateProfileName": "FargateProfileName"})

# (resourceType, action) -> the job
JOBS: Final[dict[tuple[str, str], Job]] = {
    ("athena", "startQueryExecution"): Job(
        look="GetQueryExecution", arguments={"QueryExecutionId": "{result.QueryExecutionId}"},
        status="QueryExecution.Status.State", good=_words("SUCCEEDED"), bad=_words("FAILED CANCELLED"),
        stop="StopQueryExecution", stop_arguments={"QueryExecutionId": "{result.QueryExecutionId}"}),
    ("batch", "submitJob"): Job(
        look="DescribeJobs", arguments={"Jobs": ["{result.JobId}"]}, found="Jobs[0]", status="Status",
        good=_words("SUCCEEDED"), bad=_words("FAILED"), stop="TerminateJob",
        stop_arguments={"JobId": "{result.JobId}", "Reason": "The workflow does not wait for it any more."}),
    ("bedrock", "createModelCustomizationJob"): Job(
        look="GetModelCustomizationJob", arguments={"JobIdentifier": "{result.JobArn}"}, status="Status",
        good=_words("Completed"), bad=_words("Failed Stopped"), stop="StopModelCustomizationJob",
        stop_arguments={"JobIdentifier": "{result.JobArn}"}),
    ("codebuild", "startBuild"): _build("Builds", "Build", "BatchGetBuilds", "StopBuild"),
    ("codebuild", "startBuildBatch"): _build("BuildBatches", "BuildBatch", "BatchGetBuildBatches", "StopBuildBatch"),
    ("codebuild", "retryBuildBatch"): _build("BuildBatches", "BuildBatch", "BatchGetBuildBatches", "StopBuildBatch"),
    ("databrew", "startJobRun"): Job(
        look="DescribeJobRun", arguments={"Name": "{params.Name}", "RunId": "{result.RunId}"}, status="State",
        good=_words("SUCCEEDED"), bad=_words("FAILED STOPPED TIMEOUT"), stop="StopJobRun",
        stop_arguments={"Name": "{params.Name}", "RunId": "{result.RunId}"}),
    ("ecs", "runTask"): Job(
        look="DescribeTasks",
        arguments={"Cluster": "{result.Tasks[0].ClusterArn}", "Tasks": "{result.Tasks[].TaskArn}"},
        found="Tasks[0]", good=_words("ok"), bad=_words("failed"),
        # Stopped, and every container (an essential one that never started has no exit code) ended with 0.
        status="LastStatus == 'STOPPED' && ((StopCode == 'TaskFailedToStart' || length(Containers[?ExitCode != `0`])"
               " > `0`) && 'failed' || 'ok') || 'running'",
        stop="StopTask", stop_arguments={"Cluster": "{result.Tasks[0].ClusterArn}", "Task": "{result.Tasks[0].TaskArn}",
                                         "Reason": "The workflow does not wait for it any more."}),
    ("eks", "createCluster"): _EKS_CLUSTER[0],
    ("eks", "deleteCluster"): _EKS_CLUSTER[1],
    ("eks", "createNodegroup"): _EKS_NODES[0],
    ("eks", "deleteNodegroup"): _EKS_NODES[1],
    ("eks", "createFargateProfile"): _EKS_FARGATE[0],
    ("eks", "deleteFargateProfile"): _EKS_FARGATE[1],
    ("elasticmapreduce", "createCluster"): Job(
        look="DescribeCluster", arguments=_CLUSTER, found="{Cluster: Cluster, ClusterId: Cluster.Id}",
        status="Cluster.Status.State", good=_words("WAITING RUNNING"), bad=_words("TERMINATED TERMINATED_WITH_ERRORS"),
        stop="TerminateJobFlows", stop_arguments={"JobFlowIds": ["{result.ClusterId}"]}),
    ("elasticmapreduce", "terminateCluster"): Job(
        look="DescribeCluster", arguments=_CLUSTER, status="Cluster.Status.State",
        good=_words("TERMINATED TERMINATED_WITH_ERRORS")),
    ("elasticmapreduce", "addStep"): Job(
        look="DescribeStep", arguments=_CLUSTER | {"StepId": "{result.StepId}"}, status="Step.Status.State",
        good=_words("COMPLETED"), bad=_words("CANCELLED FAILED INTERRUPTED"), stop="CancelSteps",
        stop_arguments=_CLUSTER | {"StepIds": ["{result.StepId}"]}),
    ("emr-containers", "deleteVirtualCluster"): Job(
        look="DescribeVirtualCluster", arguments={"Id": "{params.Id}"}, status="VirtualCluster.State",
        good=_words("TERMINATED"), bad=_words("ARRESTED")),
    ("emr-containers", "startJobRun"): Job(
        look="DescribeJobRun", arguments={"Id": "{result.Id}", "VirtualClusterId": "{result.VirtualClusterId}"},
        status="JobRun.State", good=_words("COMPLETED"), bad=_words("FAILED CANCELLED"), stop="CancelJobRun",
        stop_arguments={"Id": "{result.Id}", "VirtualClusterId": "{result.VirtualClusterId}"}),
    ("emr-serverless", "createApplication"): _application("CREATED STARTED"),
    ("emr-serverless", "startApplication"): _application("STARTED"),
    ("emr-serverless", "stopApplication"): _application("STOPPED"),
    ("emr-serverless", "deleteApplication"): _application("TERMINATED"),
    ("emr-serverless", "startJobRun"): Job(
        look="GetJobRun", arguments=_SERVERLESS_RUN, status="JobRun.State", good=_words("SUCCESS"),
        bad=_words("FAILED CANCELLED"), stop="CancelJobRun", stop_arguments=_SERVERLESS_RUN),
    ("emr-serverless", "cancelJobRun"): Job(
        look="GetJobRun", arguments=_SERVERLESS_RUN, status="JobRun.State", good=_words("CANCELLED SUCCESS FAILED")),
    ("glue", "startJobRun"): Job(
        look="GetJobRun", arguments={"JobName": "{params.JobName}", "RunId": "{result.JobRunId}"}, found="JobRun",
        status="JobRunState", good=_words("SUCCEEDED"), bad=_words("FAILED STOPPED TIMEOUT ERROR EXPIRED"),
        stop="BatchStopJobRun",
        stop_arguments={"JobName": "{params.JobName}", "JobRunIds": ["{result.JobRunId}"]}),
    ("mediaconvert", "createJob"): Job(
        look="GetJob", arguments={"Id": "{result.Job.Id}"}, status="Job.Status", good=_words("COMPLETE"),
        bad=_words("ERROR CANCELED"), stop="CancelJob", stop_arguments={"Id": "{result.Job.Id}"}),
    ("sagemaker", "createTrainingJob"): _sagemaker("TrainingJob"),
    ("sagemaker", "createTransformJob"): _sagemaker("TransformJob"),
    ("sagemaker", "createProcessingJob"): _sagemaker("ProcessingJob"),
    ("sagemaker", "createHyperParameterTuningJob"): _sagemaker("HyperParameterTuningJob"),
    ("sagemaker", "createLabelingJob"): _sagemaker("LabelingJob"),
}
