"""Whose exercises wait for a clinician (promise 18)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from exercises.models import Alert


def on_hold(patients: Collection[UUID]) -> set[UUID]:
    """Those of `patients` with an open alert that holds exercise texts. One query."""
    return set(held_since(patients))


def held_since(patients: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when the exercises of each of `patients` wait, of those whose do. One query."""
    held = Alert.objects.filter(
        patient__in=patients, acknowledged_at=None, reason__in=sorted(Alert.HOLDS)
    )
    rows = held.values_list("patient_id").annotate(since=Min("opened_at"))
    return dict(rows.order_by())
