"""The boxes of the inbox: what is to be done, and what else there is to see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from exercises.admin.base import staff_user
from exercises.models import Alert
from notifications.models import InboxItem


class BoxFilter(admin.SimpleListFilter):
    """What is to be done first thing; the rest on request."""

    title = "box"
    parameter_name = "box"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What else there is to see."""
        return [
            ("unread", "Unread"),
            ("mine", "Mine"),
            ("flagged", "Flagged"),
            ("asked_again", "Asked again this week"),
            ("handled", "Handled"),
            ("all", "All"),
        ]

    def choices(self, changelist: Any) -> Any:
        """To do instead of Django's "All" as the first choice."""
        first, *others = super().choices(changelist)
        yield first | {"display": "To do"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[InboxItem]) -> QuerySet[InboxItem]:
        """By what was done with it."""
        box = self.value()
        if box == "all":
            return queryset
        since = timezone.now() - timedelta(days=7)
        waiting = Q(handled_at=None)
        boxes = {
            "handled": ~waiting,
            "unread": waiting & Q(read_at=None),
            "mine": waiting & Q(assigned_to=staff_user(request)),
            "flagged": waiting & _is_flagged(),
            # Whoever was asked again was not understood: read to make reading better.
            "asked_again": Q(why=InboxItem.Why.ASKED_AGAIN, arrived_at__gt=since),
        }
        return queryset.filter(boxes.get(box or "", waiting))


def _is_flagged() -> Q:
    """Words of a red flag, or a patient with an alert that holds the exercise texts."""
    holds = Alert.objects.filter(
        patient=OuterRef("patient"), acknowledged_at=None, reason__in=Alert.HOLDS
    )
    return Q(why=InboxItem.Why.RED_FLAG) | Q(Exists(holds))
