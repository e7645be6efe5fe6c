"""A program's course on one page, for the appointment: what both look at there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
from exercises.reads.asked_days import asked_days, held_days
from exercises.reads.course import DayLog, course_of, day_logs
from exercises.reads.days import days_done
from exercises.reads.diary import DiaryItem, diary_of
from exercises.reads.pauses import pauses_of
from exercises.reads.versions import program_versions
from exercises.rules.course import Course
from exercises.rules.pain import WEEK, Week

# Older weeks are on the record's page.
LONGEST = timedelta(weeks=26)
# What a patient wrote that one reads in an appointment.
MOST_WORDS = 12
# The whole of a day's exercises, in part.
PARTLY = (str(SessionLog.Kind.EXERCISE), str(SessionLog.Outcome.PARTLY))


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
    """A week of the program: median of what it asks (None: fewer than 4 scores), days done, and
    others done in part.
    """

    number: int
    first: date
    median: float | None
    scores: int
    done: int
    partly: int
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
class AlertLine:
    """An alert, and the day it was opened on the patient's calendar."""

    on: date
    alert: Alert


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
    alerts: Sequence[AlertLine]
    measures: Sequence[MeasureLine]
    versions: Sequence[ProgramVersion]
    said: Sequence[Said]


def visit_report(program: Program, *, on: date) -> VisitReport:
    """The course of `program` up to the day `on`. A constant number of queries."""
    since = _first_day(program, on=on)
    versions = program_versions(program)
    course = course_of(program, on=on, versions=versions)
    days = [since + timedelta(days=number) for number in range((on - since).days + 1)]
    done = days_done(program, since=since)
    logs = day_logs(program, since=since, until=on)
    asked = asked_days(
        program,
        versions,
        # Today is not over: it counts once it is done.
        [day for day in days if day < on or day in done],
        held=held_days([program], days),
        pauses=pauses_of([program])[program.pk],
    )
    start = datetime.combine(since, datetime.min.time(), tzinfo=program.patient.zone)
    said = [*_notes(program, since=since), *_words(program, since=start)]
    return VisitReport(
        program=program,
        since=since,
        until=on,
        course=course,
        weeks=[
            _week(week, course, asked=asked, done=done, logs=logs)
            for week in course.first_step.weeks
            if course.start_date + timedelta(weeks=week.number - 1) >= since
        ],
        items=[_share(row) for row in diary_of(program, sorted(asked))] if asked else [],
        barriers=_barriers(program, since=since),
        alerts=_alerts(program, since=start),
        measures=_measures(program),
        versions=list(
            program.versions.filter(number__gt=1, from_date__lte=on)
            .select_related("changed_by")
            .order_by("-number")
        ),
        said=sorted(said, key=lambda row: row.on, reverse=True)[:MOST_WORDS],
    )


def _first_day(program: Program, *, on: date) -> date:
    """The program's start, or the first of its weeks that is whole within the newest 26."""
    over = max(0, (on - program.start_date).days + 1 - LONGEST.days)
    return program.start_date + timedelta(weeks=-(-over // WEEK))


def _alerts(program: Program, *, since: datetime) -> list[AlertLine]:
    """Every open one, however old; of the closed the newest since then. Two queries."""
    rows = program.patient.alerts.order_by("-opened_at")
    closed = rows.filter(acknowledged_at__isnull=False, opened_at__gte=since)
    zone = program.patient.zone
    return [
        AlertLine(row.opened_at.astimezone(zone).date(), row)
        for row in (*rows.filter(acknowledged_at=None), *closed[:MOST_WORDS])
    ]


def _share(item: DiaryItem) -> ItemShare:
    return ItemShare(
        item.name, sum(day.done for day in item.days), sum(day.planned for day in item.days)
    )


def _week(
    week: Week,
    course: Course,
    *,
    asked: Collection[date],
    done: Collection[date],
    logs: Mapping[date, DayLog],
) -> VisitWeek:
    first = course.start_date + timedelta(weeks=week.number - 1)
    days = [first + timedelta(days=number) for number in range(WEEK)]
    planned = [day for day in days if day in asked]
    undone = [day for day in planned if day not in done]
    return VisitWeek(
        number=week.number,
        first=first,
        median=week.median,
        scores=week.count,
        done=len(planned) - len(undone),
        partly=sum(PARTLY in logs[day].whole for day in undone if day in logs),
        planned=len(planned),
    )


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
        # A yes, or a rating of change, is no amount that could rise.
        is_amount = row.instrument == Measure.Instrument.PSFS
        lines.append(MeasureLine(row, value - known if is_amount and known is not None else None))
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
