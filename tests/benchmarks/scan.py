"""The due scan: against one SQL statement, and with nothing due among a million."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import connection

from notifications.outgoing.due import write_due
from tests.benchmarks import rows
from tests.benchmarks.report import Figure

DUE = 20_000
TICKS = 200
# The same work by hand, knowing that every rule is daily at one time.
FLOOR = """
WITH due AS (
    SELECT schedule.id, schedule.kind, schedule.next_due_at, schedule.next_local_date,
           schedule.next_slot, schedule.local_times[1] AS local_time, patient.id AS patient_id,
           patient.clinic_id, patient.phone, patient.time_zone
      FROM exercises_schedule AS schedule
      JOIN exercises_program AS program ON program.id = schedule.program_id
      JOIN exercises_patient AS patient ON patient.id = program.patient_id
     WHERE schedule.next_due_at <= %(now)s
     ORDER BY schedule.next_due_at LIMIT 1000
       FOR UPDATE OF schedule SKIP LOCKED
), written AS (
    INSERT INTO notifications_outboundmessage (
        clinic_id, patient_id, to_phone, kind, schedule_id, local_date, slot, wording, names, body,
        due_at, not_before, priority, status, skip_reason, sid, created_at, updated_at)
    SELECT clinic_id, patient_id, phone, kind, id, next_local_date, next_slot, kind, '', '',
           next_due_at, next_due_at, 20, 'waiting', '', '', %(now)s, %(now)s
      FROM due
    ON CONFLICT ON CONSTRAINT outbound_once_per_occurrence DO NOTHING
)
UPDATE exercises_schedule AS schedule
   SET next_due_at = (due.next_local_date + 1 + due.local_time) AT TIME ZONE due.time_zone,
       next_local_date = due.next_local_date + 1,
       last_local_date = due.next_local_date, last_slot = due.next_slot
  FROM due WHERE schedule.id = due.id
"""


def by_hand() -> int:
    """One batch by the floor; returns how many schedules."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, {"now": rows.NOW})
        return int(cursor.rowcount)


def per_second(batch: Callable[[], int]) -> float:
    """Schedules a second until nothing is due."""
    rows.due_again()
    started = time.perf_counter()
    done = 0
    while count := batch():
        done += count
    assert done == DUE
    return done / (time.perf_counter() - started)


def ours() -> int:
    """One batch of ours."""
    return write_due(now=rows.NOW)


def claim() -> Figure:
    """Claimed, written and advanced per second, the better of two runs each, in turn."""
    rows.empty()
    rows.schedules(DUE, clinic_id=rows.clinic())
    per_second(by_hand)  # warm-up of both: files, caches, plans
    per_second(ours)
    pairs = [(per_second(ours), per_second(by_hand)) for _ in range(2)]
    mine, floor = max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    return Figure(
        "claim_vs_sql_floor",
        mine / floor,
        ">= 0.5",
        mine,
        floor,
        "schedules/s",
        ours_beside_idle_transaction=beside_idle_transaction(),
    )


def beside_idle_transaction() -> float:
    """Our rate while another session sits in a transaction and keeps old rows from being cleaned."""
    with psycopg.connect(settings.ENV.database_url) as idle:
        idle.execute("SET default_transaction_isolation = 'repeatable read'")
        idle.commit()
        idle.execute("SELECT count(*) FROM exercises_schedule")
        return per_second(ours)


def idle_tick() -> Figure:
    """A tick with nothing due, among 1,000,000 schedules and among 1,000."""
    rows.empty()
    clinic_id = rows.clinic()
    tomorrow = rows.NOW.replace(day=16, hour=13, minute=30)
    rows.schedules(1_000, clinic_id=clinic_id, due_at=tomorrow)
    small = _tick_seconds()
    rows.execute(
        "INSERT INTO exercises_schedule (program_id, kind, local_times, steps, starts_on,"
        " next_due_at, next_local_date, next_slot, last_slot, parked_reason)"
        " SELECT program_id, kind, local_times, steps, starts_on, next_due_at + n * interval '1 s',"
        " next_local_date, 0, 0, '' FROM exercises_schedule, generate_series(1, 999) n"
    )
    rows.tidy()
    large = _tick_seconds()
    return Figure(
        "idle_tick_1m_vs_1k", large / small, "<= 1.5", large * 1000, small * 1000, "ms a tick"
    )


def _tick_seconds() -> float:
    """The median of many ticks."""
    times = []
    for _ in range(TICKS):
        started = time.perf_counter()
        assert write_due(now=rows.NOW) == 0
        times.append(time.perf_counter() - started)
    return sorted(times)[TICKS // 2]
