"""The outbox: the only writer of `OutboundMessage.status`.

Each function is one move in the drawing of `OutboundMessage`, as a single guarded UPDATE, so that
two processes making the same move make it once.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from exercises.models import Clinic, Patient, Schedule
from exercises.recurrence import Occurrence
from hep.sql import array_cursor, plain_array
from notifications.models import ConsentEvent, InboundMessage, OutboundMessage, SendAttempt
from notifications.transports.base import Decision, KnownText

logger = logging.getLogger(__name__)

Status = OutboundMessage.Status
SkipReason = OutboundMessage.SkipReason

# `TWILIO_TIMEOUT_SECONDS` allows no more.
LONGEST_REQUEST = timedelta(seconds=60)
# Half of it to get a request started, half for the request.
LEASE = 2 * LONGEST_REQUEST

# A phone that is off, a carrier's hiccup: worth one more attempt, when either may be over.
RETRY_AFTER = timedelta(minutes=10)
# Of these codes nothing reached the phone.
WORTH_A_RETRY = frozenset({Decision.ONCE_MORE, Decision.SLOW_DOWN})

# A status may only be replaced by one of higher rank (promise 9).
RANK: dict[str, int] = {
    Status.ATTEMPTING: 0,
    Status.UNKNOWN: 1,
    Status.ACCEPTED: 2,
    Status.QUEUED: 3,
    Status.SENDING: 4,
    Status.SENT: 5,
    Status.DELIVERED: 6,
    Status.UNDELIVERED: 6,
    Status.FAILED: 6,
}
# The carrier has not said the last word.
HALF_WAY = (Status.ACCEPTED, Status.QUEUED, Status.SENDING, Status.SENT)
# Twilio's words for what it did, in ours; `read` (of chat channels) implies delivered.
FROM_TWILIO: dict[str, str] = {
    "accepted": Status.ACCEPTED,
    "scheduled": Status.ACCEPTED,
    "queued": Status.QUEUED,
    "sending": Status.SENDING,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}


class Priority:
    """Who goes first while a sender is busy."""

    REPLY = 0
    CHECK_IN = 20
    REMINDER = 30


# By kind of schedule.
PRIORITY: dict[str, int] = {
    Schedule.Kind.CHECK_IN: Priority.CHECK_IN,
    Schedule.Kind.AVERAGE: Priority.CHECK_IN,
    Schedule.Kind.NUDGE: Priority.CHECK_IN,
    Schedule.Kind.EXERCISE: Priority.REMINDER,
    Schedule.Kind.SPLINT: Priority.REMINDER,
}


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """What became of one request; `retry_at` only when it is safe to try again."""

    attempt_id: int
    token: uuid.UUID | None
    outcome: str
    status: str
    sid: str = ""
    error_code: int | None = None
    retry_at: datetime | None = None
    decision: Decision | None = None
    spends_retry: bool = False


# One statement for a batch: who it is for comes from the schedule, what is due from the caller.
INSERT_OCCURRENCES = """
INSERT INTO notifications_outboundmessage (
    clinic_id, patient_id, to_phone, kind, schedule_id, local_date, slot, wording, names, body,
    due_at, not_before, priority, status, skip_reason, sid, created_at, updated_at)
SELECT patient.clinic_id, patient.id, patient.phone, schedule.kind, schedule.id, due.local_date,
       due.slot, schedule.kind, '', '', due.due_at, due.due_at,
       (%s::jsonb ->> schedule.kind)::smallint, 'waiting', '', '', %s, %s
  FROM unnest(%s::bigint[], %s::date[], %s::smallint[], %s::timestamptz[])
       AS due(schedule_id, local_date, slot, due_at)
  JOIN exercises_schedule AS schedule ON schedule.id = due.schedule_id
  JOIN exercises_program AS program ON program.id = schedule.program_id
  JOIN exercises_patient AS patient ON patient.id = program.patient_id
