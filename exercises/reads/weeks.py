"""Weeks as they are counted for the patient: days done of those that count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from exercises.models import CheckIn, Program, SessionLog
from exercises.reads.asked_days import asked_days, day_of, held_days
from exercises.reads.days import days_done_of
from exercises.reads.versions import versions_of
from exercises.rules.coaching import WeekCount, days_counted


def week_count(program: Program, *, on: date) -> WeekCount:
    """As `week_counts`, of one program and day."""
    return week_counts({program.pk: [on]})[program.pk, on]


def week_counts(
    wanted: Mapping[UUID, Collection[date]],
) -> dict[tuple[UUID, date], WeekCount]:
    """The 7 days before each (program, local date). A constant number of queries.

    A day does not count before the last pause ended, nor while an alert held the exercises: what
    nobody was to do was not left out.
    """
    if not wanted:
        return {}
    days = {day for dates in wanted.values() for on in dates for day in (*days_counted(on), on)}
    programs = Program.objects.select_related("patient__clinic").in_bulk(wanted)
    versions = versions_of(wanted.keys())
    done = days_done_of(wanted.keys(), since=min(days))
    held = held_days(programs.values(), days)
    worst = _worst_pains(wanted.keys(), days)
    counts = {}
    for pk, dates in wanted.items():
        program = programs[pk]
        first = day_of(program.resumed_at, program.patient.zone) or program.start_date
        for on in dates:
            # Of pauses a row knows the last alone, which is enough for a week.
            counted = [day for day in days_counted(on) if day >= first]
            planned = asked_days(program, versions[pk], counted, held=held)
            # That of the day itself as well: nobody is praised in the evening of a 10.
            told = (*days_counted(on), on)
            pains = [worst[pk, day] for day in told if (pk, day) in worst]
            counts[pk, on] = WeekCount(planned & done[pk], planned, max(pains, default=None))
    return counts


def _worst_pains(
    programs: Collection[UUID], days: Collection[date]
) -> dict[tuple[UUID, date], int]:
    """The worst pain of each day, of check-ins and while exercising. Two queries."""
    scores = CheckIn.objects.filter(
        program__in=programs, local_date__in=days, taken_back_at=None
    ).values_list("program_id", "local_date", "score")
    during = SessionLog.objects.filter(
        program__in=programs, local_date__in=days, undone_at=None, pain_during__isnull=False
    ).values_list("program_id", "local_date", "pain_during")
    worst: dict[tuple[UUID, date], int] = {}
    for program, day, pain in [*scores, *during]:
        worst[program, day] = max(worst.get((program, day), 0), pain or 0)
    return worst
