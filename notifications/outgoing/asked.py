"""Which questions and reminders reached a patient: what is counted is what happened (promise 13).

A text that we did not send, for whatever reason of ours, is no silence and no omission of theirs.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from exercises.models import Program
from hep.sql import array_cursor
from notifications.models import OutboundMessage

Status = OutboundMessage.Status
Skip = OutboundMessage.SkipReason
# The carrier took it on, and nothing says that it failed.
REACHED = (Status.ACCEPTED, Status.QUEUED, Status.SENDING, Status.SENT, Status.DELIVERED)
# Not sent, and not for want of anything of ours: the day counts as any other.
THEIRS = (Skip.NO_CONSENT, Skip.OPTED_OUT, Skip.ANSWERED, Skip.SILENT)

# A pause that is over is a fresh start, also before the tick that ends it. A day on which we no
# longer ask because of the silence is one more day of it.
UNANSWERED = """
SELECT program.id, array_agg(DISTINCT message.local_date)
  FROM exercises_program AS program
  JOIN exercises_schedule AS schedule
    ON schedule.program_id = program.id AND schedule.kind = 'check_in'
 CROSS JOIN LATERAL (
       SELECT greatest(coalesce(program.heard_at, program.created_at),
                       CASE WHEN program.status IN ('paused') THEN program.resume_at END)
       ) AS since (heard_at)
  JOIN notifications_outboundmessage AS message
    ON message.schedule_id = schedule.id AND message.local_date >= since.heard_at::date - 1
 WHERE program.id = ANY(%s::uuid[])
   AND CASE WHEN message.skip_reason = 'silent' THEN message.due_at > since.heard_at
            ELSE message.attempted_at > since.heard_at
                 AND array_position(%s::text[], message.status) IS NOT NULL END
 GROUP BY program.id
"""


def unanswered(programs: Collection[UUID]) -> dict[UUID, set[date]]:
    """The local dates of check-ins without an answer, by program, since anything was heard.

    One query.
    """
    with array_cursor() as cursor:
        cursor.execute(UNANSWERED, [[str(pk) for pk in programs], list(REACHED)])
        return {program: set(dates) for program, dates in cursor.fetchall()}


class TextsOfProgram:
    """As `exercises.services.watch` asks; each one query."""

    def unanswered(self, program: Program) -> set[date]:
        """As `unanswered`, of one program."""
        return unanswered([program.pk]).get(program.pk, set())

    def not_reminded(self, program: Program, *, since: date) -> set[date]:
        """The local dates since then on which no exercise reminder left for reasons of ours."""
        rows = OutboundMessage.objects.filter(
            schedule__program=program, kind=OutboundMessage.Kind.EXERCISE, local_date__gte=since
        ).values_list("local_date", "status", "skip_reason")
        fine: set[date] = set()
        ours: set[date] = set()
        for local_date, status, reason in rows:
            if local_date is not None:
                (fine if status in REACHED or reason in THEIRS else ours).add(local_date)
        return ours - fine
