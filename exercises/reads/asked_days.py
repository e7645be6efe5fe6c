"""Days on which somebody was to do exercises: what nobody was to do was not left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from exercises.models import Alert, Program
from exercises.reads.pauses import Pause, is_paused
from exercises.reads.versions import ProgramVersions


def day_of(at: datetime | None, zone: ZoneInfo) -> date | None:
    """The day of a moment on the patient's calendar."""
    return at.astimezone(zone).date() if at else None


def held_days(programs: Collection[Program], days: Collection[date]) -> dict[UUID, frozenset[date]]:
    """By patient, the days among these on which an alert held the exercises. One query."""
    zones = {program.patient_id: program.patient.zone for program in programs}
    rows = Alert.objects.filter(patient__in=zones, reason__in=sorted(Alert.HOLDS))
    held: dict[UUID, set[date]] = defaultdict(set)
    for patient, opened, closed in rows.values_list("patient_id", "opened_at", "acknowledged_at"):
        first, last = day_of(opened, zones[patient]), day_of(closed, zones[patient])
        held[patient] |= {
            day for day in days if first and first <= day and (last is None or day <= last)
        }
    return {patient: frozenset(found) for patient, found in held.items()}


def asked_days(
    program: Program,
    versions: ProgramVersions,
    days: Collection[date],
    *,
    held: Mapping[UUID, frozenset[date]],
    pauses: Sequence[Pause] = (),
) -> frozenset[date]:
    """Those of `days` with exercises on the plan, before the program ended, outside `pauses`, and
    not `held` (by patient).
    """
    ended = day_of(program.ended_at, program.patient.zone)
    waited = held.get(program.patient_id, frozenset())
    return frozenset(
        day
        for day in days
        if (ended is None or day < ended)
        and day not in waited
        and not is_paused(pauses, day)
        and versions.plan_on(day).exercise_rounds
    )
