"""Reads that other parts need, as frozen dataclasses or plain sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from exercises.models import CheckIn, Prescription, Program, SessionLog


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


@dataclass(frozen=True, slots=True)
class DayPlan:
    """How much there is to do on a day: items, and the minutes they take together."""

    count: int = 0
    minutes: int = 0


def day_plans(
    days: Mapping[UUID, Collection[date]],
) -> dict[tuple[UUID, date], DayPlan]:
    """The plans of (program, local date) pairs; none outside a program. One query."""
    if not days:
        return {}
    items: dict[UUID, list[Prescription]] = {program_id: [] for program_id in days}
    rows = Prescription.objects.filter(phase__program__in=days).select_related(
        "phase__program", "exercise"
    )
    for item in rows:
        items[item.phase.program_id].append(item)
    return {
        (program_id, day): _plan_of(items[program_id], day)
        for program_id, wanted in days.items()
        for day in wanted
    }


def _plan_of(items: Collection[Prescription], day: date) -> DayPlan:
    due = [item for item in items if _is_on(item, day)]
    minutes = sum(item.exercise.minutes * item.times_per_day for item in due)
    return DayPlan(len(due), minutes)


def _is_on(item: Prescription, day: date) -> bool:
    """Whether an item stands on the plan of `day`: its phase's weeks, then every n-th day of it."""
    phase = item.phase
    days = (day - phase.program.start_date).days - (phase.first_week - 1) * 7
    if days < 0 or (phase.last_week and days >= (phase.last_week - phase.first_week + 1) * 7):
        return False
    return days % item.every_n_days == 0
