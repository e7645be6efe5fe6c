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


@dataclass(frozen=True, slots=True)
class TextsToday:
    """Where the texts of a day stand: `planned` are to come, `failed` counts undelivered too."""

    planned: int
    on_the_way: int
    delivered: int
    failed: int
    unknown: int
    skipped: int


def texts_of_day(user: User, *, begins: datetime, ends: datetime) -> TextsToday:
    """The texts due between two instants. Two queries."""
    messages = OutboundMessage.objects.visible_to(user).filter(due_at__gte=begins, due_at__lt=ends)
    counts = Counter(dict(messages.order_by().values_list("status").annotate(Count("pk"))))
    to_come = Schedule.objects.visible_to(user).filter(
        next_due_at__gte=begins, next_due_at__lt=ends
    )
    return TextsToday(
        planned=to_come.count() + counts[Status.WAITING],
        on_the_way=sum(counts[status] for status in ON_THE_WAY),
        delivered=counts[Status.DELIVERED],
        failed=counts[Status.FAILED] + counts[Status.UNDELIVERED],
        unknown=counts[Status.UNKNOWN],
        skipped=counts[Status.SKIPPED],
    )
