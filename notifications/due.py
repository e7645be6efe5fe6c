"""From `Schedule.next_due_at` to the outbox.

In one transaction, for a batch of due schedules:
 1. lock them, skipping those another process holds;
 2. insert one message for each occurrence that has come (a unique constraint refuses a second);
 3. advance each schedule to its next occurrence.

Killed anywhere in between, nothing has happened; run twice at once, each schedule is taken once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from exercises.models import Schedule
from exercises.recurrence import next_occurrence
from exercises.services import rule_of
from notifications import outbox
from notifications.models import OutboundMessage

logger = logging.getLogger(__name__)

BATCH = 500
# An outage longer than this many occurrences is caught up over several batches.
OCCURRENCES_AT_ONCE = 31
PRIORITY = {
    Schedule.Kind.CHECK_IN: outbox.Priority.CHECK_IN,
    Schedule.Kind.EXERCISE: outbox.Priority.REMINDER,
    Schedule.Kind.SPLINT: outbox.Priority.REMINDER,
}


def write_due(*, now: datetime, limit: int = BATCH) -> int:
    """Write the messages of up to `limit` schedules due at `now`; returns how many messages.

    Three queries for a batch of any size.
    """
    with transaction.atomic():
        schedules = list(
            Schedule.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(next_due_at__lte=now)
            .select_related("program__patient")
            .order_by("next_due_at")[:limit]
        )
        if not schedules:
            return 0
        messages = [message for schedule in schedules for message in _messages_until(schedule, now)]
        outbox.add_occurrences(messages)
        Schedule.objects.bulk_update(schedules, ["next_due_at", "next_local_date", "next_slot"])
    for message in messages:
        logger.info("due %s schedule=%s", message.kind, message.schedule_id)
    return len(messages)


def _messages_until(schedule: Schedule, now: datetime) -> Iterator[OutboundMessage]:
    """A message for each occurrence up to `now`, advancing the schedule in memory."""
    patient = schedule.program.patient
    rule = rule_of(schedule)
    for _ in range(OCCURRENCES_AT_ONCE):
        if schedule.next_due_at is None or schedule.next_local_date is None:
            return
        if schedule.next_due_at > now:
            return
        yield OutboundMessage(
            clinic_id=patient.clinic_id,
            patient=patient,
            to_phone=patient.phone,
            kind=schedule.kind,
            schedule=schedule,
            local_date=schedule.next_local_date,
            slot=schedule.next_slot,
            wording=schedule.kind,
            due_at=schedule.next_due_at,
            not_before=schedule.next_due_at,
            priority=PRIORITY[Schedule.Kind(schedule.kind)],
        )
        following = next_occurrence(
            rule, patient.zone, last=(schedule.next_local_date, schedule.next_slot)
        )
        schedule.next_due_at = following.due_at if following else None
        schedule.next_local_date = following.local_date if following else None
        schedule.next_slot = following.slot if following else 0
