"""Times of the hot tables (ms since the epoch) as the REST API writes them: ISO 8601, UTC, milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(milliseconds: int | None) -> str | None:
    """2025-11-18T00:31:07.204Z; None stays None."""
    if milliseconds is None:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(moment: datetime) -> int:
    """The reverse of `iso`, of a datetime."""
    return int(moment.timestamp() * 1000)
