"""Local wall time in, UTC out. Pure: the clock is an argument.

An occurrence is known by its local date and slot, never by its instant, so a moved clock or zone
cannot make a second one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
# The longest stretch of days without an occurrence: what is asked in week 13 comes again in week
# 27. Beyond this the search would be a bug.
SEARCH_DAYS = 128
# Sorts after every slot of a day: (date, AFTER_ALL_SLOTS) says "done with this date".
AFTER_ALL_SLOTS = 1_000


@dataclass(frozen=True, slots=True)
class Step:
    """How often from a week on, the first being week 1: on `weekdays` (Monday is 0), else every
    n-th day counted from the first day of `first_week`; with 0 on that day only.
    """

    first_week: int = 1
    every_n_days: int = 1
    weekdays: tuple[int, ...] = ()


DAILY = (Step(),)
# Fewer questions as weeks go by: three a week after week 4, one after week 8
# (docs/messaging-rules.md#conversation).
TAPER = (Step(), Step(5, weekdays=(0, 2, 4)), Step(9, weekdays=(0,)))
# Reviews at which it is asked whether the patient has responded, and may go on to other care.
RESPONSE_WEEKS = (6, 12, 26)
# Once a week from the second on, and at those reviews (docs/clinical-rules.md#measures).
WEEKLY = (Step(2, every_n_days=7),)
AT_REVIEWS = tuple(Step(week + 1, every_n_days=0) for week in RESPONSE_WEEKS)


@dataclass(frozen=True, slots=True)
class Rule:
    """When something happens on a wall clock.

    `times` is sorted and each place in it is a slot. `steps` are in order of their weeks: one step
    is a plain rule, several are a taper. `ends_on` is the last local date, None for no end.
    """

    times: tuple[time, ...]
    starts_on: date
    steps: tuple[Step, ...] = DAILY
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


def following(rule: Rule, zone: ZoneInfo, first: Occurrence) -> Iterator[Occurrence]:
    """`first` and everything after it, in order, without end unless the rule has one."""
    due: Occurrence | None = first
    while due is not None:
        yield due
        due = next_occurrence(rule, zone, last=(due.local_date, due.slot))


def _dates(
    rule: Rule, zone: ZoneInfo, *, after: datetime | None, last: tuple[date, int] | None
) -> Iterator[date]:
    """The rule's local dates in order, from the earliest that can still matter."""
    candidate = rule.starts_on + timedelta(weeks=rule.steps[0].first_week - 1)
    if after is not None:
        # A day early: the last slot of yesterday may have been moved past a gap at midnight.
        candidate = max(candidate, after.astimezone(zone).date() - ONE_DAY)
    if last is not None:
        candidate = max(candidate, last[0])
    for _ in range(SEARCH_DAYS):
        if rule.ends_on is not None and candidate > rule.ends_on:
            return
        if is_on(rule, candidate):
            yield candidate
        candidate += ONE_DAY


def is_on(rule: Rule, local_date: date) -> bool:
    """Whether the rule has occurrences on this local date."""
    days = (local_date - rule.starts_on).days
    if days < 0 or (rule.ends_on is not None and local_date > rule.ends_on):
        return False
    week = days // 7 + 1
    step = next((step for step in reversed(rule.steps) if step.first_week <= week), None)
    if step is None:
        return False
    if step.weekdays:
        return local_date.weekday() in step.weekdays
    since = days - (step.first_week - 1) * 7
    return since % step.every_n_days == 0 if step.every_n_days else since == 0


@lru_cache(maxsize=65_536)  # patients of a zone share their mornings; pure, so safe to keep
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
