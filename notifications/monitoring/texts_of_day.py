"""Today's texts of a provider's clinics, counted by what became of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from exercises.models import Schedule, User
from notifications.models import OutboundMessage

Status = OutboundMessage.Status
ON_THE_WAY = {
    Status.ATTEMPTING,
    Status.ACCEPTED,
    Status.QUEUED,
    Status.SENDING,
    Status.SENT,
}


# Of these nobody has to look at anything; every other reason is somebody's to mend.
NOT_NEEDED = (
    OutboundMessage.SkipReason.ANSWERED,
    OutboundMessage.SkipReason.NOT_ASKED,
    OutboundMessage.SkipReason.NOT_ACTIVE,
)


@dataclass(frozen=True, slots=True)
class TextsToday:
    """Where the texts of a day stand: `planned` are to come, `failed` counts undelivered too."""

    planned: int
    on_the_way: int
    delivered: int
    failed: int
    unknown: int
    not_needed: int
    not_sent: int


def texts_of_day(user: User, *, begins: datetime, ends: datetime) -> TextsToday:
    """The texts due between two instants. Two queries."""
    messages = OutboundMessage.objects.visible_to(user).filter(due_at__gte=begins, due_at__lt=ends)
    counts: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    groups = messages.order_by().values_list("status", "skip_reason").annotate(Count("pk"))
    for status, reason, number in groups:
        counts[status] += number
        skipped[reason] += number
    not_needed = sum(skipped[reason] for reason in NOT_NEEDED)
    to_come = Schedule.objects.visible_to(user).filter(
        next_due_at__gte=begins, next_due_at__lt=ends
    )
    return TextsToday(
        planned=to_come.count() + counts[Status.WAITING],
        on_the_way=sum(counts[status] for status in ON_THE_WAY),
        delivered=counts[Status.DELIVERED],
        failed=counts[Status.FAILED] + counts[Status.UNDELIVERED],
        unknown=counts[Status.UNKNOWN],
        not_needed=not_needed,
        not_sent=counts[Status.SKIPPED] - not_needed,
    )