ON CONFLICT ON CONSTRAINT outbound_once_per_occurrence DO NOTHING
"""


def add_occurrences(occurrences: Sequence[tuple[int, Occurrence]], *, now: datetime) -> None:
    """Insert (schedule id, occurrence) pairs as waiting; one that is there already stays as is."""
    if not occurrences:
        return
    with array_cursor() as cursor:
        cursor.execute(
            INSERT_OCCURRENCES,
            [
                json.dumps(PRIORITY),
                now,
                now,
                plain_array(schedule_id for schedule_id, _ in occurrences),
                plain_array(occurrence.local_date for _, occurrence in occurrences),
                plain_array(occurrence.slot for _, occurrence in occurrences),
                plain_array(occurrence.due_at for _, occurrence in occurrences),
            ],
        )


def add_reply(
    *,
    inbound: InboundMessage,
    clinic: Clinic,
    patient: Patient | None,
    wording: str,
    now: datetime,
    names: str = "",
    detail: str = "",
) -> None:
    """Answer `inbound` once: the inbound row is the key, so handling it twice answers once."""
    OutboundMessage.objects.get_or_create(
        answers=inbound,
        defaults={
            "clinic": clinic,
            "patient": patient,
            "to_phone": inbound.from_phone,
            "kind": OutboundMessage.Kind.REPLY,
            "wording": wording,
            "names": names,
            "detail": detail,
            "due_at": now,
            "not_before": now,
            "priority": Priority.REPLY,
        },
    )


def add_postponed(
    *, inbound: InboundMessage, question: OutboundMessage, due_at: datetime
) -> OutboundMessage:
    """Ask `question` again at `due_at`, once for each LATER. No slot: its occurrence was sent."""
    message, _ = OutboundMessage.objects.get_or_create(
        postponed_by=inbound,
        defaults={
            "clinic_id": question.clinic_id,
            "patient_id": question.patient_id,
            "to_phone": question.to_phone,
            "kind": question.kind,
            "schedule_id": question.schedule_id,
            "local_date": question.local_date,
            "wording": question.wording,
            "due_at": due_at,
            "not_before": due_at,
            "priority": question.priority,
        },
    )
    return message


def add_confirmation(*, event: ConsentEvent, patient: Patient, due_at: datetime) -> None:
    """Confirm a recorded consent, once."""
    OutboundMessage.objects.get_or_create(
        confirms=event,
        defaults={
            "clinic_id": patient.clinic_id,
            "patient": patient,
            "to_phone": str(patient.phone),
            "kind": OutboundMessage.Kind.NOTICE,
            "wording": "welcome",
            "due_at": due_at,
            "not_before": due_at,
            "priority": Priority.REPLY,
        },
    )


# Replies first, then alerts, then reminders; within a priority the clinics of a sender take turns,
# so that one clinic's ten thousand reminders do not hold up another's. A clinic without a sender
# is claimed too, to be skipped with that reason; one whose sender is stopped or full is not.
CLAIM = """
WITH line AS (
    SELECT clinic.id AS clinic_id, texting.sender_id, coalesce(room.size, %(limit)s) AS size
      FROM exercises_clinic AS clinic
      LEFT JOIN notifications_clinictexting AS texting ON texting.clinic_id = clinic.id
      LEFT JOIN unnest(%(senders)s::bigint[], %(rooms)s::int[]) AS room(sender_id, size)
             ON room.sender_id = texting.sender_id
     WHERE texting.id IS NULL OR room.size > 0
), candidate AS (
    SELECT picked.id, line.sender_id, line.size, picked.priority,
           row_number() OVER (PARTITION BY line.clinic_id
                              ORDER BY picked.priority, picked.not_before) AS turn
      FROM line CROSS JOIN LATERAL (
           SELECT message.id, message.priority, message.not_before
             FROM notifications_outboundmessage AS message
            WHERE message.clinic_id = line.clinic_id AND message.status = 'waiting'
              AND message.not_before <= %(now)s
            ORDER BY message.priority, message.not_before
            LIMIT line.size
              FOR UPDATE SKIP LOCKED) AS picked
), placed AS (
    SELECT id, size, priority, turn,
           row_number() OVER (PARTITION BY sender_id ORDER BY priority, turn) AS place
      FROM candidate
)
SELECT id FROM placed WHERE place <= size ORDER BY priority, turn LIMIT %(limit)s
"""


BEFORE_LEAVING = (
    "clinic_id",
    "patient_id",
    "schedule_id",
    "to_phone",
    "kind",
    "local_date",
    "wording",
    "names",
    "detail",
    "body",
    "due_at",
    "retried_at",
    "postponed_by_id",
)


def claim(*, rooms: dict[int, int], limit: int, now: datetime) -> list[OutboundMessage]:
    """Lock up to `limit` waiting messages for this transaction, at most `rooms` by sender id.

    Messages that another process holds are left to it.
    """
    values: dict[str, Any] = {
        "limit": limit,
        "now": now,
        "senders": list(rooms),
        "rooms": list(rooms.values()),
    }
    with array_cursor() as cursor:
        cursor.execute(CLAIM, values)
        ids = [row[0] for row in cursor.fetchall()]
    # Only what is needed before it leaves: every further column costs as much as a check.
    found = OutboundMessage.objects.only(*BEFORE_LEAVING).in_bulk(ids)
    return [found[message_id] for message_id in ids]


def skip_all(by_reason: Mapping[str, Collection[int]]) -> None:
    """waiting → skipped, for message ids by reason."""
    for reason, ids in by_reason.items():
        OutboundMessage.objects.filter(pk__in=ids, status=Status.WAITING).update(
            status=Status.SKIPPED, skip_reason=reason
        )
        logger.info("skipped %s messages=%s", reason, len(ids))


def skip_phone(phone: str, reason: str) -> int:
    """waiting → skipped for everything to `phone`; returns how many."""
    return OutboundMessage.objects.filter(to_phone=phone, status=Status.WAITING).update(
        status=Status.SKIPPED, skip_reason=reason
    )


START = """
WITH started AS (
    UPDATE notifications_outboundmessage AS message
       SET status = 'attempting', body = going.body, lease_token = %s, lease_expires_at = %s,
           attempted_at = %s, updated_at = %s
      FROM unnest(%s::bigint[], %s::text[]) AS going(id, body)
     WHERE message.id = going.id AND message.status = 'waiting'
 RETURNING message.id
)
INSERT INTO notifications_sendattempt (message_id, started_at, outcome, sid)
SELECT id, %s, 'started', '' FROM started
RETURNING message_id, id
"""


def start_attempts(
    messages: Sequence[OutboundMessage], *, now: datetime
) -> tuple[uuid.UUID, dict[int, int]]:
    """waiting → attempting under one lease, with an attempt row each, in this transaction.

    The bodies were set in memory by the caller and are stored here, before any request. Returns
    the lease's token and the attempts' ids by message id; a message that moved on has none.
    """
    token = uuid.uuid4()
    ids = plain_array(message.pk for message in messages)
    bodies = [message.body for message in messages]
    with array_cursor() as cursor:
        cursor.execute(START, [token, now + LEASE, now, now, ids, bodies, now])
        return token, dict(cursor.fetchall())


FINISH_ATTEMPTS = """
UPDATE notifications_sendattempt AS attempt
   SET outcome = result.outcome, sid = result.sid, error_code = result.error_code,
       finished_at = %s
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[])
       AS result(id, outcome, sid, error_code)
 WHERE attempt.id = result.id
