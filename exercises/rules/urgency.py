"""How soon somebody must look at a red flag, and who is asked when. Pure.

Source: docs/clinical-rules.md#red-flags and docs/clinical-rules.md#whom-to-tell. Words are read by
`notifications.incoming.parsing.red_flags`, whose names this table has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from exercises.rules.recurrence import instant_of


class Urgency(StrEnum):
    """The most urgent first: what is answered and whom we tell follow the first that holds."""

    CRISIS = "crisis"
    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    REVIEW = "review"


# A life may hang on it: another of these is told at once, and whoever writes is told whom to call.
DANGER: Final = frozenset({Urgency.CRISIS, Urgency.EMERGENCY})

# The names of the signs; a clinician reads them in the alert.
OF_FLAG: Final[dict[str, Urgency]] = {
    "self_harm": Urgency.CRISIS,
    "heart_or_lung": Urgency.EMERGENCY,
    "clot": Urgency.EMERGENCY,
    "fainted": Urgency.EMERGENCY,
    "stroke": Urgency.EMERGENCY,
    "allergy": Urgency.EMERGENCY,
    # Blood vomited or black stools: what painkillers such as naproxen do to a stomach.
    "gut_bleed": Urgency.EMERGENCY,
    "cauda_equina": Urgency.EMERGENCY,
    "rupture": Urgency.SAME_DAY,
    "fracture": Urgency.SAME_DAY,
    "infection": Urgency.SAME_DAY,
    "skin": Urgency.SAME_DAY,
    "vascular": Urgency.SAME_DAY,
    "weakness": Urgency.SAME_DAY,
    "knee": Urgency.SAME_DAY,
    # Numbness that climbs or grows by the hour is no review.
    "nerve_fast": Urgency.SAME_DAY,
    "hospital": Urgency.SAME_DAY,
    # A yes to the weekly question, which may be any of these.
    "weekly_signs": Urgency.SAME_DAY,
    "nerve": Urgency.REVIEW,
    "night_pain": Urgency.REVIEW,
    "both_heels": Urgency.REVIEW,
    "worsening": Urgency.REVIEW,
}


def most_urgent(flags: Iterable[str]) -> Urgency | None:
    """The most urgent of these signs' urgencies; None without a sign."""
    found = {OF_FLAG[flag] for flag in flags}
    return next((urgency for urgency in Urgency if urgency in found), None)


class Circle(StrEnum):
    """Whom an alert is told to."""

    ASSIGNER = "assigner"
    TEAM = "team"
    SECOND_CONTACT = "second_contact"


@dataclass(frozen=True, slots=True)
class Hours:
    """When a clinic reads: on weekdays (Monday is 0) from `opens` to `closes` on its own clock."""

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(17)
    weekdays: Collection[int] = range(5)
    holidays: Collection[date] = ()

    def of_day(self, day: date) -> tuple[datetime, datetime] | None:
        """The two instants between which somebody reads on `day`; None on a day off."""
        if day.weekday() not in self.weekdays or day in self.holidays:
            return None
        first, last = (instant_of(day, edge, self.zone) for edge in (self.opens, self.closes))
        return (first, last) if first is not None and last is not None else None

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody reads at `moment`."""
        hours = self.of_day(moment.astimezone(self.zone).date())
        return hours is not None and hours[0] <= moment < hours[1]


# A clinic without one working day in so long has none.
LONGEST_CLOSED = 60


def after_working(time_open: timedelta, *, since: datetime, hours: Hours) -> datetime:
    """The instant by which the clinic has been open for `time_open` since `since`.

    A clinic that does not open within two months: that long after `since`.
    """
    left = time_open
    day = since.astimezone(hours.zone).date()
    for _ in range(LONGEST_CLOSED):
        if (edges := hours.of_day(day)) is not None:
            start = max(edges[0], since)
            if start + left <= edges[1]:
                return start + left
            left -= max(edges[1] - start, timedelta())
        day += timedelta(days=1)
    return since + timedelta(days=LONGEST_CLOSED)


# An emergency asks the next circle at any hour; the rest wait for somebody to be there.
TEAM_AFTER: Final = timedelta(minutes=15)
SECOND_AFTER: Final = timedelta(minutes=30)
SAME_DAY_TEAM: Final = timedelta(hours=2)
SAME_DAY_SECOND: Final = timedelta(hours=4)
# A working day: the end of the next one.
REVIEW_TEAM: Final = timedelta(hours=8)


def circles(
    urgency: Urgency, *, opened_at: datetime, hours: Hours
) -> tuple[tuple[Circle, datetime], ...]:
    """Whom to tell of an alert that nobody closes, and from when on, the earliest first.

    Whoever assigned the program always at once. Outside the clinic's hours the second contact as
    well, but for a review: no sign that cannot wait is left until Monday with nobody asked.
    """
    at_once = [(Circle.ASSIGNER, opened_at)]
    if urgency is Urgency.REVIEW:
        return (*at_once, (Circle.TEAM, after_working(REVIEW_TEAM, since=opened_at, hours=hours)))
    if not hours.is_open(opened_at):
        at_once.append((Circle.SECOND_CONTACT, opened_at))
    if urgency is Urgency.SAME_DAY:
        team = after_working(SAME_DAY_TEAM, since=opened_at, hours=hours)
        second = after_working(SAME_DAY_SECOND, since=opened_at, hours=hours)
    else:
        team, second = opened_at + TEAM_AFTER, opened_at + SECOND_AFTER
    return (*at_once, (Circle.TEAM, team), (Circle.SECOND_CONTACT, second))
