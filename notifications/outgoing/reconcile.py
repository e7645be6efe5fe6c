"""What became of texts whose outcome we do not know (promise 3), and of texts we never got.

An unknown outcome is settled from a late callback (`webhooks`), else from Twilio's own list:
 - there: the message moves on with Twilio's SID and status;
 - provably absent after a delay: a check-in that is still useful gets one more attempt, any other
   text has failed. Nothing is ever sent again without that proof.

A sweep asks after texts that stay half-way for hours. Another takes in texts that never reached
our webhook.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Value

from notifications import outbox
from notifications.models import InboundMessage, OutboundMessage, SendAttempt, Sender
from notifications.transports import open_transport
from notifications.transports.base import KnownText, Transport, TransportError

logger = logging.getLogger(__name__)

Kind = OutboundMessage.Kind
Status = OutboundMessage.Status
Item = TypeVar("Item")
Found = TypeVar("Found")

AT_ONCE = 500
CONCURRENT_LOOKUPS = 10
# After it, at most one more time-out of Twilio's (60 s) passes: less than the lane allows.
ASKING_SECONDS = 15.0
# Counted from the end of the lease, after which no request of the attempt is under way: Twilio's
# list may lag behind a little.
LIST_IS_COMPLETE_AFTER = timedelta(seconds=60)
LOOK_AGAIN_AFTER = timedelta(seconds=30)
# Twilio tells times to the second, and its clock is not ours.
CLOCK_SLACK = timedelta(seconds=5)
HALF_WAY_TOO_LONG = timedelta(hours=3)
# A look-up that failed told nothing: it is made again this soon.
ASK_AGAIN_AFTER = timedelta(minutes=10)
# Some carriers never tell, so the questions grow rarer with the age of the text, and end.
SHARE_OF_AGE = 4
GIVE_UP_ASKING = timedelta(days=14)
INBOUND_LOOK_BACK = timedelta(hours=24)
# A restored text in other words than on the list is the one that left this near to its due time.
NEAR = timedelta(minutes=30)
# Texts that are worth a second attempt once the first is provably lost.
WORTH_ANOTHER = frozenset({Kind.CHECK_IN, Kind.AVERAGE})


def settle_unknown(*, now: datetime) -> int:
    """Ask Twilio's list about unknown outcomes; returns how many were settled."""
    messages = list(
        OutboundMessage.objects.filter(status=Status.UNKNOWN, not_before__lte=now)
        .select_related("answers")
        .order_by("not_before")
        .prefetch_related("attempts")[:AT_ONCE]
    )
    asked = _ask(messages, _list_for)
    return sum(_settle(message, known, now=now) for message, known in asked)


def _list_for(transport: Transport, message: OutboundMessage) -> Awaitable[list[KnownText]]:
    since = min(attempt.started_at for attempt in message.attempts.all()) - CLOCK_SLACK
    return transport.texts_to(message.to_phone, since=since)


@transaction.atomic
def _settle(message: OutboundMessage, known: list[KnownText] | None, *, now: datetime) -> bool:
    """Move one message by what the list shows; True when it is no longer unknown.

    The answer speaks of the attempt that was asked about: when another sweep was faster and a
    second attempt has begun since, it says nothing of that one.
    """
    attempt = max(message.attempts.all(), key=lambda row: row.pk)
    rows = OutboundMessage.objects.select_for_update().filter(status=Status.UNKNOWN)
    if not rows.filter(pk=message.pk).exists() or message.attempts.filter(pk__gt=attempt.pk):
        return False
    if attempt.outcome == SendAttempt.Outcome.RESTORED:
        return _settle_restored(message, attempt, known, now=now)
    if known is not None:
        match = _match(message, attempt, known)
        if match is not None:
            logger.info("settled message=%s from the list: %s", message.pk, match.status)
            return outbox.settle_as_known(message, attempt, match)
        if now >= attempt.started_at + outbox.LEASE + LIST_IS_COMPLETE_AFTER:
            again = message.kind in WORTH_ANOTHER and _times_lost(message) == 1
            logger.info("message=%s is provably absent, again=%s", message.pk, again)
            return outbox.settle_as_absent(message, again=again, now=now)
    outbox.postpone_look(message, at=now + LOOK_AGAIN_AFTER)
    return False


def _settle_restored(
    message: OutboundMessage, attempt: SendAttempt, known: list[KnownText] | None, *, now: datetime
) -> bool:
    """Likewise of a text of a restored record: whatever its kind, it goes if it never left."""
    match = _match_restored(message, attempt, known) if known is not None else None
    if match is not None:
        return outbox.settle_as_known(message, attempt, match)
    is_over = attempt.finished_at is None or now >= attempt.finished_at + LIST_IS_COMPLETE_AFTER
    if known is not None and is_over:
        return outbox.settle_as_never_left(message, attempt, now=now)
    outbox.postpone_look(message, at=now + LOOK_AGAIN_AFTER)
    return False


def _match_restored(
    message: OutboundMessage, attempt: SendAttempt, known: Sequence[KnownText]
) -> KnownText | None:
    """The text on the list that this one was, of all that left since the backup: in the same words,
    else near the time it was due and in nobody else's (wordings may have changed since). What a
    person wrote is found by its words alone.
    """
    since = attempt.started_at - CLOCK_SLACK
    free = _unclaimed(message, [row for row in known if row.created_at >= since])

    # An answer is written anew, and left right after what it answers.
    expected = message.answers.received_at if message.answers else message.due_at

    def away(text: KnownText) -> timedelta:
        return abs(text.created_at - expected)

    words = {text.sid: outbox.kept_words(message.kind, text.body) for text in free}
    same = [text for text in free if message.body and words[text.sid].endswith(message.body)]
    if same:
        return min(same, key=away)
    if message.schedule_id is None and message.answers is None:
        return None
    others = OutboundMessage.objects.filter(
        to_phone=message.to_phone,
        status=Status.UNKNOWN,
        attempts__outcome=SendAttempt.Outcome.RESTORED,
    )
    taken = set(others.exclude(pk=message.pk).values_list("body", flat=True))
    near = [text for text in free if away(text) <= NEAR and words[text.sid] not in taken]
    return min(near, key=away, default=None)


