"""Changing a patient's data, with what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from django.db import transaction

from exercises.models import DeviceToken, Patient, Program, Schedule
from exercises.services.links import end_links
from exercises.services.programs import replan_patient
from hep.errors import ConflictError, InvalidInputError


def refuse_removed(patient: Patient, field: str) -> None:
    """Raise ConflictError at `field` for a record whose name was taken away: it stays as it is."""
    if patient.removed_at is not None:
        raise ConflictError(field, "The name of this record was taken away.", code="ended")


def refuse_left_out(patient: Patient, first: time | None, last: time | None) -> None:
    """Raise InvalidInputError where a planned text would fall outside these hours (None: the
    clinic's): it would be skipped day by day, and nobody would miss the answer.
    """
    hours = first or patient.clinic.texts_from, last or patient.clinic.texts_until
    rows = Schedule.objects.filter(program__patient=patient)
    running = rows.exclude(program__status=Program.Status.ENDED).values_list(
        "local_times", flat=True
    )
    for at in sorted({at for times in running for at in times}):
        if not hours[0] <= at < hours[1]:
            field = "texts_from" if at < hours[0] else "texts_until"
            message = f"A text comes at {at:%H:%M}: choose hours with it, or move it first."
            raise InvalidInputError(field, message, code="text_left_out")


@transaction.atomic
def save_patient(*, patient: Patient, save: Callable[[], object], now: datetime) -> None:
    """Run `save` on a changed patient: texts follow another clock, and another phone signs out
    whoever came in with the old one.

    Raises InvalidInputError at `clinic` for a record that would go to another clinic, and at its
    hours for some that leave out a planned text.
    """
    before = (
        Patient.objects.select_related("clinic").select_for_update(of=("self",)).get(pk=patient.pk)
    )
    refuse_removed(before, "first_name")
    save()
    patient.refresh_from_db()
    if patient.clinic_id != before.clinic_id:
        message = "A record stays with its clinic: programs, texts and consent belong to it."
        raise InvalidInputError("clinic", message, code="forbidden")
    if patient.texting_hours != before.texting_hours:
        refuse_left_out(patient, patient.texts_from, patient.texts_until)
    if patient.time_zone != before.time_zone:
        replan_patient(patient=patient, now=now)
    if patient.phone != before.phone:
        DeviceToken.objects.filter(user__patient=patient).delete()
        end_links(patient=patient, now=now)
