"""Reads that other parts need, as frozen dataclasses or plain sets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from exercises.models import CheckIn


def answered_days(*, programs: Collection[UUID], dates: Collection[date]) -> set[tuple[UUID, date]]:
    """The (program, local date) pairs among these that have a first-step score. One query."""
    return set(
        CheckIn.objects.filter(
            program__in=programs, local_date__in=dates, kind=CheckIn.Kind.FIRST_STEP
        ).values_list("program_id", "local_date")
    )
