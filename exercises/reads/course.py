"""How a program goes: trend, adherence, sessions, advice; a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from exercises.models import Alert, CheckIn, Exercise, Program, SessionLog
from exercises.reads.days import is_logged, kind_of
from exercises.reads.versions import ProgramVersions, exercises_of, program_versions
from exercises.rules import pain
from exercises.rules.plan import DAYS_IN_WEEK, DayPlan, PlannedRound, phase_on, plan_on
from exercises.rules.progression import Advice, Ladder, Session, advise, is_loaded

# As far back as a value is looked for.
LOOK_BACK = timedelta(days=pain.LONGEST_LOOK)


@dataclass(frozen=True, slots=True)
class ItemAdherence:
    """Rounds of an exercise in the last 7 days."""

    exercise: str
    name: str
    done: int
    planned: int


@dataclass(frozen=True, slots=True)
class Course:
    """A program as it stands on a day of the patient's calendar.

    `adherence` is the share of rounds done in the last 7 days, 0 to 1; None without any planned.
    """

    on: date
    week: int
    phase: str
    first_step: pain.Trend
    average: pain.Trend
    items: tuple[ItemAdherence, ...]
    sessions: tuple[Session, ...]
    advice: Advice

    @property
    def adherence(self) -> float | None:
        """Over all exercises."""
        planned = sum(item.planned for item in self.items)
        return sum(item.done for item in self.items) / planned if planned else None


@dataclass(frozen=True, slots=True)
class DayLog:
    """What was told of a day."""

    whole: frozenset[tuple[str, str]]  # (kind, outcome) told for the whole day
    done: frozenset[tuple[str, str]]  # (exercise, slot) that was done
    skipped: frozenset[tuple[str, str]]  # (exercise, slot) that was not, with a word
    pain_during: int | None

    def is_done(self, planned: PlannedRound) -> bool:
        """Whether a round was done, by itself or with its whole day."""
        whole = (kind_of(planned), SessionLog.Outcome.DONE) in self.whole
        return whole or is_logged(planned, self.done)

    def is_skipped(self, planned: PlannedRound) -> bool:
        """Whether the patient said that a round was not done."""
        whole = (kind_of(planned), SessionLog.Outcome.SKIPPED) in self.whole
        return whole or is_logged(planned, self.skipped)

    def share_done(self, plan: DayPlan) -> float:
        """The share of the day's exercise rounds that were done, 0 to 1; a splint is no round."""
        rounds = plan.exercise_rounds
        if not rounds:
            return 1.0
        if (SessionLog.Kind.EXERCISE, SessionLog.Outcome.DONE) in self.whole:
            return 1.0
        return sum(is_logged(planned, self.done) for planned in rounds) / len(rounds)


NOTHING = DayLog(frozenset(), frozenset(), frozenset(), None)


