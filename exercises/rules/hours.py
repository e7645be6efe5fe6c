"""When a text may land: the patient's hours, and where a day ends, on the patient's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exercises.rules.recurrence import instant_of

# A text that leaves needs this long to land; with less time left it is not worth a try.
SHORTEST_VALIDITY = timedelta(seconds=30)


def is_open(now: datetime, zone: ZoneInfo, hours: tuple[time, time]) -> bool:
    """Whether a text that leaves now can land within the hours."""
    first, until = hours
    begun = now.astimezone(zone).time() >= first
    return begun and now < closing_of(until, zone, now) - SHORTEST_VALIDITY


def next_texting_time(now: datetime, zone: ZoneInfo, hours: tuple[time, time]) -> datetime:
    """`now` within the hours, else the next moment they begin, in UTC."""
    if is_open(now, zone, hours):
        return now
    first, _ = hours
    local = now.astimezone(zone)
    day = local.date() if local.time() < first else local.date() + timedelta(days=1)
    while (begins := instant_of(day, first, zone)) is None:
        day += timedelta(days=1)
    return begins


def closing_of(until: time, zone: ZoneInfo, now: datetime) -> datetime:
    """When the patient's hours end on the day of `now`, in UTC."""
    closing = instant_of(now.astimezone(zone).date(), until, zone)
    return closing or now.astimezone(UTC)


def end_of_day(local_date: date, zone: ZoneInfo) -> datetime:
    """The first instant of the next local date that exists, in UTC."""
    following = local_date + timedelta(days=1)
    return instant_of(following, time.min, zone) or end_of_day(following, zone)
