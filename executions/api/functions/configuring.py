"""What a function is told to be: members of the Lambda API -> what deploying.py takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from executions.integrations.aws.clients import CLIENTS
from executions.integrations.aws.objects import fetch
from executions.integrations.functions.code import MAX_ZIP_BYTES
from executions.integrations.functions.deploying import refused

# The Lambda API's name -> ours.
_FIELDS: Final = {"Runtime": "runtime", "Handler": "handler", "Timeout": "timeout", "MemorySize": "memory",
                  "Description": "description", "Role": "role"}
# Kept and given back, without effect.
_SETTINGS: Final = ("VpcConfig", "DeadLetterConfig", "KMSKeyArn", "TracingConfig", "Architectures", "EphemeralStorage",
                    "SnapStart", "LoggingConfig")
_REFUSED: Final = {
    "Layers": "layers; put the packages into the function's zip",
    "ImageConfig": "container images; give the code as a zip",
    "FileSystemConfigs": "file systems of AWS",
    "CodeSigningConfigArn": "code signing",
    "CapacityProviderConfig": "capacity providers",
    "DurableConfig": "durable functions; a state machine keeps the state",
    "TenancyConfig": "tenants",
    "AcceleratorConfig": "accelerators",
}


def configuration(request: Mapping[str, Any]) -> dict[str, Any]:
    """Only what was given; InvalidParameterValueException for what is not offered."""
    for name, what in _REFUSED.items():
        if request.get(name):
            raise refused(f"{name}: this installation has no {what}.")
    if request.get("PackageType") == "Image":
        raise refused(f"PackageType: this installation has no {_REFUSED['ImageConfig']}.")
    found = {ours: request[name] for name, ours in _FIELDS.items() if name in request}
    if "Environment" in request:
        found["environment"] = request["Environment"].get("Variables", {})
    return found | {"settings": {name: request[name] for name in _SETTINGS if name in request}}


async def package(code: Mapping[str, Any]) -> bytes:
    """The zip, fetched from S3 if that is where it lies, or the text of a Python file in its place."""
    if "ImageUri" in code:
        raise refused(f"ImageUri: this installation has no {_REFUSED['ImageConfig']}.")
    if "S3Bucket" in code or "S3Key" in code:
        if "ZipFile" in code or not {"S3Bucket", "S3Key"} <= code.keys():
            raise refused("Please provide either ZipFile, or S3Bucket and S3Key, for function code.")
        return await CLIENTS.in_thread(
            fetch, code["S3Bucket"], code["S3Key"], code.get("S3ObjectVersion"), MAX_ZIP_BYTES)
    zip_file: bytes = code.get("ZipFile", b"")
    if not zip_file:
        raise refused("Please provide a source for function code.")
    return zip_file
