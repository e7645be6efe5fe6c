"""Opening, acknowledging and escalating alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from exercises.models import Alert, Patient, Program, User
from exercises.rules.recurrence import instant_of
from hep.errors import ConflictError, InvalidInputError

# docs/clinical-rules.md#alerts: critical alerts have 4 working hours.
CRITICAL_WITHIN = timedelta(hours=4)
WORKDAY = (time(9), time(17))
WORKDAYS = range(5)


@transaction.atomic
def open_alert(
    *, patient: Patient, program: Program | None, reason: str, now: datetime, detail: str = ""
) -> Alert:
    """Open an alert, or count one more on the open one of the same program and reason."""
    severity = Alert.SEVERITY[reason]
    critical = severity == Alert.Severity.CRITICAL
    zone = ZoneInfo(patient.clinic.time_zone)
    alert, created = Alert.objects.get_or_create(
        patient=patient,
        program=program,
        reason=reason,
        acknowledged_at=None,
        defaults={
            "severity": severity,
            "detail": detail,
            "opened_at": now,
            "last_at": now,
            "deadline": working_deadline(now, zone) if critical else None,
        },
    )
    if not created:
        rows = Alert.objects.filter(pk=alert.pk)
        rows.update(times=F("times") + 1, last_at=now, detail=detail or alert.detail)
        alert.refresh_from_db()
    return alert


@transaction.atomic
def acknowledge(*, alert: Alert, by: User, note: str, now: datetime) -> Alert:
    """Close an alert with a note. Raises InvalidInputError without a note, ConflictError when
    somebody was faster. After silence it also starts asking again.
    """
    if not note.strip():
        message = "Write a word on what you found or did."
        raise InvalidInputError("note", message, code="required")
    closed = Alert.objects.filter(pk=alert.pk, acknowledged_at=None).update(
        acknowledged_at=now, acknowledged_by=by, note=note.strip()
    )
    if not closed:
        raise ConflictError("note", "Somebody has closed this alert already.", code="closed")
    alert.refresh_from_db()
    if alert.reason == Alert.Reason.TEXTS_STOPPED and alert.program_id:
        Program.objects.filter(pk=alert.program_id).update(heard_at=now)
    return alert


def escalate(*, now: datetime) -> Sequence[Alert]:
    """The critical alerts that nobody closed in time, marked as escalated; each comes once."""
    with transaction.atomic():
        late = list(
            Alert.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(acknowledged_at=None, escalated_at=None, deadline__lte=now)
            .select_related("patient")
            .order_by("deadline")[:100]
        )
        Alert.objects.filter(pk__in=[alert.pk for alert in late]).update(escalated_at=now)
    return late


def working_deadline(opened_at: datetime, zone: ZoneInfo) -> datetime:
    """The instant by which CRITICAL_WITHIN of working time has passed: Monday to Friday, 9 to 17 on
    the clinic's clock.
    """
    left = CRITICAL_WITHIN
    day = opened_at.astimezone(zone).date()
    while True:
        first, last = (instant_of(day, edge, zone) for edge in WORKDAY)
        if day.weekday() in WORKDAYS and first and last:
            start = max(first, opened_at)
            if start + left <= last:
                return start + left
            left -= max(last - start, timedelta())
        day += timedelta(days=1)
