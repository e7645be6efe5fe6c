"""From `Schedule.next_due_at` to the outbox.

In one transaction, for a batch of due schedules:
 1. lock them, skipping those another process holds;
 2. insert one message for each occurrence that has come (a unique constraint refuses a second);
 3. advance each schedule to its next occurrence; park one that cannot be read, with the reason.

Killed anywhere in between, nothing has happened; run twice at once, each schedule is taken once.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import transaction

from exercises.models.programs import steps_from
from exercises.rules.recurrence import Occurrence, Rule, Step, following
from hep.sql import array_cursor, plain_array
from notifications import outbox

logger = logging.getLogger(__name__)

BATCH = 1_000
# An outage longer than this many occurrences is caught up over several batches.
OCCURRENCES_AT_ONCE = 31
CLAIM = """
SELECT schedule.id, schedule.local_times, schedule.steps::text, schedule.starts_on,
       schedule.ends_on, schedule.next_due_at AT TIME ZONE 'UTC', schedule.next_local_date,
       schedule.next_slot, patient.time_zone
  FROM exercises_schedule AS schedule
  JOIN exercises_program AS program ON program.id = schedule.program_id
  JOIN exercises_patient AS patient ON patient.id = program.patient_id
 WHERE schedule.next_due_at <= %s
 ORDER BY schedule.next_due_at
 LIMIT %s
   FOR UPDATE OF schedule SKIP LOCKED
"""
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


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """A locked schedule with what planning needs; the columns of CLAIM in order.

    `utc` is naive, because Django's own loader of instants would cost a tenth of the scan.
    """

    schedule_id: int
    times: list[time]
    steps: str
    starts_on: date
    ends_on: date | None
    utc: datetime
    local_date: date
    slot: int
    time_zone: str


@dataclass(slots=True)
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

    Three statements for a batch of any size.
    """
    with transaction.atomic(), array_cursor() as cursor:
        cursor.execute(CLAIM, [now, limit])
        plans = [_plan(DueSchedule(*row), now) for row in cursor.fetchall()]
        if not plans:
            return 0
        occurrences = [(plan.schedule_id, row) for plan in plans for row in plan.due]
        outbox.add_occurrences(occurrences, now=now)
        *columns, reasons = zip(*(plan.advance_row() for plan in plans), strict=True)
        cursor.execute(ADVANCE, [*map(plain_array, columns), list(reasons)])
    logger.info("due schedules=%s messages=%s", len(plans), len(occurrences))
    return len(plans)


def _plan(schedule: DueSchedule, now: datetime) -> Plan:
    """The occurrences up to `now`, and the one to wait for."""
    plan = Plan(schedule.schedule_id)
    try:
        zone = ZoneInfo(schedule.time_zone)
        rule = Rule(
            tuple(schedule.times), schedule.starts_on, _steps(schedule.steps), schedule.ends_on
        )
        first = Occurrence(schedule.local_date, schedule.slot, schedule.utc.replace(tzinfo=UTC))
        for occurrence in following(rule, zone, first):
            plan.following = occurrence
            if occurrence.due_at > now or len(plan.due) == OCCURRENCES_AT_ONCE:
                break
            plan.due.append(occurrence)
            plan.following = None
    except Exception as error:  # noqa: BLE001  # one bad row must not hide the good ones behind it
        logger.error("parked schedule=%s: %s", plan.schedule_id, type(error).__name__)  # noqa: TRY400  # the traceback may quote the row
        plan = Plan(plan.schedule_id, parked_reason=f"Cannot be planned: {type(error).__name__}")
    return plan


@lru_cache(maxsize=1_024)  # most schedules share a handful of rhythms
def _steps(stored: str) -> tuple[Step, ...]:
    return steps_from(json.loads(stored))
