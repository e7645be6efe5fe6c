"""What each day asks for, and what of it was told: scores, logs, whole days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Value

from exercises.models import Barrier, CheckIn, Measure, Program, Schedule, SessionLog
from exercises.reads.versions import ProgramVersions, versions_of
from exercises.rules.plan import DayPlan, PlannedRound


def answered_days(
    *, programs: Collection[UUID], dates: Collection[date]
) -> set[tuple[UUID, date, str]]:
    """The (program, local date, kind) among these that have a score, a yes or no, or what got in
    the way of the week. One query.
    """
    of_these = {"program__in": programs, "local_date__in": dates}
    scores = CheckIn.objects.filter(**of_these, taken_back_at=None)
    measures = Measure.objects.filter(**of_these, instrument__in=Measure.YES_OR_NO)
    told = scores.order_by().values_list("program_id", "local_date", "kind")
    answers = measures.order_by().values_list("program_id", "local_date", "instrument")
    of_weeks = Barrier.objects.filter(**of_these).exclude(what="").order_by()
    barriers = of_weeks.values_list("program_id", "local_date", Value(Schedule.Kind.WEEK.value))
    return set(told.union(answers, barriers))


def logged_days(
    *, programs: Collection[UUID], dates: Collection[date]
) -> set[tuple[UUID, date, str]]:
    """The (program, local date, kind) among these of which nothing is left to log.

    One query, and two more where items were logged one by one.
    """
    rows = SessionLog.objects.filter(program__in=programs, local_date__in=dates, undone_at=None)
    whole: set[tuple[UUID, date, str]] = set()
    items: dict[tuple[UUID, date], list[tuple[str, str]]] = defaultdict(list)
    for program_id, day, kind, exercise, slot in rows.values_list(
        "program_id", "local_date", "kind", "exercise__slug", "slot"
    ):
        if exercise is None or kind == SessionLog.Kind.SPLINT:
            whole.add((program_id, day, kind))
        else:
            items[program_id, day].append((exercise, slot))
    days: dict[UUID, list[date]] = defaultdict(list)
    for program_id, day in items:
        days[program_id].append(day)
    for key, plan in day_plans(days).items():
        if all(is_logged(planned, items[key]) for planned in plan.exercise_rounds):
            whole.add((*key, SessionLog.Kind.EXERCISE))
    return whole


def is_logged(planned: PlannedRound, logged: Collection[tuple[str, str]]) -> bool:
    """Whether a round is among (exercise, slot); a log without a slot speaks of all its rounds."""
    exercise = planned.item.exercise
    return (exercise, planned.slot) in logged or (exercise, "") in logged


def kind_of(planned: PlannedRound) -> str:
    """What a log of this round is about."""
    return SessionLog.Kind.EXERCISE if planned.hours is None else SessionLog.Kind.SPLINT


def told_days(
    *, programs: Collection[UUID], dates: Collection[date]
) -> set[tuple[UUID, date, str]]:
    """The (program, local date, kind) among these with a score, or with nothing left to log.

    Two queries, and two more where items were logged one by one.
    """
    answered = answered_days(programs=programs, dates=dates)
    return answered | logged_days(programs=programs, dates=dates)


def scores_of(program: Program, *, kind: str, since: date) -> dict[date, int]:
    """The scores of a series by day. One query."""
    rows = CheckIn.objects.filter(
        program=program, kind=kind, local_date__gte=since, taken_back_at=None
    )
    return dict(rows.values_list("local_date", "score"))


def days_done(program: Program, *, since: date) -> set[date]:
    """As `days_done_of`, of one program."""
    return days_done_of([program.pk], since=since)[program.pk]


def days_done_of(programs: Collection[UUID], *, since: date) -> dict[UUID, set[date]]:
    """The days on which exercises were done: all by a word, or half of them one by one.

    One query, and two more where items were logged one by one.
    """
    rows = SessionLog.objects.filter(
        program__in=programs,
        kind=SessionLog.Kind.EXERCISE,
        outcome=SessionLog.Outcome.DONE,
        local_date__gte=since,
        undone_at=None,
    )
    days: dict[UUID, set[date]] = {program: set() for program in programs}
    items: dict[UUID, dict[date, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for program, day, exercise, slot in rows.values_list(
        "program_id", "local_date", "exercise__slug", "slot"
    ):
        if not exercise:
            days[program].add(day)
        else:
            items[program][day].append((exercise, slot))
    for (program, day), plan in day_plans(items).items():
        rounds = plan.exercise_rounds
        done = sum(is_logged(planned, items[program][day]) for planned in rounds)
        if 2 * done >= len(rounds):
            days[program].add(day)
    return days


def day_plans(
    days: Mapping[UUID, Collection[date]],
) -> dict[tuple[UUID, date], DayPlan]:
    """The plans of (program, local date) pairs. Two queries, none without pairs."""
    known = versions_of(days.keys()) if days else {}
    return {
        (program_id, day): known[program_id].plan_on(day)
        for program_id, wanted in days.items()
        for day in wanted
        if program_id in known
    }


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of a program: what stands on it, and what is done or skipped already.

    `logged` are kinds told for the whole day, `items_logged` are (exercise, slot).
    """

    plan: DayPlan
    phase: str
    logged: frozenset[str]
    items_logged: frozenset[tuple[str, str]]

    def has_log(self, planned: PlannedRound) -> bool:
        """Whether a round of the plan is logged, by itself or with its whole day."""
        return kind_of(planned) in self.logged or is_logged(planned, self.items_logged)


def planned_days(
    versions: Mapping[UUID, ProgramVersions], days: Collection[date]
) -> dict[tuple[UUID, date], PlannedDay]:
    """What each program asks for on each day, and what of it is logged. One query."""
    whole: dict[tuple[UUID, date], set[str]] = defaultdict(set)
    items: dict[tuple[UUID, date], set[tuple[str, str]]] = defaultdict(set)
    rows = SessionLog.objects.filter(program__in=versions, local_date__in=days, undone_at=None)
    for program_id, day, kind, exercise, slot in rows.values_list(
        "program_id", "local_date", "kind", "exercise__slug", "slot"
    ):
        if exercise:
            items[program_id, day].add((exercise, slot))
        else:
            whole[program_id, day].add(kind)
    found = {}
    for program_id, known in versions.items():
        for day in days:
            found[program_id, day] = PlannedDay(
                plan=known.plan_on(day),
                phase=known.phase_on(day),
                logged=frozenset(whole[program_id, day]),
                items_logged=frozenset(items[program_id, day]),
            )
    return found


def plan_for_day(program: Program, day: date) -> PlannedDay:
    """What `program` asks for on `day`, and what of it is done or skipped. Three queries."""
    return planned_days(versions_of([program.pk]), [day])[program.pk, day]
