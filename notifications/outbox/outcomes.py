"""What becomes of a text after its request: callbacks, dead workers, Twilio's list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from notifications.models import OutboundMessage, SendAttempt
from notifications.outbox.states import (
    ALLOWED_MOVES,
    FROM_TWILIO,
    HALF_WAY,
    RANK,
    RETRY_AFTER,
    WORTH_A_RETRY,
    Status,
)
from notifications.transports.base import Decision, KnownText


def move_forward(
    messages: QuerySet[OutboundMessage], status: str, *, error_code: int | None = None
) -> int:
    """Set `status` where it is ahead of the present one; returns how many rows moved.

    A status that is no message's yet (waiting, skipped) has no rank, so it never matches.
    """
    behind = [known for known in RANK if status in ALLOWED_MOVES[known]]
    return messages.filter(status__in=behind).update(
        status=status, error_code=error_code, lease_token=None
    )


def apply_callback(
    attempt: SendAttempt,
    status: str,
    *,
    sid: str,
    error_code: int | None,
    decision: Decision | None,
    now: datetime,
) -> int:
    """Move the message by the carrier's word on one attempt; returns how many rows moved.

    After a retry the newest attempt speaks for the message; an older one may only tell that it was
    delivered after all.
    """
    message = OutboundMessage.objects.filter(pk=attempt.message_id)
    # The worker may have died before it could write it.
    message.filter(sid="").update(sid=sid)
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
    # A restored row does not know when it left; answers to it are found by that.
    rows.filter(attempted_at=None).update(attempted_at=known.created_at)
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


def doubt(bodies: Mapping[int, str], *, since: datetime, now: datetime) -> int:
    """waiting → unknown: a restored text may have left between `since` and `now`, in these words
    by id. Returns how many moved.
    """
    moved = 0
    for pk, body in bodies.items():
        waiting = OutboundMessage.objects.filter(pk=pk, status=Status.WAITING)
        moved += waiting.update(status=Status.UNKNOWN, body=body, not_before=now, updated_at=now)
    SendAttempt.objects.bulk_create(
        SendAttempt(
            message_id=pk, started_at=since, finished_at=now, outcome=SendAttempt.Outcome.RESTORED
        )
        for pk in bodies
    )
    return moved


def settle_as_never_left(message: OutboundMessage, attempt: SendAttempt, *, now: datetime) -> bool:
    """unknown → waiting: a restored text that the provider never had goes by the usual rules."""
    SendAttempt.objects.filter(pk=attempt.pk).update(outcome=SendAttempt.Outcome.NOT_SENT)
    return settle_as_absent(message, again=True, now=now)


def postpone_look(message: OutboundMessage, *, at: datetime) -> None:
    """unknown stays unknown until the next look."""
    OutboundMessage.objects.filter(pk=message.pk, status=Status.UNKNOWN).update(not_before=at)