def course_of(program: Program, *, on: date) -> Course:
    """How `program` stands on `on`. A constant number of queries."""
    versions = program_versions(program)
    items = versions.items_on(on)
    logs = day_logs(program, since=on - LOOK_BACK, until=on)
    scores = _scores(program, until=on)
    start = program.start_date
    ladders = ladders_of(program.patient.clinic_id, (item.exercise for item in items))
    sessions = _sessions(versions, logs, ladders, on=on)
    first_step = scores[CheckIn.Kind.FIRST_STEP]
    # Of the patient: a word in a text may hang on another program, or on none.
    flags = Alert.objects.filter(patient=program.patient_id, reason=Alert.Reason.RED_FLAG)
    red_flag = flags.filter(acknowledged_at=None).exists()
    return Course(
        on=on,
        week=max(1, (on - start).days // DAYS_IN_WEEK + 1),
        phase=phase_on(items, start_date=start, on=on),
        first_step=pain.trend(first_step, kind=CheckIn.Kind.FIRST_STEP, start=start, on=on),
        average=pain.trend(
            scores[CheckIn.Kind.AVERAGE], kind=CheckIn.Kind.AVERAGE, start=start, on=on
        ),
        items=_adherence(versions, logs, on=on),
        sessions=sessions,
        advice=advise(
            sessions,
            first_step,
            at_first=pain.baseline(first_step),
            red_flag=red_flag,
            today=on,
        ),
    )


def ladders_of(clinic: int, slugs: Iterable[str]) -> dict[str, Ladder]:
    """What a step is for each of these exercises, as `clinic` has them. Three queries."""
    rows = exercises_of(clinic, slugs)
    owners = Q(clinic=None) | Q(clinic=clinic)
    easier = dict(
        Exercise.objects.filter(owners, harder__in=[row.pk for row in rows.values()]).values_list(
            "pk", "slug"
        )
    )
    # By slug, so that a clinic's own copy has the same neighbours. Where several are harder, the
    # first that was written is the next one.
    harder: dict[str, str] = {}
    links = Exercise.objects.filter(owners, easier__slug__in=list(rows)).order_by("pk")
    for slug, easier_slug in links.values_list("slug", "easier__slug"):
        harder.setdefault(easier_slug, slug)
    return {
        slug: Ladder(tuple(row.ladder), easier.get(row.easier_id or 0), harder.get(slug))
        for slug, row in rows.items()
    }


def _scores(program: Program, *, until: date) -> dict[str, dict[date, int]]:
    series: dict[str, dict[date, int]] = {kind: {} for kind in CheckIn.Kind.values}
    rows = CheckIn.objects.filter(program=program, local_date__lte=until, taken_back_at=None)
    for kind, day, score in rows.values_list("kind", "local_date", "score"):
        series[kind][day] = score
    return series


def day_logs(program: Program, *, since: date, until: date) -> dict[date, DayLog]:
    """What was told of each day; days without a word are left out. One query."""
    rows = SessionLog.objects.filter(
        program=program, local_date__range=(since, until), undone_at=None
    ).select_related("exercise")
    by_day: dict[date, list[SessionLog]] = defaultdict(list)
    for row in rows:
        by_day[row.local_date].append(row)
    return {day: _day_log(told) for day, told in by_day.items()}


def _day_log(rows: Collection[SessionLog]) -> DayLog:
    pains = [row.pain_during for row in rows if row.pain_during is not None]
    items: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if row.exercise:
            items[row.outcome].add((row.exercise.slug, row.slot))
    return DayLog(
        whole=frozenset((row.kind, row.outcome) for row in rows if row.exercise is None),
        done=frozenset(items[SessionLog.Outcome.DONE]),
        skipped=frozenset(items[SessionLog.Outcome.SKIPPED]),
        pain_during=max(pains, default=None),
    )


def _sessions(
    versions: ProgramVersions,
    logs: Mapping[date, DayLog],
    ladders: Mapping[str, Ladder],
    *,
    on: date,
) -> tuple[Session, ...]:
    """Days before `on`, since the dose last changed, on which something loaded was planned."""
    number = versions.number_on(on)
    from_date = dict(versions.from_dates)[number]
    first = max(from_date, on - LOOK_BACK)
    sessions = []
    for day in (first + timedelta(days=back) for back in range((on - first).days)):
        plan = plan_on(versions.items_on(day), start_date=versions.start_date, on=day)
        if any(is_loaded(planned.item.exercise, ladders) for planned in plan.rounds):
            log = logs.get(day, NOTHING)
            sessions.append(Session(day, log.share_done(plan), log.pain_during))
    return tuple(sessions)


def _adherence(
    versions: ProgramVersions, logs: Mapping[date, DayLog], *, on: date
) -> tuple[ItemAdherence, ...]:
    """By exercise, over the 7 days before `on`; a splint counts its nights."""
    counts: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for back in range(DAYS_IN_WEEK, 0, -1):
        day = on - timedelta(days=back)
        log = logs.get(day, NOTHING)
        for planned in plan_on(
            versions.items_on(day), start_date=versions.start_date, on=day
        ).rounds:
            slug = planned.item.exercise
            names[slug] = planned.item.name
            row = counts.setdefault(slug, [0, 0])
            row[0] += log.is_done(planned)
            row[1] += 1
    return tuple(
        ItemAdherence(slug, names[slug], done, planned) for slug, (done, planned) in counts.items()
    )
