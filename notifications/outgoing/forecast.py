"""When the texts of a sender will have left, and whether that is in time.

A sender's texts leave one after the other at its rate, so those due together form a wave: it begins
with a text that finds the line free and ends when the line is free again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from exercises.models import Patient, Program, Schedule
from notifications.models import Sender
from notifications.outgoing.guards import latest_departure
from notifications.outgoing.pacing import PLANNED_SHARE

# A longer line than this is no wave but a sender that is too slow for its clinics.
LOOK_AROUND = timedelta(hours=12)
DEMAND = """
SELECT schedule.next_due_at, count(*)
  FROM exercises_schedule AS schedule
  JOIN exercises_program AS program ON program.id = schedule.program_id
  JOIN exercises_patient AS patient ON patient.id = program.patient_id
  JOIN notifications_clinictexting AS texting ON texting.clinic_id = patient.clinic_id
 WHERE texting.sender_id = %s AND schedule.next_due_at BETWEEN %s AND %s
 GROUP BY schedule.next_due_at
 ORDER BY schedule.next_due_at
"""


@dataclass(frozen=True, slots=True)
class Wave:
    """Texts that follow each other without a gap. `lands_at`: when the last of them has left."""

    texts: int
    starts_at: datetime
    lands_at: datetime


def waves(demand: Iterable[tuple[datetime, int]], *, per_second: float | None) -> list[Wave]:
    """The waves of (due at, number of one-segment texts) in order of time, at a sender's rate.

    Without a rate every text leaves when it is due. Pure.
    """
    found: list[Wave] = []
    for due_at, texts in demand:
        seconds = texts / (per_second * PLANNED_SHARE) if per_second else 0.0
        if found and due_at <= found[-1].lands_at:
            last = found[-1]
            lands_at = last.lands_at + timedelta(seconds=seconds)
            found[-1] = Wave(last.texts + texts, last.starts_at, lands_at)
        else:
            found.append(Wave(texts, due_at, due_at + timedelta(seconds=seconds)))
    return found


def waves_around(sender: Sender, due_at: datetime, *, until: datetime | None = None) -> list[Wave]:
    """The waves of what is planned now from half a day before `due_at` until half a day after, or
    `until`. One query; only the next occurrence of each schedule counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(DEMAND, (sender.pk, due_at - LOOK_AROUND, until or due_at + LOOK_AROUND))
        return waves(cursor.fetchall(), per_second=sender.segments_per_second)


def next_wave(sender: Sender, *, now: datetime) -> Wave | None:
    """The wave under way or the next one within half a day."""
    return next((wave for wave in waves_around(sender, now) if wave.lands_at >= now), None)


@dataclass(frozen=True, slots=True)
class LateText:
    """A schedule's next text that would leave too late, and the line up to and with it."""

    schedule: Schedule
    due_at: datetime
    line: Wave


def late_texts(program: Program) -> list[LateText]:
    """The next texts of `program` that would leave too late to be of use.

    Two queries, and one for each schedule.
    """
    patient: Patient = program.patient
    sender = Sender.objects.filter(clinics__clinic=patient.clinic_id).first()
    late: list[LateText] = []
    for schedule in program.schedules.exclude(next_due_at=None):
        due_at = schedule.next_due_at
        if sender is None or due_at is None:
            continue
        line = waves_around(sender, due_at, until=due_at)[-1]
        latest = latest_departure(
            kind=schedule.kind,
            due_at=due_at,
            local_date=schedule.next_local_date,
            zone=patient.zone,
            until=patient.texting_hours[1],
        )
        if line.lands_at > latest:
            late.append(LateText(schedule, due_at, line))
    return late
