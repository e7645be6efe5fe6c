"""Reads that other parts need, as frozen dataclasses or plain sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from exercises.models import CheckIn, Prescription, Program, ProgramTemplate, SessionLog
from exercises.plan import DayPlan, Item, phase_on, plan_on


def answered_days(
    *, programs: Collection[UUID], dates: Collection[date]
) -> set[tuple[UUID, date, str]]:
    """The (program, local date, kind) among these that have a score. One query."""
    return set(
        CheckIn.objects.filter(
            program__in=programs, local_date__in=dates, taken_back_at=None
        ).values_list("program_id", "local_date", "kind")
    )


def logged_days(
    *, programs: Collection[UUID], dates: Collection[date]
) -> set[tuple[UUID, date, str]]:
    """The (program, local date, kind) among these that were done or skipped. One query."""
    return set(
        SessionLog.objects.filter(
            program__in=programs, local_date__in=dates, undone_at=None
        ).values_list("program_id", "local_date", "kind")
    )


def told_days(
    *, programs: Collection[UUID], dates: Collection[date]
) -> set[tuple[UUID, date, str]]:
    """The (program, local date, kind) among these with a score or a log. Two queries."""
    answered = answered_days(programs=programs, dates=dates)
    return answered | logged_days(programs=programs, dates=dates)


def scores_of(program: Program, *, kind: str, since: date) -> dict[date, int]:
    """The scores of a series by day. One query."""
    rows = CheckIn.objects.filter(
        program=program, kind=kind, local_date__gte=since, taken_back_at=None
    )
    return dict(rows.values_list("local_date", "score"))


def days_done(program: Program, *, since: date) -> set[date]:
    """The days on which exercises were done. One query."""
    rows = SessionLog.objects.filter(
        program=program,
        kind=SessionLog.Kind.EXERCISE,
        outcome=SessionLog.Outcome.DONE,
        local_date__gte=since,
        undone_at=None,
    )
    return set(rows.values_list("local_date", flat=True))


def day_plans(
    days: Mapping[UUID, Collection[date]],
) -> dict[tuple[UUID, date], DayPlan]:
    """The plans of (program, local date) pairs. One query, none without pairs."""
    if not days:
        return {}
    items: dict[UUID, list[Item]] = {program_id: [] for program_id in days}
    starts: dict[UUID, date] = {}
    rows = Prescription.objects.filter(phase__program__in=days).select_related(
        "phase__program", "exercise"
    )
    for row in rows.order_by("phase__number", "position"):
        program = row.phase.program
        starts[program.pk] = program.start_date
        items[program.pk].append(row.as_item(row.phase, row.exercise))
    return {
        (program_id, day): plan_on(items[program_id], start_date=starts[program_id], on=day)
        for program_id, wanted in days.items()
        for day in wanted
        if program_id in starts
    }


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of a program: what stands on it, and which kinds are logged already."""

    plan: DayPlan
    phase: str
    logged: frozenset[str]


def plan_for_day(program: Program, day: date) -> PlannedDay:
    """What `program` asks for on `day`, and what of it is done or skipped. Two queries."""
    rows = Prescription.objects.filter(phase__program=program).select_related("phase", "exercise")
    items = [
        row.as_item(row.phase, row.exercise) for row in rows.order_by("phase__number", "position")
    ]
    logged = logged_days(programs={program.pk}, dates={day})
    return PlannedDay(
        plan=plan_on(items, start_date=program.start_date, on=day),
        phase=phase_on(items, start_date=program.start_date, on=day),
        logged=frozenset(kind for _, _, kind in logged),
    )


def template_items(template: ProgramTemplate) -> list[Item]:
    """A template's items in order. Two queries."""
    phases = template.phases.prefetch_related("items__exercise")
    return [item.as_item(phase, item.exercise) for phase in phases for item in phase.items.all()]
