"""Timestamps as ASL writes them: the RFC 3339 profile of ISO 8601 (asl-language.md §9)."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import datetime

_SHAPE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)


def parse_timestamp(value: object) -> int | None:
    """The instant in nanoseconds since the epoch, or None when `value` is no timestamp."""
    match = _SHAPE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.group(1, 2, 3, 4, 5, 6))
    try:
        seconds = timegm(datetime(year, month, day, hour, minute, second).timetuple())
    except ValueError:
        return None
    fraction, sign, hours, minutes = match.group(7, 8, 9, 10)
    if sign is not None:
        if int(hours) > 18 or int(minutes) > 59:
            return None
        offset = int(hours) * 3600 + int(minutes) * 60
        seconds += offset if sign == "-" else -offset
    return seconds * 1_000_000_000 + int((fraction or "0").ljust(9, "0"))


def timestamp_ms(value: object) -> int | None:
    """The instant in milliseconds since the epoch, or None when `value` is no timestamp."""
    nanoseconds = parse_timestamp(value)
    return None if nanoseconds is None else nanoseconds // 1_000_000
