"""Whom to tell, and when: by urgency, the clinic's hours and its days off."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.urgency import Circle, Hours, Urgency, after_working, circles

NEW_YORK = ZoneInfo("America/New_York")
HOURS = Hours(NEW_YORK, holidays=[date(2026, 3, 9)])
# On the wall clock of the clinic.
YEAR = (datetime(2026, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001  # the zone is put to them in the test
A, T, S = Circle.ASSIGNER, Circle.TEAM, Circle.SECOND_CONTACT


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("urgency", "opened_at", "expected"),
    [
        ("emergency", "2026-03-03 10:00", [(A, "2026-03-03 10:00"), (T, "2026-03-03 10:15"), (S, "2026-03-03 10:30")]),
        ("crisis", "2026-03-06 22:00", [(A, "2026-03-06 22:00"), (S, "2026-03-06 22:00"), (T, "2026-03-06 22:15"), (S, "2026-03-06 22:30")]),
        ("same_day", "2026-03-03 10:00", [(A, "2026-03-03 10:00"), (T, "2026-03-03 12:00"), (S, "2026-03-03 14:00")]),
        # Friday night, a weekend in which the clocks change, and a holiday on Monday.
        ("same_day", "2026-03-06 22:00", [(A, "2026-03-06 22:00"), (S, "2026-03-06 22:00"), (T, "2026-03-10 11:00"), (S, "2026-03-10 13:00")]),
        ("review", "2026-03-06 22:00", [(A, "2026-03-06 22:00"), (T, "2026-03-10 17:00")]),
        ("review", "2026-03-03 10:00", [(A, "2026-03-03 10:00"), (T, "2026-03-04 10:00")]),
    ],
)  # fmt: skip
def test_whom_to_tell_and_when(
    urgency: str, opened_at: str, expected: list[tuple[Circle, str]]
) -> None:
    found = circles(Urgency(urgency), opened_at=at(opened_at), hours=HOURS)
    assert list(found) == [(circle, at(when)) for circle, when in expected]


@given(
    urgency=st.sampled_from(Urgency),
    opened_at=st.datetimes(*YEAR),
    weekdays=st.sets(st.integers(0, 6)),
)
def test_somebody_is_asked_at_once_whenever_it_cannot_wait(
    urgency: Urgency, opened_at: datetime, weekdays: set[int]
) -> None:
    moment = opened_at.replace(tzinfo=NEW_YORK)
    hours = Hours(NEW_YORK, weekdays=weekdays)
    found = circles(urgency, opened_at=moment, hours=hours)
    now = {circle for circle, when in found if when <= moment}
    assert Circle.ASSIGNER in now
    if urgency is not Urgency.REVIEW:
        assert hours.is_open(moment) or Circle.SECOND_CONTACT in now
    assert [when for _, when in found] == sorted(when for _, when in found)


def test_a_clinic_that_never_opens_is_not_waited_for_for_ever() -> None:
    never = Hours(NEW_YORK, weekdays=())
    since = at("2026-03-03 10:00")
    assert after_working(timedelta(hours=1), since=since, hours=never) == since + timedelta(days=60)


def test_a_clinic_may_open_on_saturdays() -> None:
    hours = Hours(NEW_YORK, opens=time(10), closes=time(12), weekdays=[5])
    assert hours.is_open(at("2026-03-07 11:59"))
    assert not hours.is_open(at("2026-03-07 12:00"))
    assert not hours.is_open(at("2026-03-06 11:00"))
