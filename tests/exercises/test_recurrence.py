"""Wall time in, UTC out, across every clock change we could find."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.recurrence import Occurrence, Rule, Step, instant_of, next_occurrence

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Europe/Dublin",
    "Australia/Lord_Howe",  # moves by 30 minutes
    "Australia/Sydney",  # southern summer
    "Asia/Tehran",
    "Pacific/Apia",  # skipped 30 December 2011
    "Africa/Casablanca",
    "America/Phoenix",  # never moves
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
dates = st.dates(date(2011, 6, 1), date(2030, 12, 31))
times = st.times().map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize(
    ("label", "zone", "local_date", "wall_time", "expected"),
    [
        ("a plain day", "America/New_York", date(2026, 3, 3), time(8, 30), "2026-03-03T13:30"),
        ("after the jump", "America/New_York", date(2026, 3, 8), time(8, 30), "2026-03-08T12:30"),
        ("skipped hour", "America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08T07:00"),
        ("hour that comes twice", "America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
        ("half-hour gap", "Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30"),
        ("gap at midnight", "America/Sao_Paulo", date(2018, 11, 4), time(0, 10), "2018-11-04T03:00"),
    ],
)  # fmt: skip  # one case a line reads as a table
def test_a_wall_time_has_one_instant(
    label: str, zone: str, local_date: date, wall_time: time, expected: str
) -> None:
    instant = instant_of(local_date, wall_time, ZoneInfo(zone))
    assert instant == datetime.fromisoformat(expected).replace(tzinfo=UTC), label


def test_a_date_the_zone_skips_has_no_instant() -> None:
    assert instant_of(date(2011, 12, 30), time(8, 30), ZoneInfo("Pacific/Apia")) is None


@given(local_date=dates, wall_time=times, zone=zones)
def test_an_instant_is_the_wall_time_or_the_first_after_a_gap(
    local_date: date, wall_time: time, zone: ZoneInfo
) -> None:
    instant = instant_of(local_date, wall_time, zone)
    wall = datetime.combine(local_date, wall_time)
    if instant is None:
        assert zone.key == "Pacific/Apia"
        return
    back = instant.astimezone(zone).replace(tzinfo=None)
    just_before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    if back != wall:
        # In a gap: the second before still reads earlier than the asked time, this one later.
        assert just_before < wall < back
    earlier_pass = (instant - timedelta(hours=1)).astimezone(zone).replace(tzinfo=None)
    assert earlier_pass != wall


steps = st.builds(
    Step,
    first_week=st.just(1),
    every_n_days=st.integers(1, 14),
    weekdays=st.just(()) | st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple),
)
rules = st.builds(
    Rule,
    times=st.lists(times, min_size=1, max_size=4, unique=True).map(
        lambda all_: tuple(sorted(all_))
    ),
    starts_on=dates,
    steps=st.tuples(steps) | st.tuples(steps, steps.map(lambda step: replace(step, first_week=3))),
)


@given(rule=rules, zone=zones)
def test_occurrences_move_forward_and_never_repeat(rule: Rule, zone: ZoneInfo) -> None:
    seen: list[Occurrence] = []
    last: tuple[date, int] | None = None
    for _ in range(12):
        occurrence = next_occurrence(rule, zone, last=last)
        assert occurrence is not None
        last = (occurrence.local_date, occurrence.slot)
        seen.append(occurrence)
    keys = [(row.local_date, row.slot) for row in seen]
    assert keys == sorted(set(keys))
    assert [row.due_at for row in seen] == sorted(row.due_at for row in seen)
    assert all(on_by_hand(rule, day) for day, _ in keys)


def on_by_hand(rule: Rule, day: date) -> bool:
    """An independent reading of a rule's steps."""
    days = (day - rule.starts_on).days
    step = rule.steps[-1] if days >= 7 * (rule.steps[-1].first_week - 1) else rule.steps[0]
    if step.weekdays:
        return days >= 0 and day.weekday() in step.weekdays
    return days >= 0 and (days - 7 * (step.first_week - 1)) % step.every_n_days == 0


