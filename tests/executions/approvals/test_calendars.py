"""Working time: weekends, Japanese holidays, hours, time zones; and requests whose dates count it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from executions.approvals import calendars, deadlines
from executions.approvals.levels import Level
from executions.integrations.approval.schema import read
from executions.integrations.kinds import TaskError
from executions.models import Approval

JAPAN = calendars.read("JP")
HOUR = 3600
DAY = 24 * HOUR


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+09:00")


@pytest.mark.parametrize(("start", "seconds", "end"), [
    ("11-25T10:00", 2 * HOUR, "11-25T12:00"),  # Wednesday
    ("11-25T17:00", 2 * HOUR, "11-26T10:00"),  # over the night
    ("11-27T17:00", 2 * HOUR, "11-30T10:00"),  # over the weekend
    ("11-25T10:00", 2 * DAY, "11-27T10:00"),
    ("11-26T10:00", 2 * DAY, "11-30T10:00"),
    ("11-20T10:00", DAY, "11-24T10:00"),  # Monday the 23rd is Labour Thanksgiving Day
    ("04-28T10:00", DAY, "04-30T10:00"),  # Shōwa Day
    ("05-01T12:00", DAY, "05-07T12:00"),  # the 3rd falls on a Sunday: the 6th is a holiday in its place
    ("09-18T10:00", DAY, "09-24T10:00"),  # the 22nd between two holidays is one, too
    ("11-25T20:00", HOUR, "11-26T10:00"),  # it begins after work
    ("11-25T06:00", HOUR, "11-25T10:00"),  # and before
    ("11-28T12:00", DAY, "12-01T09:00"),  # on a Saturday
    ("11-25T10:00", DAY + 9 * HOUR, "11-27T10:00"),
    ("11-25T09:00", 9 * HOUR, "11-25T18:00"),
])
def test_japanese_working_time(start: str, seconds: int, end: str) -> None:
    assert calendars.after(tokyo(start), seconds, JAPAN) == tokyo(end)


def test_hours_through_the_change_to_summer_time() -> None:
    """In Berlin the night to 29 March 2026 has an hour less; a shop that is open at night loses it."""
    night = calendars.read({"timezone": "Europe/Berlin", "from": "00:00", "until": "23:00", "days": [6, 7]})
    start = datetime.fromisoformat("2026-03-29T00:00+01:00")
    assert calendars.after(start, 4 * HOUR, night) == datetime(2026, 3, 29, 3, tzinfo=UTC)


@pytest.mark.parametrize(("value", "said"), [
    (7, "country's code or an object"), ({"zone": "x"}, "country's code or an object"),
    ("XX", "holidays are not known"),
    ({"timezone": "Mars/Base"}, "no time zone"), ({"from": "18:00", "until": "09:00"}, 'before "until"'),
    ({"from": 9}, "times such as"), ({"days": []}, "from 1"), ({"days": [0]}, "from 1"),
    ({"country": "../x"}, "not known"),
    ({"timezone": "../../etc/passwd"}, "no time zone"),
])
def test_calendars_that_are_none(value: Any, said: str) -> None:
    with pytest.raises(TaskError) as refused:
        read({"title": "T", "calendar": value})
    assert refused.value.error == "States.Runtime"
    assert said in (refused.value.cause or "")


def test_due_dates_and_reminders_count_working_time() -> None:
    wanted = read({"title": "T", "calendar": "JP", "due": {"days": 2}, "remind": {"every": {"days": 1}}})
    approval = Approval(rules=wanted.rules)
    deadlines.begin(approval, Level("", (), (), 1), tokyo("11-27T10:00"))  # a Friday
    assert approval.due_at == tokyo("12-01T10:00")
    assert deadlines.next_reminder(approval) == tokyo("11-30T10:00")
    assert approval.wake_at == deadlines.to_ms(tokyo("11-30T10:00"))
    plain = Approval(rules=read({"title": "T", "due": {"days": 2}}).rules)
    deadlines.begin(plain, Level("", (), (), 1), tokyo("11-27T10:00"))
    assert plain.due_at == tokyo("11-29T10:00")
