"""The operations of Step Functions, by noun.

A plain function `(actor, request) -> answer` reads or writes the database and runs in a thread; a coroutine
runs in the engine's loop.  `request` has been checked against AWS's model; the answer is a dict or JSON text.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, cast

from designer.permissions import Actor
from executions.api.operations import (
    activities,
    aliases,
    definitions,
    executions,
    histories,
    map_runs,
    state_machines,
    tags,
    tasks,
    test_state,
    versions,
)
from executions.store import in_thread

Request = dict[str, Any]
Result = dict[str, Any] | bytes


@dataclass(frozen=True, slots=True)
class Operation:
    """`waits` says that it may take long, so that a client that hangs up is noticed."""

    call: Callable[[Actor, Request], Coroutine[Any, Any, Result]]
    waits: bool = False


def _operation(function: Callable[..., Any], *, waits: bool = False) -> Operation:
    if inspect.iscoroutinefunction(function):
        return Operation(cast(Callable[[Actor, Request], Coroutine[Any, Any, Result]], function), waits)
    return Operation(lambda actor, request: in_thread(function, actor, request), waits)


OPERATIONS: Final[dict[str, Operation]] = {
    "CreateActivity": _operation(activities.create_activity),
    "CreateStateMachine": _operation(state_machines.create_state_machine),
    "CreateStateMachineAlias": _operation(aliases.create_alias),
    "DeleteActivity": _operation(activities.delete_activity),
    "DeleteStateMachine": _operation(state_machines.delete_state_machine),
    "DeleteStateMachineAlias": _operation(aliases.delete_alias),
    "DeleteStateMachineVersion": _operation(versions.delete_version),
    "DescribeActivity": _operation(activities.describe_activity),
    "DescribeExecution": _operation(executions.describe_execution),
    "DescribeMapRun": _operation(map_runs.describe_map_run),
    "DescribeStateMachine": _operation(state_machines.describe_state_machine),
    "DescribeStateMachineAlias": _operation(aliases.describe_alias),
    "DescribeStateMachineForExecution": _operation(state_machines.describe_for_execution),
    "GetActivityTask": _operation(activities.get_activity_task, waits=True),
    "GetExecutionHistory": _operation(histories.get_execution_history),
    "ListActivities": _operation(activities.list_activities),
    "ListExecutions": _operation(executions.list_executions),
    "ListMapRuns": _operation(map_runs.list_map_runs),
    "ListStateMachineAliases": _operation(aliases.list_aliases),
    "ListStateMachineVersions": _operation(versions.list_versions),
    "ListStateMachines": _operation(state_machines.list_state_machines),
    "ListTagsForResource": _operation(tags.list_tags),
    "PublishStateMachineVersion": _operation(versions.publish_version),
    "RedriveExecution": _operation(executions.redrive_execution),
    "SendTaskFailure": _operation(tasks.send_task_failure),
    "SendTaskHeartbeat": _operation(tasks.send_task_heartbeat),
    "SendTaskSuccess": _operation(tasks.send_task_success),
    "StartExecution": _operation(executions.start_execution),
    "StartSyncExecution": _operation(executions.start_sync_execution),
    "StopExecution": _operation(executions.stop_execution),
    "TagResource": _operation(tags.tag_resource),
    "TestState": _operation(test_state.test_state, waits=True),
    "UntagResource": _operation(tags.untag_resource),
    "UpdateMapRun": _operation(map_runs.update_map_run),
    "UpdateStateMachine": _operation(state_machines.update_state_machine),
    "UpdateStateMachineAlias": _operation(aliases.update_alias),
    "ValidateStateMachineDefinition": _operation(definitions.validate_definition),
}
