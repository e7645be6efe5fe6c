"""Local wall time in, UTC out. Pure: the clock is an argument.

An occurrence is known by its local date and slot, never by its instant, so a moved clock or zone
cannot make a second one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
# The longest run of days without an occurrence that a rule can ask for, plus slack for a zone
# that skips a day: beyond it the search would be a bug.
SEARCH_DAYS = 64


@dataclass(frozen=True, slots=True)
class Rule:
    """When something happens on a wall clock.

    `times` is sorted and each place in it is a slot; `every_n_days` counts from `starts_on`;
    `ends_on` is the last local date, None for no end.
    """

    times: tuple[time, ...]
    starts_on: date
    every_n_days: int = 1
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One due moment. `due_at` is in UTC."""

    local_date: date
    slot: int
    due_at: datetime


def next_occurrence(
    rule: Rule,
    zone: ZoneInfo,
    *,
    after: datetime | None = None,
    last: tuple[date, int] | None = None,
) -> Occurrence | None:
    """The first occurrence later than `after` (an aware instant) and than `last` (date, slot).

    Either bound may be None. Returns None when the rule has ended. Passing `last` is what keeps a
    local date from coming twice after a move to a zone further west.
    """
    for local_date in _dates(rule, zone, after=after, last=last):
        for slot, wall_time in enumerate(rule.times):
            if last is not None and (local_date, slot) <= last:
                continue
            due_at = instant_of(local_date, wall_time, zone)
            if due_at is not None and (after is None or due_at > after):
                return Occurrence(local_date, slot, due_at)
    return None


def _dates(
    rule: Rule, zone: ZoneInfo, *, after: datetime | None, last: tuple[date, int] | None
) -> Iterator[date]:
    """Candidate local dates in order, from the earliest that can still matter."""
    earliest = rule.starts_on
    if after is not None:
        # A day early: the last slot of yesterday may have been moved past a gap at midnight.
        earliest = max(earliest, after.astimezone(zone).date() - ONE_DAY)
    if last is not None:
        earliest = max(earliest, last[0])
    late_by = (earliest - rule.starts_on).days % rule.every_n_days
    candidate = earliest + timedelta(days=(rule.every_n_days - late_by) % rule.every_n_days)
    for _ in range(SEARCH_DAYS):
        if rule.ends_on is not None and candidate > rule.ends_on:
            return
        yield candidate
        candidate += timedelta(days=rule.every_n_days)


def instant_of(local_date: date, wall_time: time, zone: ZoneInfo) -> datetime | None:
    """The UTC instant at which `wall_time` comes on `local_date` in `zone`.

    A time that comes twice: its first pass. A time the clocks skip: the first instant after the
    gap. None when the zone skips the whole date (Apia had no 30 December 2011).
    """
    wall = datetime.combine(local_date, wall_time, tzinfo=zone)  # fold=0: the first pass
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    if not _date_exists(local_date, zone):
        return None
    return _end_of_gap(before=wall.replace(fold=1).astimezone(UTC), after=instant, zone=zone)


def _date_exists(local_date: date, zone: ZoneInfo) -> bool:
    """Whether any instant falls on this date: its first or its last minute does."""
    return any(
        datetime.combine(local_date, edge, tzinfo=zone).astimezone(UTC).astimezone(zone).date()
        == local_date
        for edge in (time.min, time(23, 59, 59))
    )


def _end_of_gap(*, before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The transition between two instants whose offsets differ, to the second.

    zoneinfo does not tell its transitions, so halve the interval until it is one second wide.
    """
    offset_before = before.astimezone(zone).utcoffset()
    while after - before > ONE_SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset_before:
            before = middle
        else:
            after = middle
    # Transitions fall on whole seconds; the halving may have left a fraction.
    return after.replace(microsecond=0)
