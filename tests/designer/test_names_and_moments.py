"""How people and moments are written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from designer.people import moments
from designer.people.names import colour, initials


@pytest.mark.parametrize(("name", "expected"), [
    ("佐藤 美咲", "佐"), ("Ana Ruiz", "AR"), ("ken.tanaka", "KT"), ("admin", "AD"), ("x", "X"), ("  ", "?"), ("", "?"),
    ("ｋｅｎ", "ｋ"),
])
def test_initials(name, expected):
    assert initials(name) == expected


def test_colours_are_five():
    assert {colour(number) for number in range(20)} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(("language", "zone", "expected"), [
    ("en", "UTC", "18 Nov 2001, 09:31"),
    ("ja", "Asia/Tokyo", "2001年11月18日 18:31"),
    ("en", "America/New_York", "18 Nov 2001, 04:31"),
])
def test_a_moment_in_the_readers_language_and_zone(language, zone, expected):
    with translation.override(language), timezone.override(zone):
        assert moments.short(datetime(2001, 11, 18, 9, 31, 7, tzinfo=UTC)) == expected


def test_this_years_moments_go_without_the_year():
    now = timezone.now()
    assert str(now.year) not in moments.short(now)
    assert str(now.year) in moments.exact(now)


def test_milliseconds():
    assert moments.from_ms(1_000_000_000_123) == datetime(2001, 9, 9, 1, 46, 40, 123_000, tzinfo=UTC)
