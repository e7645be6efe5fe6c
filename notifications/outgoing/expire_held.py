"""Texts that a stopped sender or a switch holds back still come to an end.

They wait in the outbox, where nothing claims them. Once one is of no use any more it is skipped
with its reason, so that a provider sees it the same day and nothing stale leaves at the restart.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from notifications import outbox
from notifications.models import OutboundMessage
from notifications.outgoing.guards import reason_to_skip
from notifications.outgoing.send_facts import BatchFacts

# A text that is free to go leaves within seconds; a long wave is looked at too, which does no harm.
HELD_FOR = timedelta(minutes=10)
PAGE = 500


def expire_held_messages(*, now: datetime) -> int:
    """Skip what has waited too long to be useful; returns how many. A page a transaction."""
    skipped, after = 0, 0
    while page := _page(after, now=now):
        skipped += page[0]
        after = page[1]
    return skipped


@transaction.atomic
def _page(after: int, *, now: datetime) -> tuple[int, int] | None:
    """(skipped, last id) of the next page by id, or None behind the last."""
    waiting = OutboundMessage.objects.filter(
        status=OutboundMessage.Status.WAITING, not_before__lt=now - HELD_FOR, pk__gt=after
    )
    messages = list(waiting.select_for_update(skip_locked=True).order_by("pk")[:PAGE])
    if not messages:
        return None
    batch = BatchFacts(messages, now=now)
    by_reason: dict[str, list[int]] = {}
    for message in messages:
        facts = batch.facts(message, body=batch.body_of(message), now=now)
        reason = reason_to_skip(facts, now=now)
        if reason:
            by_reason.setdefault(reason, []).append(message.pk)
    outbox.skip_all(by_reason)
    return sum(map(len, by_reason.values())), messages[-1].pk
