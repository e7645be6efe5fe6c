"""What pain scores mean for the clinic. Pure: scores in, reasons out; nobody is diagnosed.

Figures: docs/clinical-rules.md#measures and docs/clinical-rules.md#alerts. Scores are 0 to 10
(numeric pain rating scale), one a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

WEEK = 7
# A median of fewer is noise: the baseline of section 4 takes 3 to 7 days as well.
FEWEST_SCORES = 3
WORST = 10
SHARP_RISE = 4
# The smallest change in first-step pain that matters: 19 mm of 100 (Landorf 2010, J Foot Ankle Res
# 3:7).
RISE = 2


def week_before(scores: Mapping[date, int], day: date) -> float | None:
    """The median of the scores of the 7 days before `day`; None with fewer than 3."""
    days = (day - timedelta(days=back) for back in range(1, WEEK + 1))
    known = [scores[other] for other in days if other in scores]
    return float(median(known)) if len(known) >= FEWEST_SCORES else None


def rise_on(scores: Mapping[date, int], day: date) -> float | None:
    """Points of the score on `day` above the median of the week before it; None when unknown."""
    usual = week_before(scores, day)
    return None if usual is None or day not in scores else scores[day] - usual


# A weekly value takes more scores than an alert's median (docs/clinical-rules.md#measures).
WEEKLY_FEWEST = 4
BASELINE_DAYS = 7
# With three questions a week, and later one, four scores take longer than a week.
LONGEST_LOOK = 28
# The smallest change that matters, in points (Landorf 2010: 19 mm and 8 mm of 100).
MATTERS = {"first_step": 2, "average": 1}
# A responder has both, 2 points and 30 % less, or hardly any pain now: who begins low cannot lose
# much (docs/clinical-rules.md#measures).
RESPONSE_POINTS = 2
RESPONSE_SHARE = 0.3
HARDLY_ANY = 1


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the program: its median, None with fewer than 4 scores."""

    number: int
    median: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The course of a series. `change` is current minus baseline, in points: negative is better.

    Parts are None while there are too few scores to say.
    """

    baseline: float | None
    current: float | None
    change: float | None
    matters: bool
    responder: bool | None
    weeks: tuple[Week, ...]


def baseline(scores: Mapping[date, int]) -> float | None:
    """The median of the first 7 days from the first score on; None with fewer than 3 scores."""
    if not scores:
        return None
    first = min(scores)
    known = [score for day, score in scores.items() if (day - first).days < BASELINE_DAYS]
    return float(median(known)) if len(known) >= FEWEST_SCORES else None


def current(scores: Mapping[date, int], day: date) -> float | None:
    """The value now: the median of the last 7 days, or of the newest 4 scores within 28 days."""
    ages = {(day - other).days: score for other, score in scores.items() if other <= day}
    week = [score for age, score in ages.items() if age < WEEK]
    if len(week) >= WEEKLY_FEWEST:
        return float(median(week))
    newest = [ages[age] for age in sorted(ages) if age < LONGEST_LOOK][:WEEKLY_FEWEST]
    return float(median(newest)) if len(newest) == WEEKLY_FEWEST else None


def weekly_medians(scores: Mapping[date, int], *, start: date, until: date) -> tuple[Week, ...]:
    """The weeks of a program from `start`, the last being that of `until`."""
    weeks = []
    for number in range(1, (until - start).days // WEEK + 2):
        first = start + timedelta(weeks=number - 1)
        days = (first + timedelta(days=day) for day in range(WEEK))
        known = [scores[day] for day in days if day in scores and day <= until]
        value = float(median(known)) if len(known) >= WEEKLY_FEWEST else None
        weeks.append(Week(number, value, len(known)))
    return tuple(weeks)


def trend(scores: Mapping[date, int], *, kind: str, start: date, on: date) -> Trend:
    """The course of a series up to the day `on`. A change needs a week beyond the baseline's."""
    known = {day: score for day, score in scores.items() if day <= on}
    at_first, now = baseline(known), current(known, on)
    beyond = bool(known) and (on - min(known)).days >= BASELINE_DAYS
    change = now - at_first if beyond and now is not None and at_first is not None else None
    return Trend(
        baseline=at_first,
        current=now,
        change=change,
        matters=change is not None and abs(change) >= MATTERS[kind],
        responder=None if change is None or at_first is None else _responds(at_first, change),
        weeks=weekly_medians(known, start=start, until=on),
    )


def _responds(at_first: float, change: float) -> bool:
    is_less = -change >= RESPONSE_POINTS and -change >= RESPONSE_SHARE * at_first
    return is_less or (change <= 0 and at_first + change <= HARDLY_ANY)
