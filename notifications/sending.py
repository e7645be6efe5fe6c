"""From the outbox to the transport.

1. In one transaction: claim a batch, look at each message once more, skip what must not go,
   render the rest, and commit an attempt for each (promise 3: before any request).
2. Outside any transaction: send them all at once over kept connections.
3. Write each result, checking the lease.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from notifications import outbox
from notifications.facts import BatchFacts
from notifications.guards import reason_to_skip, validity
from notifications.models import OutboundMessage, SendAttempt
from notifications.outbox import AttemptResult
from notifications.transports import open_transport
from notifications.transports.base import (
    Decision,
    NotSentError,
    RefusedError,
    Text,
    UnknownOutcomeError,
)

logger = logging.getLogger(__name__)

BATCH = 200
CONCURRENT_REQUESTS = 100
RETRY_AFTER_NO_CONNECTION = timedelta(seconds=15)

Outcome = SendAttempt.Outcome
Status = OutboundMessage.Status


@dataclass(frozen=True)
class Departure:
    """A committed attempt and the text it will send."""

    attempt_id: int
    token: uuid.UUID
    text: Text


def send_waiting(*, now: datetime, limit: int = BATCH) -> int:
    """Send up to `limit` waiting messages; returns how many were claimed, skipped ones included."""
    claimed, departures = prepare(now=now, limit=limit)
    if departures:
        results = asyncio.run(_send_all(departures))
        finished_at = timezone.now()
        for departure, result in zip(departures, results, strict=True):
            with transaction.atomic():
                outbox.finish_attempt(result, token=departure.token, now=finished_at)
            logger.info("%s attempt=%s", result.outcome, result.attempt_id)
    return claimed


def prepare(*, now: datetime, limit: int) -> tuple[int, list[Departure]]:
    """Claim, look again, skip or commit an attempt. Returns (claimed, departures).

    The number of queries does not depend on the number of messages.
    """
    with transaction.atomic():
        messages = outbox.claim(limit=limit, now=now)
        if not messages:
            return 0, []
        batch = BatchFacts(messages, now=now)
        going: list[tuple[OutboundMessage, timedelta]] = []
        skipped: dict[str, list[int]] = {}
        for message in messages:
            facts = batch.facts(message)
            reason = reason_to_skip(facts, now=now)
            if reason:
                skipped.setdefault(reason, []).append(message.pk)
                continue
            message.body = batch.body(message)
            batch.count_text(message)
            going.append((message, validity(facts, now=now)))
        for reason, ids in skipped.items():
            outbox.skip(ids, reason)
            logger.info("skipped %s messages=%s", reason, len(ids))
        attempts = outbox.start_attempts([message for message, _ in going], now=now)
    departures = [
        _departure(message, attempt, batch, lifetime)
        for (message, lifetime), attempt in zip(going, attempts, strict=True)
    ]
    return len(messages), departures


def _departure(
    message: OutboundMessage, attempt: SendAttempt, batch: BatchFacts, lifetime: timedelta
) -> Departure:
    sender = batch.sender(message)
    text = Text(
        to_phone=str(message.to_phone),
        from_phone=str(sender.phone),
        messaging_service_sid=sender.messaging_service_sid,
        body=message.body,
        callback_url=f"{settings.PUBLIC_BASE_URL}{reverse('twilio-status')}?attempt={attempt.pk}",
        validity_seconds=int(lifetime.total_seconds()),
    )
    if message.lease_token is None:
        raise ValueError("a departure needs a lease")
    return Departure(attempt.pk, message.lease_token, text)


async def _send_all(departures: Sequence[Departure]) -> list[AttemptResult]:
    """Send at most CONCURRENT_REQUESTS at a time; results in the order of `departures`."""
    gate = asyncio.Semaphore(CONCURRENT_REQUESTS)
    async with open_transport() as transport:

        async def send(departure: Departure) -> AttemptResult:
            async with gate:
                try:
                    accepted = await transport.send(departure.text)
                except (RefusedError, NotSentError, UnknownOutcomeError) as error:
                    return result_of(error, departure.attempt_id, now=timezone.now())
            return AttemptResult(
                departure.attempt_id, Outcome.ACCEPTED, Status.ACCEPTED, sid=accepted.sid
            )

        return await asyncio.gather(*map(send, departures))


def result_of(
    error: RefusedError | NotSentError | UnknownOutcomeError, attempt_id: int, *, now: datetime
) -> AttemptResult:
    """The decision an error carries, as the result of its attempt."""
    if isinstance(error, UnknownOutcomeError):
        return AttemptResult(attempt_id, Outcome.UNKNOWN, Status.UNKNOWN)
    if isinstance(error, NotSentError):
        retry_at = now + RETRY_AFTER_NO_CONNECTION
        return AttemptResult(attempt_id, Outcome.NOT_SENT, Status.WAITING, retry_at=retry_at)
    status, later = Status.FAILED, None
    if error.decision in {Decision.SLOW_DOWN, Decision.STOP_SENDER}:
        # Nothing was processed. A stopped sender keeps its texts until a person has looked or
        # they are stale, which the guards tell.
        pause = timedelta(minutes=5) if error.decision is Decision.STOP_SENDER else None
        later = now + (pause or timedelta(seconds=max(1.0, error.retry_after)))
        status = Status.WAITING
    return AttemptResult(attempt_id, Outcome.REFUSED, status, error_code=error.code, retry_at=later)
