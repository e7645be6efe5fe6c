"""What was done while the exercises wait for a clinician is not kept as done (promise 18)."""

from __future__ import annotations

from datetime import date, datetime

from exercises.models import Patient
from exercises.reads.holds import held_since
from hep.errors import ConflictError


def refuse_held(
    patient: Patient,
    field: str,
    *,
    now: datetime,
    said_at: datetime | None = None,
    local_date: date | None = None,
) -> None:
    """Raise ConflictError at `field` while the exercises of `patient` wait for a clinician, unless
    it was said before they began to wait or is of a day before.
    """
    since = held_since([patient.pk]).get(patient.pk)
    if since is None or (said_at or now) < since:
        return
    if local_date is not None and local_date < since.astimezone(patient.zone).date():
        return
    raise ConflictError(field, "The exercises wait until somebody has looked.", code="red_flag")
