"""How a program goes: trend, adherence, sessions, advice; a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

from exercises.models import Barrier, CheckIn, Exercise, Program, SessionLog
from exercises.reads.days import is_logged, kind_of, plan_for_day
from exercises.reads.holds import on_hold
from exercises.reads.versions import ProgramVersions, exercises_of, program_versions
from exercises.rules import pain
from exercises.rules.coaching import days_counted
from exercises.rules.course import Course, ItemAdherence
from exercises.rules.plan import DAYS_IN_WEEK, DayPlan, PlannedRound, week_of
from exercises.rules.progression import Ladder, Session, advise, is_loaded

# As far back as a value is looked for.
LOOK_BACK = timedelta(days=pain.LONGEST_LOOK)


@dataclass(frozen=True, slots=True)
class DayLog:
    """What was told of a day."""

    whole: frozenset[tuple[str, str]]  # (kind, outcome) told for the whole day
    done: frozenset[tuple[str, str]]  # (exercise, slot) that was done
    skipped: frozenset[tuple[str, str]]  # (exercise, slot) that was not, with a word
    pain_during: int | None
    is_skipped_for_pain: bool = False

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


def course_of(program: Program, *, on: date, versions: ProgramVersions | None = None) -> Course:
    """How `program` stands on `on`. A constant number of queries; `versions` saves two of them."""
    versions = versions or program_versions(program)
    items = versions.items_on(on)
    logs = day_logs(program, since=on - LOOK_BACK, until=on)
    scores = _scores(program, until=on)
    start = program.start_date
    ladders = ladders_of(program.patient.clinic_id, (item.exercise for item in items))
    sessions = _sessions(versions, logs, ladders, on=on, sore=_days_left_for_pain(program, on=on))
    first_step = scores[CheckIn.Kind.FIRST_STEP]
    return Course(
        on=on,
        start_date=start,
        week=max(1, week_of(on, start_date=start)),
        plan_week=versions.stage_on(on).week or max(1, week_of(on, start_date=start)),
        next_rise=versions.next_rise_on(on),
        phase=versions.phase_on(on),
        first_step=pain.trend(first_step, kind=CheckIn.Kind.FIRST_STEP, start=start, on=on),
        average=pain.trend(
            scores[CheckIn.Kind.AVERAGE], kind=CheckIn.Kind.AVERAGE, start=start, on=on
        ),
        items=_adherence(versions, logs, on=on),
        sessions=sessions,
        advice=advise(
            sessions,
            first_step,
            # Of the patient: a word in a text may hang on another program, or on none.
            red_flag=bool(on_hold([program.patient_id])),
            today=on,
        ),
    )


def is_loading_day(program: Program, day: date) -> bool:
    """Whether something with a step back is planned on `day`: then pain during is asked for."""
    rounds = plan_for_day(program, day).plan.exercise_rounds
    slugs = {planned.item.exercise for planned in rounds}
    ladders = ladders_of(program.patient.clinic_id, slugs) if slugs else {}
    return any(is_loaded(slug, ladders) for slug in slugs)


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
    )
    by_day: dict[date, list[Told]] = defaultdict(list)
    for day, *told in rows.values_list("local_date", *Told._fields):
        by_day[day].append(Told(*told))
    return {day: _day_log(told) for day, told in by_day.items()}


class Told(NamedTuple):
    """What a day's log needs of a `SessionLog`."""

    kind: str
    outcome: str
    exercise__slug: str | None
    slot: str
    pain_during: int | None
    reason: str


def _day_log(rows: Collection[Told]) -> DayLog:
    pains = [row.pain_during for row in rows if row.pain_during is not None]
    items: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if row.exercise__slug:
            items[row.outcome].add((row.exercise__slug, row.slot))
    return DayLog(
        whole=frozenset((row.kind, row.outcome) for row in rows if row.exercise__slug is None),
        done=frozenset(items[SessionLog.Outcome.DONE]),
        skipped=frozenset(items[SessionLog.Outcome.SKIPPED]),
        pain_during=max(pains, default=None),
        is_skipped_for_pain=any(row.reason == SessionLog.Reason.PAIN for row in rows),
    )


def _sessions(
    versions: ProgramVersions,
    logs: Mapping[date, DayLog],
    ladders: Mapping[str, Ladder],
    *,
    on: date,
    sore: Collection[date],
) -> tuple[Session, ...]:
    """Days before `on`, since the dose last changed, on which something loaded was planned; any
    exercise, while nothing loaded is. Of the `sore` days those without a word were for pain.
    """
    number = versions.number_on(on)
    from_date = dict(versions.from_dates)[number]
    first = max(from_date, on - LOOK_BACK)
    sessions = []
    for day in (first + timedelta(days=back) for back in range((on - first).days)):
        plan = versions.plan_on(day)
        if plan.exercise_rounds:
            log = logs.get(day, NOTHING)
            loaded = any(is_loaded(planned.item.exercise, ladders) for planned in plan.rounds)
            share = log.share_done(plan)
            for_pain = log.is_skipped_for_pain or (day in sore and log == NOTHING)
            sessions.append(Session(day, share, log.pain_during, loaded, for_pain))
    with_load = tuple(session for session in sessions if session.is_loaded)
    today = versions.plan_on(on).rounds
    is_calm = not any(session.is_loaded for session in sessions[-DAYS_IN_WEEK:])
    return tuple(sessions) if is_calm and today else with_load


def _days_left_for_pain(program: Program, *, on: date) -> frozenset[date]:
    """The days of weeks in which pain got in the way, as the patient said. One query."""
    rows = Barrier.objects.filter(
        program=program, what=Barrier.What.PAIN, local_date__range=(on - LOOK_BACK, on)
    )
    weeks = rows.order_by().values_list("local_date", flat=True)
    return frozenset(day for asked in weeks for day in days_counted(asked))


def _adherence(
    versions: ProgramVersions, logs: Mapping[date, DayLog], *, on: date
) -> tuple[ItemAdherence, ...]:
    """By exercise, over the 7 days before `on`; a splint counts its nights."""
    counts: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for back in range(DAYS_IN_WEEK, 0, -1):
        day = on - timedelta(days=back)
        log = logs.get(day, NOTHING)
        for planned in versions.plan_on(day).rounds:
            slug = planned.item.exercise
            names[slug] = planned.item.name
            row = counts.setdefault(slug, [0, 0])
            row[0] += log.is_done(planned)
            row[1] += 1
    return tuple(
        ItemAdherence(slug, names[slug], done, planned) for slug, (done, planned) in counts.items()
    )
