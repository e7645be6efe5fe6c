"""Consent by the patient's own text: the words are shown, and JOIN or ACEPTO agrees to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from exercises.models import Patient, User
from hep.errors import InvalidInputError
from notifications.consent import has_stopped_since, record_consent
from notifications.models import (
    ClinicTexting,
    ConsentEvent,
    ConsentOffer,
    InboundMessage,
)
from notifications.wording.agreeing import Shown, shown

# A word that comes a day later may be meant for anything.
OPEN_FOR = timedelta(hours=24)


def what_is_shown(patient: Patient) -> Shown:
    """The words for `patient`, with the number to text. Raises InvalidInputError at `patient` where
    the clinic cannot be texted.
    """
    texting = ClinicTexting.objects.select_related("sender").filter(clinic=patient.clinic_id)
    row = texting.first()
    if row is None or not row.enabled:
        message = "The clinic's texts are off." if row else "The clinic has no number to text to."
        raise InvalidInputError("patient", message, code="texting_off")
    clinic = patient.clinic
    return shown(
        patient.language,
        clinic=clinic.name,
        limit=clinic.prompts_per_day,
        phone=row.sender.phone.as_international,
    )


@transaction.atomic
def offer(*, patient: Patient, by: User, now: datetime) -> ConsentOffer:
    """Keep that the words are shown to `patient` now. Raises as `what_is_shown`."""
    told = what_is_shown(patient)
    return ConsentOffer.objects.create(
        clinic=patient.clinic,
        patient=patient,
        phone=str(patient.phone),
        words=told.words,
        words_version=told.version,
        offered_by=by,
        offered_at=now,
    )


def open_offers(phone: str, patients: Collection[Patient], *, at: datetime) -> list[ConsentOffer]:
    """The newest offer of each of `patients` that a text from `phone` at this moment may take; none
    where texts were stopped since.
    """
    if has_stopped_since(phone, at):
        return []
    rows = ConsentOffer.objects.filter(
        phone=phone,
        patient__in=patients,
        taken=None,
        offered_at__gt=at - OPEN_FOR,
        offered_at__lte=at,
    ).select_related("patient__clinic")
    newest: dict[object, ConsentOffer] = {}
    for row in rows.order_by("-offered_at", "-pk"):
        newest.setdefault(row.patient_id, row)
    return list(newest.values())


@transaction.atomic
def take(row: ConsentOffer, *, inbound: InboundMessage, now: datetime) -> None:
    """The patient agreed by `inbound`: consent is on record with the words that were shown."""
    row.taken = record_consent(
        patient=row.patient,
        how=ConsentEvent.How.SMS,
        words=f"{inbound.body.strip()[:100]}: {row.words}",
        words_version=row.words_version,
        recorded_by=None,
        inbound=inbound,
        now=now,
    )
    row.save(update_fields=["taken"])