"""
# A result that needs the lease (unknown, waiting) is taken only with it; one that tells more than
# we knew is taken if it moves the message forward. PostgreSQL looks again at a row it waited for.
FINISH_MESSAGES = """
UPDATE notifications_outboundmessage AS message
   SET status = result.status, sid = coalesce(nullif(result.sid, ''), message.sid),
       error_code = result.error_code, lease_token = NULL, updated_at = %s,
       not_before = coalesce(result.retry_at, message.not_before),
       retried_at = CASE WHEN result.spends_retry THEN result.retry_at ELSE message.retried_at END
  FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::text[], %s::int[], %s::timestamptz[],
              %s::bool[])
       AS result(attempt_id, token, status, sid, error_code, retry_at, spends_retry)
  JOIN notifications_sendattempt AS attempt ON attempt.id = result.attempt_id
 WHERE message.id = attempt.message_id
   AND CASE WHEN result.status IN ('unknown', 'waiting')
            THEN message.status = 'attempting' AND message.lease_token = result.token
            ELSE (%s::jsonb ->> message.status)::int < (%s::jsonb ->> result.status)::int END
"""
# A callback was faster than we: only the SID is still missing.
FILL_SIDS = """
UPDATE notifications_outboundmessage AS message SET sid = attempt.sid
  FROM notifications_sendattempt AS attempt
 WHERE message.id = attempt.message_id AND message.sid = '' AND attempt.sid <> ''
   AND attempt.id = ANY(%s)
