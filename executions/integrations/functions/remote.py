"""Functions that are not of this installation: AWS Lambda, or what the settings name in its place.

Asked only when AWS_ENDPOINT_URL_LAMBDA is set, or AWS is configured and so no emulator answers (local.py); the
installation's own functions come first.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from designer.asl.jsontext import dump_bytes
from executions.integrations.aws import local
from executions.integrations.aws.clients import CLIENTS
from executions.integrations.aws.failures import failure
from executions.integrations.aws.services import Called
from executions.integrations.functions.catalog import FunctionName
from executions.integrations.functions.outcome import Outcome, raised
from executions.integrations.functions.schema import Invoke

CALLED: Final = Called("lambda", "Invoke", False, "Lambda", "AWSLambdaException", "AWSLambda", True)


def is_configured() -> bool:
    """Whether there is a Lambda besides this installation's functions."""
    return not local.answers("lambda")


async def invoke(name: FunctionName, asked: Invoke, region: str) -> tuple[Outcome, str] | None:
    """Call it: what came of it, and the version that ran.  None: there is none, or no credentials to ask with."""
    return await CLIENTS.in_thread(_invoke, name, asked, name.region or region)


def _invoke(name: FunctionName, asked: Invoke, region: str) -> tuple[Outcome, str] | None:
    arguments: dict[str, Any] = {
        "FunctionName": f"{name.account}:function:{name.name}" if name.account else name.name,
        "InvocationType": asked.invocation_type, "Payload": dump_bytes(asked.payload)}
    if name.qualifier:
        arguments["Qualifier"] = name.qualifier
    if asked.client_context is not None:
        arguments["ClientContext"] = base64.b64encode(json.dumps(asked.client_context).encode()).decode()
    client = CLIENTS.client("lambda", region)
    try:
        answer = client.invoke(**arguments)
        payload: bytes = answer["Payload"].read()
    except NoCredentialsError:
        return None
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ResourceNotFoundException":
            return None
        raise failure(CALLED, error, client.meta.service_model) from None
    except BotoCoreError as error:
        raise failure(CALLED, error, client.meta.service_model) from None
    version = str(answer.get("ExecutedVersion", "$LATEST"))
    if answer.get("FunctionError"):
        failed = raised(payload, answer.get("ResponseMetadata", {}).get("RequestId", ""))
        return Outcome(payload=payload, error=failed.error, cause=payload.decode("utf-8", "replace")), version
    return Outcome(payload=payload), version
