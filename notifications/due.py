"""From `Schedule.next_due_at` to the outbox.

In one transaction, for a batch of due schedules:
 1. lock them, skipping those another process holds;
 2. insert one message for each occurrence that has come (a unique constraint refuses a second);
 3. advance each schedule to its next occurrence; park one that cannot be read, with the reason.

Killed anywhere in between, nothing has happened; run twice at once, each schedule is taken once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from exercises.models import Schedule
from exercises.recurrence import Occurrence, next_occurrence
from notifications import outbox

logger = logging.getLogger(__name__)

BATCH = 1_000
# An outage longer than this many occurrences is caught up over several batches.
OCCURRENCES_AT_ONCE = 31
ADVANCE = """
UPDATE exercises_schedule AS schedule
   SET next_due_at = plan.due_at, next_local_date = plan.local_date, next_slot = plan.slot,
       last_local_date = coalesce(plan.last_local_date, schedule.last_local_date),
       last_slot = coalesce(plan.last_slot, schedule.last_slot),
       parked_reason = plan.parked_reason
  FROM unnest(%s::bigint[], %s::timestamptz[], %s::date[], %s::smallint[], %s::date[],
              %s::smallint[], %s::text[])
       AS plan(id, due_at, local_date, slot, last_local_date, last_slot, parked_reason)
 WHERE schedule.id = plan.id
"""


@dataclass
class Plan:
    """What happens to one due schedule: occurrences to write, then the next one or a reason."""

    schedule_id: int
    due: list[Occurrence] = field(default_factory=list)
    following: Occurrence | None = None
    parked_reason: str = ""

    def advance_row(self) -> tuple[object, ...]:
        """The row for ADVANCE."""
        following, last = self.following, self.due[-1] if self.due else None
        return (
            self.schedule_id,
            following.due_at if following else None,
            following.local_date if following else None,
            following.slot if following else 0,
            last.local_date if last else None,
            last.slot if last else None,
            self.parked_reason,
        )


def write_due(*, now: datetime, limit: int = BATCH) -> int:
    """Write the messages of up to `limit` schedules due at `now`; returns how many schedules.

    Three queries for a batch of any size.
    """
    with transaction.atomic():
        schedules = list(
            Schedule.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(next_due_at__lte=now)
            .order_by("next_due_at")
            .select_related("program__patient")
            .only(
                "local_times",
                "steps",
                "starts_on",
                "ends_on",
                "next_due_at",
                "next_local_date",
                "next_slot",
                "program__patient__time_zone",
            )[:limit]
        )
        if not schedules:
            return 0
        plans = [_plan(schedule, now) for schedule in schedules]
        occurrences = [(plan.schedule_id, row) for plan in plans for row in plan.due]
        outbox.add_occurrences(occurrences, now=now)
        _advance(plans)
    logger.info("due schedules=%s messages=%s", len(plans), len(occurrences))
    return len(plans)


def _plan(schedule: Schedule, now: datetime) -> Plan:
    """The occurrences up to `now`, and the one to wait for."""
    plan = Plan(schedule.pk)
    try:
        zone, rule = ZoneInfo(schedule.program.patient.time_zone), schedule.rule
        due: Occurrence | None = _planned(schedule)
        while due is not None and due.due_at <= now and len(plan.due) < OCCURRENCES_AT_ONCE:
            plan.due.append(due)
            due = next_occurrence(rule, zone, last=(due.local_date, due.slot))
        plan.following = due
    except Exception as error:  # noqa: BLE001  # one bad row must not hide the good ones behind it
        logger.error("parked schedule=%s: %s", schedule.pk, type(error).__name__)  # noqa: TRY400  # the traceback may quote the row
        plan = Plan(schedule.pk, parked_reason=f"Cannot be planned: {type(error).__name__}")
    return plan


def _planned(schedule: Schedule) -> Occurrence:
    due_at: datetime | None = schedule.next_due_at
    local_date: date | None = schedule.next_local_date
    if due_at is None or local_date is None:
        raise ValueError("a due schedule has a due time and a local date")
    return Occurrence(local_date, schedule.next_slot, due_at)


def _advance(plans: Sequence[Plan]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ADVANCE, [list(column) for column in _columns(plans)])


def _columns(plans: Sequence[Plan]) -> list[tuple[object, ...]]:
    return list(zip(*(plan.advance_row() for plan in plans), strict=True))