def _unclaimed(message: OutboundMessage, candidates: Sequence[KnownText]) -> list[KnownText]:
    """Those of `candidates` that are no other message's."""
    others = set(
        OutboundMessage.objects.filter(sid__in=[text.sid for text in candidates])
        .exclude(pk=message.pk)
        .values_list("sid", flat=True)
    )
    return [text for text in candidates if text.sid not in others]


def _times_lost(message: OutboundMessage) -> int:
    """Attempts that left and were not answered; those that never left do not count."""
    lost = {SendAttempt.Outcome.UNKNOWN, SendAttempt.Outcome.STARTED}
    return sum(attempt.outcome in lost for attempt in message.attempts.all())


def _match(
    message: OutboundMessage, attempt: SendAttempt, known: Sequence[KnownText]
) -> KnownText | None:
    """The text on Twilio's list that this attempt made: right time, nobody else's, best of all the
    same words.

    A trial account's list has a prefix before them, one that redacts has none, so other words prove
    nothing: what cannot be told from ours is ours, or the patient is asked twice.
    """
    earliest = attempt.started_at - CLOCK_SLACK
    latest = attempt.started_at + outbox.LEASE + CLOCK_SLACK
    candidates = [text for text in known if earliest <= text.created_at <= latest]
    unclaimed = _unclaimed(message, candidates)

    def likeness(text: KnownText) -> tuple[bool, bool, timedelta]:
        words = outbox.kept_words(message.kind, text.body)
        ends_alike = words.endswith(message.body)
        return words != message.body, not ends_alike, abs(text.created_at - attempt.started_at)

    return min(unclaimed, key=likeness, default=None)


def poll_half_way(*, now: datetime) -> int:
    """Ask after texts without a final state for hours; returns how many moved."""
    age = ExpressionWrapper(Value(now) - F("due_at"), output_field=DurationField())
    messages = list(
        OutboundMessage.objects.filter(
            status__in=outbox.HALF_WAY,
            updated_at__lt=now - HALF_WAY_TOO_LONG,
            due_at__gt=now - GIVE_UP_ASKING,
        )
        .filter(updated_at__lt=now - age / SHARE_OF_AGE)
        .exclude(sid="")
        .order_by("updated_at")[:AT_ONCE]
    )
    moved = 0
    for message, known in _ask(messages, lambda line, message: line.status_of(message.sid)):
        rows = OutboundMessage.objects.filter(pk=message.pk)
        # Not asked again for hours, unless nothing was told.
        rows.update(updated_at=now if known else now - HALF_WAY_TOO_LONG + ASK_AGAIN_AFTER)
        status = outbox.FROM_TWILIO.get(known.status) if known else None
        if known and status:
            moved += outbox.move_forward(rows, status, error_code=known.error_code)
    return moved


def take_in_missed(*, now: datetime) -> int:
    """Insert received texts that are on Twilio's list and not with us; returns how many."""
    return take_in_since(now - INBOUND_LOOK_BACK)[0]


def take_in_since(since: datetime) -> tuple[int, int]:
    """Likewise since then; and how many numbers Twilio told nothing of."""
    senders = list(Sender.objects.all())
    asked = _ask(senders, lambda line, sender: line.texts_to(str(sender.phone), since=since))
    told = sum(known is not None for _, known in asked)
    texts = [text for _, known in asked for text in known or () if text.status == "received"]
    before = InboundMessage.objects.count()
    InboundMessage.objects.bulk_create(
        [
            InboundMessage(
                message_sid=text.sid,
                from_phone=text.from_phone,
                to_phone=text.to_phone,
                body=text.body,
                media_count=text.media_count,
                received_at=text.created_at,
            )
            for text in texts
        ],
        ignore_conflicts=True,
    )
    return InboundMessage.objects.count() - before, len(senders) - told


def _ask(
    items: Sequence[Item], question: Callable[[Transport, Item], Awaitable[Found]]
) -> list[tuple[Item, Found | None]]:
    """Each item that was asked about with its answer, None where Twilio gave none.

    No transaction is open meanwhile. Nothing new is asked after `ASKING_SECONDS`: what was not
    reached is left for the next run, so that a Twilio that hangs costs one budget, not one for
    each text.
    """
    return asyncio.run(_ask_all(items, question)) if items else []


async def _ask_all(
    items: Sequence[Item], question: Callable[[Transport, Item], Awaitable[Found]]
) -> list[tuple[Item, Found | None]]:
    gate = asyncio.Semaphore(CONCURRENT_LOOKUPS)
    deadline = time.monotonic() + ASKING_SECONDS
    asked: list[tuple[Item, Found | None]] = []
    async with open_transport() as transport:

        async def ask(item: Item) -> None:
            async with gate:
                if time.monotonic() >= deadline:
                    return
                try:
                    asked.append((item, await question(transport, item)))
                except TransportError as error:
                    logger.warning("a look-up failed: %s", type(error).__name__)
                    asked.append((item, None))

        await asyncio.gather(*map(ask, items))
    return asked
