"""Logging, tracing and encryption configurations, and the role: checked and brought into one form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from designer.arns import invalid_arn
from designer.errors import ActionError

_LOG_GROUP: Final = re.compile(r"arn:aws[a-z-]*:logs:[a-z0-9-]*:\d{12}:log-group:[\w./#-]+:\*")
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_OWNED: Final = "AWS_OWNED_KEY"
_MANAGED: Final = "CUSTOMER_MANAGED_KMS_KEY"
DEFAULT_REUSE_SECONDS: Final = 300


def default_role(account: str) -> str:
    """The role of machines that are made without one; it names no permission here (architecture.md section 3)."""
    return f"arn:aws:iam::{account}:role/statewright"


def check_role(arn: str) -> str:
    """Return a role ARN, or raise InvalidArn."""
    if not arn.startswith("arn:"):
        raise invalid_arn(f"Invalid ARN prefix: {arn}")
    if not _ROLE.fullmatch(arn):
        raise invalid_arn(f"Not the ARN of an IAM role: {arn}")
    return arn


def logging_configuration(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The configuration as DescribeStateMachine answers it; InvalidLoggingConfiguration when it cannot be."""
    given = given or {}
    level = given.get("level") or "OFF"
    destinations = list(given.get("destinations") or [])
    if len(destinations) > 1 or (level != "OFF" and not destinations):
        raise _bad_logging("Must specify exactly one Log Destination.")
    for destination in destinations:
        arn = (destination.get("cloudWatchLogsLogGroup") or {}).get("logGroupArn") or ""
        if not _LOG_GROUP.fullmatch(arn):
            raise _bad_logging("Log Destination not found.")
    kept = {"level": level, "includeExecutionData": bool(given.get("includeExecutionData", False))}
    return kept | ({"destinations": destinations} if destinations else {})


def _bad_logging(reason: str) -> ActionError:
    return ActionError("InvalidLoggingConfiguration", f"Invalid Logging Configuration: {reason}")


def tracing_configuration(given: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"enabled": bool((given or {}).get("enabled", False))}


def encryption_configuration(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The configuration as DescribeStateMachine answers it; InvalidEncryptionConfiguration when it cannot be."""
    given = given or {"type": _OWNED}
    key, period = given.get("kmsKeyId"), given.get("kmsDataKeyReusePeriodSeconds")
    if given.get("type") != _MANAGED:
        if key is not None or period is not None:
            raise _bad_encryption(f"kmsKeyId and kmsDataKeyReusePeriodSeconds go with the type {_MANAGED} only.")
        return {"type": _OWNED}
    if not key:
        raise _bad_encryption(f"The type {_MANAGED} needs a kmsKeyId.")
    return {"type": _MANAGED, "kmsKeyId": key,
            "kmsDataKeyReusePeriodSeconds": DEFAULT_REUSE_SECONDS if period is None else period}


def _bad_encryption(reason: str) -> ActionError:
    return ActionError("InvalidEncryptionConfiguration", f"Invalid Encryption Configuration: {reason}")
