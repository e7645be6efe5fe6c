"""Rows for benchmarks, made by SQL because there are many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from notifications.models import ClinicTexting, Sender
from tests import factories

# A winter noon in New York; every check-in fell due at 08:30:00 that day.
NOW = datetime(2026, 1, 15, 17, 0, tzinfo=UTC)
DUE_AT = datetime(2026, 1, 15, 13, 30, tzinfo=UTC)
TABLES = "notifications_sendattempt, notifications_deliveryevent, notifications_outboundmessage"


def execute(statement: str, *values: object) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)  # type: ignore[arg-type]  # plain values


def number(statement: str) -> float:
    """The single figure a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return float(cursor.fetchone()[0])


def empty() -> None:
    """Start from nothing."""
    execute(
        "TRUNCATE exercises_clinic, exercises_patient, exercises_program, exercises_schedule,"
        " notifications_sender, notifications_inboundmessage CASCADE"
    )


def clinic(*, segments_per_second: float | None = None) -> int:
    """A clinic that texts; returns its id."""
    row = factories.ClinicFactory.create(name="Bench")
    factories.texting(row)
    Sender.objects.update(segments_per_second=segments_per_second)
    assert ClinicTexting.objects.count() == 1
    return row.pk


def schedules(count: int, *, clinic_id: int, due_at: datetime = DUE_AT) -> None:
    """`count` patients in New York with consent, each with a daily check-in due at `due_at`."""
    local = due_at - timedelta(hours=5)
    execute(
        "INSERT INTO exercises_patient (id, clinic_id, first_name, last_name, phone, time_zone,"
        " language, texts_hours_asked, created_at, updated_at)"
        " SELECT gen_random_uuid(), %s, 'Maria', n::text,"
        " '+1' || (2000000000 + n)::text, 'America/New_York', 'en', '', now(), now()"
        " FROM generate_series(1, %s) n",
        clinic_id,
        count,
    )
    execute(
        "INSERT INTO exercises_program (id, patient_id, name, start_date, side, status, created_at)"
        " SELECT gen_random_uuid(), id, 'PF', %s, 'left', 'active', now() FROM exercises_patient",
        local.date(),
    )
    execute(
        "INSERT INTO exercises_schedule (program_id, kind, local_times, steps, starts_on,"
        " next_due_at, next_local_date, next_slot, last_slot, parked_reason)"
        " SELECT id, 'check_in', ARRAY[%s::time],"
        ' \'[{"first_week": 1, "every_n_days": 1, "weekdays": []}]\', start_date, %s, %s, 0, 0, \'\''
        " FROM exercises_program",
        local.time(),
        due_at,
        local.date(),
    )
    execute(
        "INSERT INTO notifications_phoneconsent (clinic_id, phone, state, updated_at)"
        " SELECT clinic_id, phone, 'granted', now() FROM exercises_patient"
    )
    execute(
        "INSERT INTO notifications_phoneconsent_people (phoneconsent_id, patient_id)"
        " SELECT consent.id, patient.id FROM notifications_phoneconsent AS consent"
        " JOIN exercises_patient AS patient ON patient.phone = consent.phone"
        " AND patient.clinic_id = consent.clinic_id"
    )
    tidy()


def due_again(*, due_at: datetime = DUE_AT) -> None:
    """Forget all messages and make every schedule due once more."""
    execute(f"TRUNCATE {TABLES} CASCADE")
    execute(
        "UPDATE exercises_schedule SET next_due_at = %s, next_local_date = %s, next_slot = 0,"
        " last_local_date = NULL, last_slot = 0",
        due_at,
        (due_at - timedelta(hours=5)).date(),
    )
    tidy()


def tidy() -> None:
    """What autovacuum would do before the next measurement."""
    execute("VACUUM ANALYZE")