@given(rule=rules, zone=zones, after=st.datetimes(datetime(2012, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001  # made aware below
def test_the_next_is_the_first_later_one(rule: Rule, zone: ZoneInfo, after: datetime) -> None:
    moment = after.replace(tzinfo=UTC)
    found = next_occurrence(rule, zone, after=moment)
    assert found is not None
    assert found.due_at > moment
    # Independently: walk the calendar from well before and take the first later instant.
    candidates = (
        (instant_of(day, wall_time, zone), day, slot)
        for offset in range(-3, 40)
        for day in [max(rule.starts_on, moment.date()) + timedelta(days=offset)]
        if on_by_hand(rule, day)
        for slot, wall_time in enumerate(rule.times)
    )
    later = [row for row in candidates if row[0] is not None and row[0] > moment]
    assert (found.due_at, found.local_date, found.slot) == min(later)


@given(rule=rules, east=zones, west=zones, fired=st.integers(1, 5))
def test_a_move_never_repeats_a_local_date(
    rule: Rule, east: ZoneInfo, west: ZoneInfo, fired: int
) -> None:
    last: tuple[date, int] | None = None
    for _ in range(fired):
        occurrence = next_occurrence(rule, east, last=last)
        assert occurrence is not None
        last = (occurrence.local_date, occurrence.slot)
    moved = next_occurrence(rule, west, last=last)
    assert moved is not None
    assert (moved.local_date, moved.slot) > last  # type: ignore[operator]  # fired at least once


def test_a_rule_ends() -> None:
    rule = Rule(times=(time(8),), starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 2))
    second = next_occurrence(rule, NEW_YORK, last=(date(2026, 3, 1), 0))
    assert second == Occurrence(date(2026, 3, 2), 0, datetime(2026, 3, 2, 13, tzinfo=UTC))
    assert next_occurrence(rule, NEW_YORK, last=(date(2026, 3, 2), 0)) is None


def test_due_exactly_now_is_not_later_than_now() -> None:
    rule = Rule(times=(time(8, 30),), starts_on=date(2026, 3, 3))
    due_at = datetime(2026, 3, 3, 13, 30, tzinfo=UTC)
    at_the_second = next_occurrence(rule, NEW_YORK, after=due_at)
    a_second_before = next_occurrence(rule, NEW_YORK, after=due_at - timedelta(seconds=1))
    assert at_the_second is not None
    assert at_the_second.local_date == date(2026, 3, 4)
    assert a_second_before is not None
    assert a_second_before.due_at == due_at


TAPER = (Step(1), Step(5, weekdays=(0, 2, 4)), Step(9, weekdays=(0,)))


def test_a_taper_is_daily_then_three_a_week_then_weekly() -> None:
    start = date(2026, 3, 2)  # a Monday
    rule = Rule(times=(time(8),), starts_on=start, steps=TAPER, ends_on=start + timedelta(weeks=12))
    by_week = dict.fromkeys(range(1, 13), 0)
    last: tuple[date, int] | None = None
    while (found := next_occurrence(rule, NEW_YORK, last=last)) and found.local_date < rule.ends_on:  # type: ignore[operator]  # it has an end
        last = (found.local_date, found.slot)
        by_week[(found.local_date - start).days // 7 + 1] += 1
    assert list(by_week.values()) == [7] * 4 + [3] * 4 + [1] * 4


def test_a_rule_of_a_later_phase_waits_for_its_week() -> None:
    rule = Rule(times=(time(8),), starts_on=date(2026, 3, 2), steps=(Step(3),))
    found = next_occurrence(rule, NEW_YORK, after=datetime(2026, 1, 1, tzinfo=UTC))
    assert found is not None
    assert found.local_date == date(2026, 3, 16)
