"""Working time: spans that count only working days and hours of a place.

A calendar is `{"timezone", "country", "from", "until", "days"}`: IANA name, ISO 3166 code of the holidays ("": none),
"09:00", "18:00", and the working days of the week (1 is Monday).  In a span each 24 hours are one working day, at the
same time of that day; what is left of it is working time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

DAY: Final = 24 * 3600
MOST_DAYS: Final = 3 * 366  # looked through for the next working day; more is no calendar
USUAL: Final[dict[str, Any]] = {"timezone": "UTC", "country": "", "from": "09:00", "until": "18:00",
                                "days": [1, 2, 3, 4, 5]}


class CalendarError(ValueError):
    """What is wrong with a calendar."""


def read(value: Any) -> dict[str, Any]:
    """A calendar as it is kept: a country's code ("JP") or an object.  CalendarError."""
    if isinstance(value, str):
        zones = {"JP": "Asia/Tokyo"}
        value = {"country": value, "timezone": zones.get(value, "UTC")}
    if not isinstance(value, Mapping) or not set(value) <= set(USUAL):
        raise CalendarError(f"must be a country's code or an object of {', '.join(USUAL)}")
    calendar = USUAL | dict(value)
    _check_place(calendar)
    days = calendar["days"]
    if not isinstance(days, list) or not days or not set(map(str, days)) <= set("1234567"):
        raise CalendarError('"days" must be numbers from 1 (Monday) to 7')
    if _clock(calendar["from"]) >= _clock(calendar["until"]):
        raise CalendarError('"from" must be before "until"')
    return calendar


def after(start: datetime, seconds: int, calendar: Mapping[str, Any]) -> datetime:
    """The moment that lies `seconds` of working time behind `start`, in UTC."""
    zone = ZoneInfo(calendar["timezone"])
    opens, closes = _clock(calendar["from"]), _clock(calendar["until"])
    moment = _at_work(start.astimezone(zone), calendar, opens, closes)
    for _ in range(seconds // DAY):
        moment = _on(_next_day(moment.date() + timedelta(days=1), calendar), moment.time(), zone)
    left = timedelta(seconds=seconds % DAY)
    while True:
        end = _on(moment.date(), closes, zone)
        room = end.astimezone(UTC) - moment.astimezone(UTC)
        if left <= room:
            return moment.astimezone(UTC) + left
        left -= room
        moment = _on(_next_day(moment.date() + timedelta(days=1), calendar), opens, zone)


def _at_work(moment: datetime, calendar: Mapping[str, Any], opens: time, closes: time) -> datetime:
    """`moment` itself in working hours, else when work begins next."""
    zone = ZoneInfo(calendar["timezone"])
    today = _next_day(moment.date(), calendar)
    if today != moment.date() or moment.time() < opens:
        return _on(today, opens, zone)
    if moment.time() >= closes:
        return _on(_next_day(today + timedelta(days=1), calendar), opens, zone)
    return moment


def _next_day(day: date, calendar: Mapping[str, Any]) -> date:
    """The first working day from `day` on."""
    holidays = _holidays(calendar["country"])
    weekdays = {int(each) for each in calendar["days"]}
    for ahead in range(MOST_DAYS):
        found = day + timedelta(days=ahead)
        if found.isoweekday() in weekdays and found not in holidays:
            return found
    raise CalendarError("has no working day")


def _on(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock.replace(tzinfo=None), zone)


def _clock(text: Any) -> time:
    try:
        found = time.fromisoformat(str(text))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or not isinstance(text, str):
        raise CalendarError('"from" and "until" must be times such as "09:00"')
    return found


def _check_place(calendar: Mapping[str, Any]) -> None:
    try:
        ZoneInfo(calendar["timezone"])
    except (KeyError, ValueError, TypeError, OSError):
        raise CalendarError(f"\"timezone\" is '{calendar['timezone']}', which is no time zone") from None
    try:
        _holidays(calendar["country"])
    except (NotImplementedError, AttributeError, TypeError):
        raise CalendarError(f"\"country\" is '{calendar['country']}', whose holidays are not known") from None


@lru_cache(maxsize=64)
def _holidays(country: str) -> Any:
    """The public holidays of a country, computed a year at a time when they are asked for."""
    if not country:
        return frozenset()
    import holidays  # 20 ms, and only who has a calendar needs it

    return holidays.country_holidays(country)
