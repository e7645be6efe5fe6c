"""The outbox: the only writer of `OutboundMessage.status`.

Each function is one move in the drawing of `OutboundMessage`, as a single guarded UPDATE, so that
two processes making the same move make it once.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from exercises.models import Clinic, Patient
from notifications.models import InboundMessage, OutboundMessage, SendAttempt

Status = OutboundMessage.Status
SkipReason = OutboundMessage.SkipReason

# Longer than the slowest request (60 s at most) plus writing its result down.
LEASE = timedelta(seconds=120)

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


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """What became of one request; `retry_at` only when it is safe to try again."""

    attempt_id: int
    outcome: str
    status: str
    sid: str = ""
    error_code: int | None = None
    retry_at: datetime | None = None


def add_occurrences(messages: Iterable[OutboundMessage]) -> int:
    """Insert occurrences; one that is there already stays as it is. Returns how many were asked."""
    rows = list(messages)
    OutboundMessage.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def add_reply(
    *,
    inbound: InboundMessage,
    clinic: Clinic,
    patient: Patient | None,
    wording: str,
    now: datetime,
    names: str = "",
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
            "due_at": now,
            "not_before": now,
            "priority": Priority.REPLY,
        },
    )


def claim(*, limit: int, now: datetime) -> list[OutboundMessage]:
    """Lock up to `limit` waiting messages for this transaction; locked ones are left to others."""
    return list(
        OutboundMessage.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(status=Status.WAITING, not_before__lte=now)
        .order_by("priority", "not_before")[:limit]
    )


def skip(message_ids: Collection[int], reason: str) -> None:
    """waiting → skipped."""
    OutboundMessage.objects.filter(pk__in=message_ids, status=Status.WAITING).update(
        status=Status.SKIPPED, skip_reason=reason
    )


def skip_phone(phone: str, reason: str) -> int:
    """waiting → skipped for everything to `phone`; returns how many."""
    return OutboundMessage.objects.filter(to_phone=phone, status=Status.WAITING).update(
        status=Status.SKIPPED, skip_reason=reason
    )


def start_attempts(messages: Collection[OutboundMessage], *, now: datetime) -> list[SendAttempt]:
    """waiting → attempting under one lease, with an attempt row each, in this transaction.

    The bodies were set in memory by the caller and are stored here, before any request.
    """
    token = uuid.uuid4()
    for message in messages:
        message.status = Status.ATTEMPTING
        message.lease_token = token
        message.lease_expires_at = now + LEASE
        message.attempted_at = now
        message.updated_at = now
    OutboundMessage.objects.bulk_update(
        messages,
        ["status", "body", "lease_token", "lease_expires_at", "attempted_at", "updated_at"],
    )
    return SendAttempt.objects.bulk_create(
        SendAttempt(message=message, started_at=now) for message in messages
    )


def finish_attempt(result: AttemptResult, *, token: uuid.UUID | None, now: datetime) -> None:
    """attempting → accepted, failed, unknown or waiting, if the lease is still ours.

    A callback may have moved the message on already; then only the attempt is written. Without
    the lease only an answer that moves the status forward is taken.
    """
    SendAttempt.objects.filter(pk=result.attempt_id).update(
        outcome=result.outcome, sid=result.sid, error_code=result.error_code, finished_at=now
    )
    message = OutboundMessage.objects.filter(attempts=result.attempt_id)
    leased = message.filter(lease_token=token)
    if result.sid:
        message.filter(sid="").update(sid=result.sid)
    if result.retry_at is not None:
        leased.filter(status=Status.ATTEMPTING).update(
            status=Status.WAITING, not_before=result.retry_at, lease_token=None
        )
    elif result.status == Status.UNKNOWN:
        leased.filter(status=Status.ATTEMPTING).update(status=Status.UNKNOWN, lease_token=None)
    else:
        move_forward(message, result.status, error_code=result.error_code)


def move_forward(
    messages: QuerySet[OutboundMessage], status: str, *, error_code: int | None = None
) -> int:
    """Set `status` where it is ahead of the present one; returns how many rows moved."""
    behind = [known for known, rank in RANK.items() if rank < RANK[status]]
    return messages.filter(status__in=behind).update(
        status=status, error_code=error_code, lease_token=None
    )


def expire_leases(*, now: datetime) -> int:
    """attempting → unknown where the worker died: the text may or may not have gone out."""
    expired = OutboundMessage.objects.filter(status=Status.ATTEMPTING, lease_expires_at__lte=now)
    SendAttempt.objects.filter(
        outcome=SendAttempt.Outcome.STARTED, message__in=expired.values("pk")
    ).update(outcome=SendAttempt.Outcome.UNKNOWN, finished_at=now)
    return expired.update(status=Status.UNKNOWN, lease_token=None)
