"""Objects of S3 (or of its emulator), read whole.  Blocks, and runs in the threads of clients.py."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from designer.errors import ActionError
from designer.settings import CONFIG
from executions.integrations.aws.clients import CLIENTS


def fetch(bucket: str, key: str, version: str | None, most: int) -> bytes:
    """The object's content, of at most `most` bytes; InvalidParameterValueException in the words of Lambda."""
    named: dict[str, Any] = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
    try:
        found = CLIENTS.client("s3", CONFIG.region).get_object(**named)
        size = found["ContentLength"]
        if size > most:
            raise _refused(f"The object {key} of {bucket} has {size} bytes; at most {most} are allowed.")
        content: bytes = found["Body"].read()
    except ClientError as error:
        told: Any = error.response.get("Error", {})
        raise _refused(f"Error occurred while GetObject. S3 Error Code: {told.get('Code')}. S3 Error Message: "
                       f"{told.get('Message')}") from None
    except BotoCoreError as error:
        raise _refused(f"Error occurred while GetObject. {error}") from None
    return content


def _refused(message: str) -> ActionError:
    return ActionError("InvalidParameterValueException", message)
