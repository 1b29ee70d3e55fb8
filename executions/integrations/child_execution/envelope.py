"""What a parent gets to know of its child: PascalCase members in alphabetical order, dates in ms since the epoch."""

from __future__ import annotations

import uuid
from typing import Any

from designer.asl.jsontext import dumps, loads
from executions.integrations.child_execution.accounts import as_asked
from executions.integrations.metadata import with_metadata
from executions.models import Execution


def started(arn: str, started_at: int) -> dict[str, Any]:
    """The answer of StartExecution."""
    body = dumps({"executionArn": arn, "startDate": started_at / 1000})
    headers = {"connection": "keep-alive", "Content-Length": str(len(body.encode())),
               "Content-Type": "application/x-amz-json-1.0"}
    return with_metadata({"ExecutionArn": arn, "StartDate": started_at}, headers, str(uuid.uuid4()))


def ended(child: Execution, *, parsed: bool, account: str = "") -> dict[str, Any]:
    """The description of a child that has ended; `parsed` (.sync:2) gives input and output as JSON values.

    `account` is the one that ARNs are shown under, "" for our own.
    """
    read = loads if parsed else str
    members: dict[str, Any] = {
        "ExecutionArn": as_asked(child.arn, account), "Input": read(child.input),
        "InputDetails": {"Included": True}, "Name": child.name,
        "RedriveCount": child.redrive_count, "RedriveStatus": "REDRIVABLE", "StartDate": child.started_at,
        "StateMachineArn": as_asked(child.machine.arn, account), "Status": child.status, "StopDate": child.stopped_at,
    }
    if child.status == "SUCCEEDED":
        members["RedriveStatus"] = "NOT_REDRIVABLE"
        members["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
    if child.output is not None:
        members |= {"Output": read(child.output), "OutputDetails": {"Included": True}}
    arns = {"StateMachineVersionArn": child.version_arn, "StateMachineAliasArn": child.alias_arn}
    optional = {"Error": child.error, "Cause": child.cause, "TraceHeader": child.trace_header}
    members |= {name: as_asked(arn, account) for name, arn in arns.items() if arn is not None}
    members |= {name: value for name, value in optional.items() if value is not None}
    return dict(sorted(members.items()))


def failed(child: Execution, account: str = "") -> str:
    """The cause of a parent's task whose child did not succeed; input as JSON text in both forms."""
    return dumps(ended(child, parsed=False, account=account))
