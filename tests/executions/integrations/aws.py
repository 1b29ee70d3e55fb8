"""What tests of AWS tasks share: the built-in emulator, one for all tests of a process."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from executions.integrations.aws.clients import CLIENTS
from executions.integrations.aws.task import AwsTask
from executions.integrations.kinds import TaskError
from tests.executions.integrations.conftest import Sent, request

THERE_ALREADY = ("ResourceInUseException", "BucketAlreadyOwnedByYou", "AlreadyExistsException", "EntityAlreadyExists")


def service(name: str) -> Any:
    """botocore's client of a service of the emulator, to prepare things and to look at them."""
    return CLIENTS.client(name, "us-east-1")


async def run(arn: str, parameters: Any, **details: Any) -> Sent:
    """Run a task and give what it sent."""
    sent = Sent()
    await AwsTask().run(request(f"arn:aws:states:::{arn}", parameters, **details), sent)
    return sent


async def result_of(arn: str, parameters: Any, **details: Any) -> Any:
    sent = await run(arn, parameters, **details)
    assert sent.kinds == ["Began", "Replied"]
    return sent.signals[-1].output  # type: ignore[union-attr]


async def failure_of(arn: str, parameters: Any, **details: Any) -> TaskError:
    try:
        await run(arn, parameters, **details)
    except TaskError as error:
        return error
    raise AssertionError(f"{arn} did not fail")


def quietly(call: Any, **arguments: Any) -> Any:
    """Prepare something that may be there already."""
    try:
        return call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in THERE_ALREADY:
            raise
        return None
