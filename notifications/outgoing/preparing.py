"""The last look at a batch before it leaves, and its way onto its sender's line.

`sending` asks for a batch here and makes the requests; nothing here speaks to Twilio. In one
transaction: claim, look at each message once more, skip what must not go, render the rest, and
commit an attempt for each (promise 3: before any request).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from exercises.rules.hours import next_texting_time
from notifications import outbox
from notifications.models import OutboundMessage, Sender
from notifications.outgoing import senders
from notifications.outgoing.guards import reason_to_skip, validity
from notifications.outgoing.pacing import Line, Pacer
from notifications.outgoing.send_facts import BatchFacts
from notifications.transports.base import Text
from notifications.wording.gsm7 import segments

SkipReason = OutboundMessage.SkipReason


@dataclass(frozen=True)
class Departure:
    """A committed attempt and the text it will send."""

    attempt_id: int
    token: uuid.UUID
    text: Text
    # A request that starts later could outlive the lease, when others think it is settled.
    leave_before: datetime
    # Its moment on the sender's line, on this process's monotonic clock.
    leave_at: float
    line: Line
    # The segments it was given its moment for, and who goes before whom.
    size: int
    priority: int
    # Whether a phone that cannot be reached now may be tried once more.
    may_retry: bool


def prepare(
    *, now: datetime, limit: int, pacer: Pacer, only_safety: bool = False
) -> tuple[int, list[Departure]]:
    """Claim, look again, skip or commit an attempt. Returns (claimed, departures).

    The number of queries does not depend on the number of messages. `only_safety`: nothing but
    answers to red flags, one for each sender.
    """
    lines = {line.sender_id: line for line in senders.open_lines(now=now)}
    rooms = {} if only_safety else pacer.rooms(list(lines.values()), limit=limit)
    full = [sender_id for sender_id in lines if not rooms.get(sender_id)]
    # The answer to a red flag joins a line that is booked up; `sending` gives it the next moment.
    rooms |= dict.fromkeys(outbox.with_safety_texts(full, now=now), 1)
    if only_safety and not rooms:
        return 0, []
    with transaction.atomic():
        messages = outbox.claim(rooms=rooms, limit=limit, now=now)
        if not messages:
            return 0, []
        batch = BatchFacts(messages, now=now)
        going = _recheck(messages, batch, now=now)
        texts = [message for message, _ in going]
        token, attempts = outbox.start_attempts(texts, now=now)
        batch.keep_asked(texts)
    moments = _moments(texts, batch, lines=lines, pacer=pacer)
    # Spelled out once: a phone number is parsed anew each time it is asked for.
    phones = {row.pk: str(row.phone) for row in {batch.sender(text) for text in texts}}
    address = f"{settings.PUBLIC_BASE_URL}{reverse('twilio-status')}"
    departures = [
        Departure(
            attempt_id=attempts[message.pk],
            token=token,
            text=_text(
                message,
                batch.sender(message),
                phones[batch.sender(message).pk],
                lifetime,
                f"{address}?attempt={attempts[message.pk]}",
            ),
            leave_before=now + outbox.LEASE - outbox.LONGEST_REQUEST,
            leave_at=moment,
            line=lines[batch.sender(message).pk],
            size=segments(message.body),
            priority=message.priority,
            may_retry=message.retried_at is None,
        )
        for (message, lifetime), moment in zip(going, moments, strict=True)
    ]
    return len(messages), departures


def _recheck(
    messages: Sequence[OutboundMessage], batch: BatchFacts, *, now: datetime
) -> list[tuple[OutboundMessage, timedelta]]:
    """Skip what must not go; render the rest, each with how long the carrier may try.

    What a person wrote waits for hours that were changed meanwhile: nobody would write it again.
    """
    going: list[tuple[OutboundMessage, timedelta]] = []
    skipped: dict[str, list[int]] = {}
    opening: dict[int, datetime] = {}
    for message in messages:
        message.body = batch.body_of(message)
        facts = batch.facts(message, body=message.body, now=now)
        reason = reason_to_skip(facts, now=now)
        if reason == SkipReason.QUIET_HOURS and message.kind == OutboundMessage.Kind.MESSAGE:
            opening[message.pk] = next_texting_time(now, facts.zone, facts.hours)
            continue
        if reason:
            skipped.setdefault(reason, []).append(message.pk)
            continue
        batch.count_text(message, now=now)
        going.append((message, validity(facts, now=now)))
    outbox.skip_all(skipped)
    outbox.wait_for_hours(opening)
    return going


def _moments(
    texts: Sequence[OutboundMessage],
    batch: BatchFacts,
    *,
    lines: Mapping[int, Line],
    pacer: Pacer,
) -> list[float]:
    """When each text may leave, on this process's monotonic clock: its moment on the line."""
    by_sender: dict[int, list[int]] = {}
    for message in texts:
        by_sender.setdefault(batch.sender(message).pk, []).append(segments(message.body))
    waits = {
        sender_id: iter(pacer.reserve(lines[sender_id], sizes))
        for sender_id, sizes in by_sender.items()
    }
    reserved_at = time.monotonic()
    return [reserved_at + next(waits[batch.sender(message).pk]) for message in texts]


def _text(
    message: OutboundMessage, sender: Sender, phone: str, lifetime: timedelta, callback_url: str
) -> Text:
    return Text(
        to_phone=message.to_phone,
        from_phone=phone,
        messaging_service_sid=sender.messaging_service_sid,
        body=message.body,
        callback_url=callback_url,
        validity_seconds=int(lifetime.total_seconds()),
    )
