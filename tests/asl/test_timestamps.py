"""Timestamps (asl-language.md §9)."""

from __future__ import annotations

import pytest

from designer.asl.timestamps import parse_timestamp, timestamp_ms


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01.5Z", 1_500_000_000),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T09:00:00+09:00", 0),
        ("1969-12-31T19:30:00-04:30", 0),
        ("2016-12-05T21:29:29.00Z", 1_480_973_369_000_000_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000_000),
    ],
)
def test_instants(text: str, nanoseconds: int) -> None:
    assert parse_timestamp(text) == nanoseconds
    assert timestamp_ms(text) == nanoseconds // 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "2016-12-05 21:29:29Z",
        "2016-12-05T21:29:29",
        "2016-13-05T21:29:29Z",
        "2016-12-05T25:29:29Z",
        "05-12-2016T21:29:29Z",
        "2016-12-05t21:29:29z",
        "2016-02-30T00:00:00Z",
        "2016-12-05T21:29:29.Z",
        "2016-12-05T21:29:29+0900",
        "",
        "today",
        "２０１６-12-05T21:29:29Z",
        "2016-12-05T21:29:29+19:00",
        5,
        None,
        ["2016-12-05T21:29:29Z"],
    ],
)
def test_no_timestamps(text: object) -> None:
    assert parse_timestamp(text) is None
