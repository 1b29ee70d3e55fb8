"""What AWS's SDK adds to the result of an optimised integration: SdkHttpMetadata and SdkResponseMetadata."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any


def with_metadata(
    result: dict[str, Any], headers: dict[str, str], request_id: str, status: int = 200,
) -> dict[str, Any]:
    """The result with both members, its keys in alphabetical order.

    `headers` are the called service's own; date and request id are added in the order of the recordings.
    """
    complete = {**headers, "Date": format_datetime(datetime.now(UTC), usegmt=True), "x-amzn-RequestId": request_id}
    ordered = dict(sorted(complete.items(), key=lambda item: item[0].lower()))
    everything = {
        **result,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in complete.items()},
            "HttpHeaders": ordered,
            "HttpStatusCode": status,
        },
        "SdkResponseMetadata": {"RequestId": request_id},
    }
    return dict(sorted(everything.items()))