"""


def finish_attempts(results: Sequence[AttemptResult], *, now: datetime) -> None:
    """attempting → accepted, failed, unknown or waiting, for a batch, in three statements."""
    ranks = json.dumps(RANK)
    with transaction.atomic(), array_cursor() as cursor:
        ids = [result.attempt_id for result in results]
        sids = [result.sid for result in results]
        codes = [result.error_code for result in results]
        outcomes = [result.outcome for result in results]
        cursor.execute(FINISH_ATTEMPTS, [now, ids, outcomes, sids, codes])
        tokens = [result.token for result in results]
        statuses = [result.status for result in results]
        retries = [result.retry_at for result in results]
        spent = [result.spends_retry for result in results]
        values = [now, ids, tokens, statuses, sids, codes, retries, spent, ranks, ranks]
        cursor.execute(FINISH_MESSAGES, values)
        cursor.execute(FILL_SIDS, [ids])


def move_forward(
    messages: QuerySet[OutboundMessage], status: str, *, error_code: int | None = None
) -> int:
    """Set `status` where it is ahead of the present one; returns how many rows moved.

    A status that is no message's yet (waiting, skipped) has no rank, so it never matches.
    """
    behind = [known for known, rank in RANK.items() if rank < RANK[status]]
    return messages.filter(status__in=behind).update(
        status=status, error_code=error_code, lease_token=None
    )


def hear(
    attempt: SendAttempt,
    status: str,
    *,
    error_code: int | None,
    decision: Decision | None,
    now: datetime,
) -> int:
    """Move the message by the carrier's word on one attempt; returns how many rows moved.

    After a retry the newest attempt speaks for the message; an older one may only tell that it was
    delivered after all.
    """
    message = OutboundMessage.objects.filter(pk=attempt.message_id)
    if status != Status.DELIVERED:
        message = message.exclude(attempts__pk__gt=attempt.pk)
    if decision in WORTH_A_RETRY and status in {Status.UNDELIVERED, Status.FAILED}:
        on_its_way = message.filter(
            status__in=[Status.ATTEMPTING, Status.UNKNOWN, *HALF_WAY], retried_at=None
        )
        if again := on_its_way.update(
            status=Status.WAITING,
            sid="",
            error_code=error_code,
            lease_token=None,
            not_before=now + RETRY_AFTER,
            retried_at=now,
        ):
            return again
    return move_forward(message, status, error_code=error_code)


def expire_leases(*, now: datetime) -> int:
    """attempting → unknown where the worker died: the text may or may not have gone out."""
    expired = OutboundMessage.objects.filter(status=Status.ATTEMPTING, lease_expires_at__lte=now)
    SendAttempt.objects.filter(
        outcome=SendAttempt.Outcome.STARTED, message__in=expired.values("pk")
    ).update(outcome=SendAttempt.Outcome.UNKNOWN, finished_at=now)
    return expired.update(status=Status.UNKNOWN, lease_token=None)


def settle_as_known(message: OutboundMessage, attempt: SendAttempt, known: KnownText) -> bool:
    """unknown → what the provider's list says, with its SID."""
    status = FROM_TWILIO.get(known.status, Status.ACCEPTED)
    rows = OutboundMessage.objects.filter(pk=message.pk)
    rows.filter(sid="").update(sid=known.sid)
    SendAttempt.objects.filter(pk=attempt.pk).update(
        sid=known.sid, outcome=SendAttempt.Outcome.ACCEPTED
    )
    return move_forward(rows, status, error_code=known.error_code) == 1


def settle_as_absent(message: OutboundMessage, *, again: bool, now: datetime) -> bool:
    """unknown → waiting for one more attempt, or failed: the provider never had this text."""
    unknown = OutboundMessage.objects.filter(pk=message.pk, status=Status.UNKNOWN)
    if again:
        return unknown.update(status=Status.WAITING, not_before=now, updated_at=now) == 1
    return unknown.update(status=Status.FAILED, updated_at=now) == 1


def look_again(message: OutboundMessage, *, at: datetime) -> None:
    """unknown stays unknown until the next look."""
    OutboundMessage.objects.filter(pk=message.pk, status=Status.UNKNOWN).update(not_before=at)
