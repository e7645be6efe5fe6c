"""From waiting to a request and its result: claim, skip, start and finish attempts."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from exercises.models import Patient
from hep.sql import array_cursor, plain_array
from notifications.models import OutboundMessage
from notifications.outbox.adding import Priority
from notifications.outbox.states import (
    LEASE,
    RANK,
    UNDER_WAY,
    AttemptResult,
    Status,
    kept_words,
)

logger = logging.getLogger(__name__)

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
    "priority",
    "local_date",
    "wording",
    "names",
    "detail",
    "body",
    "due_at",
    "retried_at",
    "postponed_by_id",
    "signs_in_id",
    "opens_id",
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


def with_safety_texts(senders: Collection[int], *, now: datetime) -> list[int]:
    """Those of the senders (ids) with an answer to a red flag that waits. No query for none."""
    if not senders:
        return []
    waiting = OutboundMessage.objects.filter(
        status=Status.WAITING,
        priority=Priority.SAFETY,
        not_before__lte=now,
        clinic__texting__sender__in=senders,
    )
    return list(waiting.values_list("clinic__texting__sender", flat=True).distinct().order_by())


def skip_all(by_reason: Mapping[str, Collection[int]]) -> None:
    """waiting → skipped, for message ids by reason."""
    for reason, ids in by_reason.items():
        OutboundMessage.objects.filter(pk__in=ids, status=Status.WAITING).update(
            status=Status.SKIPPED, skip_reason=reason
        )
        logger.info("skipped %s messages=%s", reason, len(ids))


def wait_for_hours(opening: Mapping[int, datetime]) -> None:
    """Leave messages waiting, by id, until the hours of their patients begin."""
    for message, begins in opening.items():
        waiting = OutboundMessage.objects.filter(pk=message, status=Status.WAITING)
        waiting.update(due_at=begins, not_before=begins)
        logger.info("waits for the patient's hours message=%s", message)


def skip_phone(phone: str, reason: str) -> int:
    """waiting → skipped for everything to `phone`; returns how many. What was written for it and is
    now for its patient's new phone still leaves.
    """
    still_there = Q(patient=None) | Q(patient__phone=phone)
    waiting = OutboundMessage.objects.filter(still_there, to_phone=phone, status=Status.WAITING)
    return waiting.update(status=Status.SKIPPED, skip_reason=reason)


def skip_patient(patient: Patient, reason: str) -> bool:
    """waiting → skipped for everything to one patient. False while one of theirs is on its way."""
    own = OutboundMessage.objects.filter(patient=patient)
    list(own.select_for_update(of=("self",)).filter(status__in=[Status.WAITING, *UNDER_WAY]))
    own.filter(status=Status.WAITING).update(status=Status.SKIPPED, skip_reason=reason)
    return not own.filter(status__in=UNDER_WAY).exists()


def withdraw(message: OutboundMessage) -> bool:
    """waiting → skipped: whoever wrote it takes it back. False when it is on its way already."""
    waiting = OutboundMessage.objects.filter(
        pk=message.pk, kind=OutboundMessage.Kind.MESSAGE, status=Status.WAITING
    )
    reason = OutboundMessage.SkipReason.WITHDRAWN
    return waiting.update(status=Status.SKIPPED, skip_reason=reason) == 1


START = """
WITH started AS (
    UPDATE notifications_outboundmessage AS message
       SET status = 'attempting', body = going.body, to_phone = going.to_phone,
           wording = going.wording, lease_token = %s, lease_expires_at = %s,
           attempted_at = %s, updated_at = %s
      FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
           AS going(id, body, to_phone, wording)
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
    bodies = [kept_words(message.kind, message.body) for message in messages]
    # Looked up when it leaves: what waited may have been written for an older number.
    phones = [message.to_phone for message in messages]
    wordings = [message.wording for message in messages]
    with array_cursor() as cursor:
        values = [token, now + LEASE, now, now, ids, bodies, phones, wordings, now]
        cursor.execute(START, values)
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
RETURNING CASE WHEN result.status = 'accepted' THEN extract(epoch FROM %s - message.due_at) END
"""
# A callback was faster than we: only the SID is still missing.
FILL_SIDS = """
UPDATE notifications_outboundmessage AS message SET sid = attempt.sid
  FROM notifications_sendattempt AS attempt
 WHERE message.id = attempt.message_id AND message.sid = '' AND attempt.sid <> ''
   AND attempt.id = ANY(%s)
"""


def finish_attempts(results: Sequence[AttemptResult], *, now: datetime) -> list[float]:
    """attempting → accepted, failed, unknown or waiting, for a batch, in three statements.

    Returns the seconds from due to now of each that was accepted.
    """
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
        values = [now, ids, tokens, statuses, sids, codes, retries, spent, ranks, ranks, now]
        cursor.execute(FINISH_MESSAGES, values)
        lags = [float(row[0]) for row in cursor.fetchall() if row[0] is not None]
        cursor.execute(FILL_SIDS, [ids])
    return lags
