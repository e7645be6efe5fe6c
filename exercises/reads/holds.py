"""Whose exercises wait for a clinician (promise 18)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from exercises.models import Alert


def on_hold(patients: Collection[UUID]) -> set[UUID]:
    """Those of `patients` with an open alert that holds exercise texts. One query."""
    held = Alert.objects.filter(
        patient__in=patients, acknowledged_at=None, reason__in=sorted(Alert.HOLDS)
    )
    return set(held.values_list("patient_id", flat=True))
