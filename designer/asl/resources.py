"""A Task's `Resource`: which kinds of ARN there are (asl-language.md §14, integrations.md)."""

from __future__ import annotations

import re
from functools import lru_cache

from designer.asl.model import Resource

# Function and activity names may be Unicode; region and account may be placeholders ("region", "${AWS::Region}").
_PART = r"(?:[\w<>*.-]|\$\{[^}]*\})*"
_LAMBDA = re.compile(rf"arn:[\w<>-]+:lambda:{_PART}:{_PART}:function:[^:\s]+(?::[^:\s]+)?")
_ACTIVITY = re.compile(rf"arn:[\w<>-]+:states:{_PART}:{_PART}:activity:[^:\s]+")
_SERVICE = re.compile(
    r"arn:[\w<>-]+:states:[\w<>-]*:[\w<>-]*:(aws-sdk:)?([A-Za-z0-9_-]+):([A-Za-z0-9_]+)(\.[A-Za-z0-9:]+)?")

@lru_cache(maxsize=4096)
def parse_resource(arn: str) -> Resource | None:
    """The parts of a resource, None when it has none of the forms."""
    if _LAMBDA.fullmatch(arn):
        return Resource(arn, "lambda")
    if _ACTIVITY.fullmatch(arn):
        return Resource(arn, "activity")
    match = _SERVICE.fullmatch(arn)
    if match is None:
        return None
    sdk, service, action, suffix = match.groups()
    return Resource(arn, "service", (sdk or "") + service, action, suffix or "")
