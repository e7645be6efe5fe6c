"""Changing a patient's data, with what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from exercises.models import DeviceToken, Patient
from exercises.services.links import end_links
from exercises.services.programs import replan_patient
from hep.errors import ConflictError, InvalidInputError


def refuse_removed(patient: Patient, field: str) -> None:
    """Raise ConflictError at `field` for a record whose name was taken away: it stays as it is."""
    if patient.removed_at is not None:
        raise ConflictError(field, "The name of this record was taken away.", code="ended")


@transaction.atomic
def save_patient(*, patient: Patient, save: Callable[[], object], now: datetime) -> None:
    """Run `save` on a changed patient: texts follow another clock, and another phone signs out
    whoever came in with the old one.

    Raises InvalidInputError at `clinic` for a record that would go to another clinic.
    """
    before = Patient.objects.select_for_update().get(pk=patient.pk)
    refuse_removed(before, "first_name")
    save()
    patient.refresh_from_db()
    if patient.clinic_id != before.clinic_id:
        message = "A record stays with its clinic: programs, texts and consent belong to it."
        raise InvalidInputError("clinic", message, code="forbidden")
    if patient.time_zone != before.time_zone:
        replan_patient(patient=patient, now=now)
    if patient.phone != before.phone:
        DeviceToken.objects.filter(user__patient=patient).delete()
        end_links(patient=patient, now=now)
