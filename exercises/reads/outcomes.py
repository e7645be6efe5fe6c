"""How the programs of a clinic come out: who responded, how soon, what was done or in the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from exercises.models import Barrier, CheckIn, Clinic, Program
from exercises.reads.asked_days import asked_days, held_days
from exercises.reads.days import days_done_of
from exercises.reads.pauses import pauses_of
from exercises.reads.versions import versions_of
from exercises.rules import pain

# As many as a page can work out while one waits for it, of those that began within two years.
MOST = 200
LONGEST = timedelta(weeks=104)
RESPONSE_AT = (6, 12)
WEEKS_SHOWN = 12
# With fewer, a share tells of single patients and not of the clinic.
FEWEST = 5
FIRST_STEP = CheckIn.Kind.FIRST_STEP


@dataclass(frozen=True, slots=True)
class Share:
    """So many of those of whom it can be said; nobody is counted where these are fewer than 5."""

    label: str
    count: int
    of: int

    @property
    def is_shown(self) -> bool:
        """Whether there are enough to speak of."""
        return self.of >= FEWEST

    @property
    def percent(self) -> int | None:
        """0 to 100; None: too few."""
        return round(100 * self.count / self.of) if self.is_shown else None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Of the newest programs of a clinic. `weeks_to_change`: the median of those who got there."""

    programs: int
    is_all: bool
    responders: Sequence[Share]
    changed: Share
    weeks_to_change: float | None
    adherence: Sequence[Share]
    barriers: Sequence[tuple[str, int]]


def outcomes_of(clinic: Clinic, *, on: date) -> Outcomes:
    """What came of the clinic's programs up to the day `on`. A constant number of queries."""
    rows = Program.objects.filter(
        patient__clinic=clinic, start_date__lte=on, start_date__gt=on - LONGEST
    )
    newest = dict(rows.order_by("-start_date", "pk").values_list("pk", "start_date")[: MOST + 1])
    is_all = len(newest) <= MOST
    starts = dict(list(newest.items())[:MOST])
    scores = _scores(starts)
    weeks = [
        week
        for pk, start in starts.items()
        if (week := _week_of_change(scores[pk], start, on=on)) is not None
    ]
    known = sum(pain.baseline(scores[pk]) is not None for pk in starts)
    return Outcomes(
        programs=len(starts),
        is_all=is_all,
        responders=[_responders(starts, scores, week, on=on) for week in RESPONSE_AT],
        changed=Share("A change that matters", len(weeks), known),
        weeks_to_change=float(median(weeks)) if len(weeks) >= FEWEST else None,
        adherence=_adherence(starts, on=on),
        barriers=_barriers(starts),
    )


def _scores(starts: Mapping[UUID, date]) -> dict[UUID, dict[date, int]]:
    scores: dict[UUID, dict[date, int]] = defaultdict(dict)
    rows = CheckIn.objects.filter(program__in=starts, kind=FIRST_STEP, taken_back_at=None)
    for program, day, score in rows.order_by().values_list("program_id", "local_date", "score"):
        scores[program][day] = score
    return scores


def _responders(
    starts: Mapping[UUID, date], scores: Mapping[UUID, dict[date, int]], week: int, *, on: date
) -> Share:
    """At the end of a week, of those who have got that far and gave scores enough to say."""
    answers = []
    for pk, start in starts.items():
        then = start + timedelta(weeks=week, days=-1)
        if then <= on:
            trend = pain.trend(scores[pk], kind=FIRST_STEP, start=start, on=then)
            answers.append(trend.responder)
    told = [answer for answer in answers if answer is not None]
    return Share(f"Responded by week {week}", sum(told), len(told))


def _week_of_change(scores: Mapping[date, int], start: date, *, on: date) -> int | None:
    """The first week whose median is the smallest change that matters below the baseline."""
    at_first = pain.baseline(scores)
    if at_first is None:
        return None
    for week in pain.weekly_medians(scores, start=start, until=on):
        if week.median is not None and at_first - week.median >= pain.MATTERS[FIRST_STEP]:
            return week.number
    return None


def _adherence(starts: Mapping[UUID, date], *, on: date) -> list[Share]:
    """Days done of those planned, by week of the program, over all programs."""
    if not starts:
        return []
    programs = Program.objects.select_related("patient__clinic").in_bulk(starts)
    versions = versions_of(starts.keys())
    done = days_done_of(starts.keys(), since=min(starts.values()))
    lived = {pk: _days(start, on=on) for pk, start in starts.items()}
    held = held_days(programs.values(), {day for days in lived.values() for day in days})
    pauses = pauses_of(programs.values())
    counts = {week: [0, 0] for week in range(1, WEEKS_SHOWN + 1)}
    for pk, start in starts.items():
        asked = asked_days(programs[pk], versions[pk], lived[pk], held=held, pauses=pauses[pk])
        for day in asked:
            week = counts[(day - start).days // pain.WEEK + 1]
            week[0] += day in done[pk]
            week[1] += 1
    return [Share(f"Week {week}", *count) for week, count in counts.items()]


def _days(start: date, *, on: date) -> list[date]:
    """The days of the first 12 weeks that are over."""
    days = min((on - start).days, WEEKS_SHOWN * pain.WEEK)
    return [start + timedelta(days=number) for number in range(days)]


def _barriers(starts: Mapping[UUID, date]) -> list[tuple[str, int]]:
    rows = Barrier.objects.filter(program__in=starts).exclude(what="")
    return Counter(row.told for row in rows).most_common()
