"""A program's course on one page, for the appointment: what both look at there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from exercises.models import (
    Alert,
    Barrier,
    CheckInEntry,
    Measure,
    Program,
    ProgramVersion,
    SessionLog,
)
from exercises.reads.course import course_of
from exercises.reads.days import days_done
from exercises.reads.diary import DiaryItem, diary_of
from exercises.reads.versions import ProgramVersions, program_versions
from exercises.rules.course import Course
from exercises.rules.pain import WEEK

# Older weeks are on the record's page.
LONGEST = timedelta(weeks=26)
# What a patient wrote that one reads in an appointment.
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the patient: when, and where they were written."""

    on: date
    words: str
    where: str


class WordsOfPatient(Protocol):
    """What patients write by text and in the app, which this app knows nothing of."""

    def written(self, program: Program, *, since: datetime, at_most: int) -> Sequence[Said]:
        """The newest words of the program's patient that a person was to read, newest first."""


_registered: list[WordsOfPatient] = []


def tell_of_words(words: WordsOfPatient) -> None:
    """The app that texts says what patients wrote; called once, when it is ready."""
    _registered[:] = [words]


@dataclass(frozen=True, slots=True)
class VisitWeek:
    """A week of the program: median of what it asks (None: fewer than 4 scores), days done."""

    number: int
    first: date
    median: float | None
    scores: int
    done: int
    planned: int


@dataclass(frozen=True, slots=True)
class ItemShare:
    """An exercise over the time reported: rounds done of those planned."""

    name: str
    done: int
    planned: int

    @property
    def percent(self) -> int:
        """0 to 100."""
        return round(100 * self.done / self.planned)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure with what it was the time before; `change` is None for the first."""

    measure: Measure
    change: float | None


@dataclass(frozen=True, slots=True)
class VisitReport:
    """From the program's start, or the newest 26 weeks, up to and with `until`."""

    program: Program
    since: date
    until: date
    course: Course
    weeks: Sequence[VisitWeek]
    items: Sequence[ItemShare]
    barriers: Sequence[tuple[str, int]]
    alerts: Sequence[Alert]
    measures: Sequence[MeasureLine]
    versions: Sequence[ProgramVersion]
    said: Sequence[Said]


def visit_report(program: Program, *, on: date) -> VisitReport:
    """The course of `program` up to the day `on`. A constant number of queries."""
    since = max(program.start_date, on - LONGEST + timedelta(days=1))
    versions = program_versions(program)
    course = course_of(program, on=on, versions=versions)
    days = [since + timedelta(days=number) for number in range(max(1, (on - since).days + 1))]
    diary = diary_of(program, days)
    start = datetime.combine(since, datetime.min.time(), tzinfo=program.patient.zone)
    alerts = program.patient.alerts.filter(opened_at__gte=start)
    said = [*_notes(program, since=since), *_words(program, since=start)]
    return VisitReport(
        program=program,
        since=since,
        until=on,
        course=course,
        weeks=_weeks(program, versions, course, since),
        items=[row for row in map(_share, diary) if row.planned],
        barriers=_barriers(program, since=since),
        alerts=list(alerts.select_related("acknowledged_by").order_by("-opened_at")[:MOST_WORDS]),
        measures=_measures(program),
        versions=list(
            program.versions.filter(number__gt=1).select_related("changed_by").order_by("-number")
        ),
        said=sorted(said, key=lambda row: row.on, reverse=True)[:MOST_WORDS],
    )


def _share(item: DiaryItem) -> ItemShare:
    return ItemShare(
        item.name, sum(day.done for day in item.days), sum(day.planned for day in item.days)
    )


def _weeks(
    program: Program, versions: ProgramVersions, course: Course, since: date
) -> list[VisitWeek]:
    done = days_done(program, since=since)
    weeks = []
    for row in course.first_step.weeks:
        first = course.start_date + timedelta(weeks=row.number - 1)
        days = [first + timedelta(days=number) for number in range(WEEK)]
        if days[-1] < since:
            continue
        planned = {
            day for day in days if day <= course.on and versions.plan_on(day).exercise_rounds
        }
        weeks.append(
            VisitWeek(row.number, first, row.median, row.count, len(planned & done), len(planned))
        )
    return weeks


def _barriers(program: Program, *, since: date) -> list[tuple[str, int]]:
    rows = Barrier.objects.filter(program=program, local_date__gte=since).exclude(what="")
    counts = Counter(str(row.get_what_display()) for row in rows)
    return counts.most_common()


def _measures(program: Program) -> list[MeasureLine]:
    """Oldest first; the weekly question for signs stands among the alerts."""
    before: dict[str, float] = {}
    lines = []
    for row in program.measures.exclude(instrument=Measure.Instrument.SIGNS):
        value = float(row.value)
        known = before.get(row.instrument)
        lines.append(MeasureLine(row, None if known is None else value - known))
        before[row.instrument] = value
    return lines


def _notes(program: Program, *, since: date) -> list[Said]:
    """Words beside a score or with a log. Two queries."""
    scores = CheckInEntry.objects.filter(
        check_in__program=program, check_in__local_date__gte=since, undone_at=None
    ).values_list("check_in__local_date", "note")
    logs = SessionLog.objects.filter(
        program=program, local_date__gte=since, undone_at=None
    ).values_list("local_date", "note")
    return [
        Said(day, note, beside)
        for rows, beside in ((scores, "with a score"), (logs, "with the exercises"))
        for day, note in rows.exclude(note="").order_by("-created_at")[:MOST_WORDS]
    ]


def _words(program: Program, *, since: datetime) -> list[Said]:
    return [
        row
        for words in _registered
        for row in words.written(program, since=since, at_most=MOST_WORDS)
    ]
