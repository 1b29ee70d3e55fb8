"""Optimized integrations whose parameters or result differ from the service's own (integrations.md §2, §4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from designer.asl.errors import TASK_FAILED
from designer.asl.jsontext import dumps, loads
from executions.integrations.aws.shapes import ProblemsError
from executions.integrations.kinds import TaskError, TaskRequest

# (parameters, request, the service's client) -> parameters; (result) -> result
Before = Callable[[dict[str, Any], TaskRequest, Any], dict[str, Any]]
After = Callable[[dict[str, Any]], dict[str, Any]]


def _same(result: dict[str, Any]) -> dict[str, Any]:
    return result


@dataclass(frozen=True, slots=True)
class Special:
    before: Before | None = None
    after: After = _same


def _put_events(parameters: dict[str, Any], request: TaskRequest, client: Any) -> dict[str, Any]:
    """The execution and its state machine are appended to the resources of every entry."""
    entries = parameters.get("Entries")
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise ProblemsError(['The value of the field "Entries" must be an ARRAY of objects'])
    own = [request.execution_arn, request.machine_arn]
    return parameters | {"Entries": [
        {**entry, "Resources": [*(entry.get("Resources") or []), *own]} for entry in entries]}


def _all_entries(result: dict[str, Any]) -> dict[str, Any]:
    if result.get("FailedEntryCount"):
        raise TaskError("EventBridge.FailedEntry", dumps(result))
    return result


def _started_tasks(result: dict[str, Any]) -> dict[str, Any]:
    if result.get("Failures") and not result.get("Tasks"):
        raise TaskError(TASK_FAILED, dumps(result))
    return result


def _model_answer(result: dict[str, Any]) -> dict[str, Any]:
    """The body is JSON where it can be read as such."""
    try:
        return result | {"Body": loads(result.get("Body", ""))}
    except ValueError:
        return result


def _body_only(parameters: dict[str, Any], request: TaskRequest, client: Any) -> dict[str, Any]:
    if "Input" in parameters or "Output" in parameters:
        raise ProblemsError(['The fields "Input" and "Output" (data in S3) are not supported by this installation; '
                             'give the data as "Body"'])
    return parameters


def _wanted(parameters: dict[str, Any], name: str) -> Any:
    if parameters.get(name) is None:
        raise ProblemsError([f'The field "{name}" is required but was missing'])
    return parameters[name]


def _flows(parameters: dict[str, Any], request: TaskRequest, client: Any) -> dict[str, Any]:
    """EMR still calls clusters job flows in its API."""
    rest = {name: value for name, value in parameters.items() if name != "ClusterId"}
    return rest | {"JobFlowIds": [_wanted(parameters, "ClusterId")]}


def _one_step(parameters: dict[str, Any], request: TaskRequest, client: Any) -> dict[str, Any]:
    rest = {name: value for name, value in parameters.items() if name not in ("ClusterId", "Step")}
    return rest | {"JobFlowId": _wanted(parameters, "ClusterId"), "Steps": [_wanted(parameters, "Step")]}


def _cancelled_step(parameters: dict[str, Any], request: TaskRequest, client: Any) -> dict[str, Any]:
    return {"ClusterId": _wanted(parameters, "ClusterId"), "StepIds": [_wanted(parameters, "StepId")]}


def _fleet(parameters: dict[str, Any], request: TaskRequest, client: Any) -> dict[str, Any]:
    """A fleet that is given by its name."""
    cluster, name = _wanted(parameters, "ClusterId"), _wanted(parameters, "InstanceFleetName")
    fleets = client.list_instance_fleets(ClusterId=cluster)["InstanceFleets"]
    found = _named(fleets, name, "InstanceFleetName")
    return {"ClusterId": cluster, "InstanceFleet": {**_wanted(parameters, "InstanceFleet"), "InstanceFleetId": found}}


def _group(parameters: dict[str, Any], request: TaskRequest, client: Any) -> dict[str, Any]:
    cluster, name = _wanted(parameters, "ClusterId"), _wanted(parameters, "InstanceGroupName")
    groups = client.list_instance_groups(ClusterId=cluster)["InstanceGroups"]
    found = _named(groups, name, "InstanceGroupName")
    return {"ClusterId": cluster,
            "InstanceGroups": [{**_wanted(parameters, "InstanceGroup"), "InstanceGroupId": found}]}


def _named(rows: list[dict[str, Any]], name: str, field: str) -> str:
    for row in rows:
        if row.get("Name") == name:
            return str(row["Id"])
    raise ProblemsError([f'The field "{field}" names "{name}", which the cluster does not have'])


def _cluster_id(result: dict[str, Any]) -> dict[str, Any]:
    return {"ClusterId" if name == "JobFlowId" else name: value for name, value in result.items()}


def _step_id(result: dict[str, Any]) -> dict[str, Any]:
    return {"StepId": next(iter(result.get("StepIds", [])), None)}


def _cancel_info(result: dict[str, Any]) -> dict[str, Any]:
    return {"CancelStepsInfo": next(iter(result.get("CancelStepsInfoList", [])), None)}


PLAIN: Final = Special()
SPECIAL: Final[dict[tuple[str, str], Special]] = {
    ("bedrock", "invokeModel"): Special(_body_only, _model_answer),
    ("events", "putEvents"): Special(_put_events, _all_entries),
    ("elasticmapreduce", "createCluster"): Special(None, _cluster_id),
    ("elasticmapreduce", "terminateCluster"): Special(_flows),
    ("elasticmapreduce", "addStep"): Special(_one_step, _step_id),
    ("elasticmapreduce", "cancelStep"): Special(_cancelled_step, _cancel_info),
    ("elasticmapreduce", "setClusterTerminationProtection"): Special(_flows),
    ("elasticmapreduce", "modifyInstanceFleetByName"): Special(_fleet),
    ("elasticmapreduce", "modifyInstanceGroupByName"): Special(_group),
}
