"""Keeping in-clinic care and measures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from exercises.models import Alert, Measure, Patient, Program, TreatmentSession, User
from exercises.models.care import ActivityScore
from exercises.services.alerts import open_alert
from hep.errors import ConflictError, InvalidInputError
from hep.once import one_at_a_time, refuse_other_content

# Older care belongs in the file it was written in; a year ago is a typing error.
EARLIEST = timedelta(days=365)
PSFS_ACTIVITIES = (3, 5)
PSFS_SCORES = (0, 10)
GROC_RATINGS = (-7, 7)
Adverse = TreatmentSession.Adverse


@dataclass(frozen=True)
class TreatmentSpec:
    """What was done in the clinic, where, and whether it did harm."""

    modalities: tuple[str, ...]
    sites: tuple[str, ...] = ()
    adverse: str = Adverse.NONE
    adverse_detail: str = ""
    note: str = ""


@transaction.atomic
def record_treatment(
    *,
    patient: Patient,
    local_date: date,
    treatment: TreatmentSpec,
    treated_by: User | None,
    now: datetime,
    treatment_id: uuid.UUID | None = None,
) -> TreatmentSession:
    """Keep a treatment; a serious event opens an alert. Idempotent by `treatment_id`.

    Raises InvalidInputError naming the field, ConflictError for an id that stands for another.
    """
    if treatment_id:
        one_at_a_time(treatment_id)
    known = TreatmentSession.objects.filter(pk=treatment_id).first() if treatment_id else None
    if known is not None:
        if known.patient_id != patient.pk:
            raise ConflictError("id", "This id is already used.", code="id_taken")
        refuse_other_content(known, _row_of(treatment) | {"local_date": local_date})
        return known
    _check_treatment(treatment)
    _check_day(local_date, today=now.astimezone(patient.zone).date())
    row = TreatmentSession.objects.create(
        id=treatment_id or uuid.uuid4(),
        patient=patient,
        local_date=local_date,
        treated_by=treated_by,
        **_row_of(treatment),
    )
    if row.adverse == Adverse.SERIOUS:
        open_alert(patient=patient, program=None, reason=Alert.Reason.HARM, now=now)
    return row


def _row_of(treatment: TreatmentSpec) -> dict[str, Any]:
    return {
        "modalities": _in_order(treatment.modalities, TreatmentSession.Modality.values),
        "sites": _in_order(treatment.sites, TreatmentSession.Site.values),
        "adverse": treatment.adverse,
        "adverse_detail": treatment.adverse_detail.strip(),
        "note": treatment.note.strip(),
    }


def _check_treatment(treatment: TreatmentSpec) -> None:
    known = {
        "modalities": TreatmentSession.Modality.values,
        "sites": TreatmentSession.Site.values,
    }
    for field, names in known.items():
        unknown = sorted(set(getattr(treatment, field)) - set(names))
        if unknown:
            raise InvalidInputError(field, f"Not known: {', '.join(unknown)}.", code="unknown")
    if not treatment.modalities:
        raise InvalidInputError("modalities", "Say what was done.", code="required")
    if treatment.adverse not in Adverse.values:
        raise InvalidInputError("adverse", "Use none, minor or serious.", code="unknown")
    if treatment.adverse != Adverse.NONE and not treatment.adverse_detail.strip():
        raise InvalidInputError("adverse_detail", "Say what happened.", code="required")


def _check_day(local_date: date, *, today: date) -> None:
    if local_date > today:
        raise InvalidInputError("local_date", "This day has not come yet.", code="future")
    if local_date < today - EARLIEST:
        raise InvalidInputError("local_date", "More than a year ago.", code="too_early")


def _in_order(chosen: Sequence[str], known: Sequence[str]) -> list[str]:
    return [name for name in known if name in chosen]


@transaction.atomic
def record_psfs(
    *,
    program: Program,
    local_date: date,
    activities: Sequence[ActivityScore],
    recorded_by: User | None,
    now: datetime,
) -> Measure:
    """Keep a Patient-Specific Functional Scale: 3 to 5 activities, 0 (unable) to 10 (as before).

    Later measures of a program keep the first one's activities. Raises InvalidInputError.
    """
    names = _check_activities(activities)
    others = program.measures.filter(instrument=Measure.Instrument.PSFS)
    # The same day's own row is being corrected.
    first = others.exclude(local_date=local_date).first()
    if first is not None and {row["activity"] for row in first.activities} != set(names):
        message = "Ask about the same activities as the first time."
        raise InvalidInputError("activities", message, code="other_activities")
    _check_day(local_date, today=now.astimezone(program.patient.zone).date())
    scores = [row["score"] for row in activities]
    return _keep_measure(
        program,
        Measure.Instrument.PSFS,
        local_date,
        value=round(sum(scores) / len(scores), 2),
        activities=[
            ActivityScore(activity=name, score=score)
            for name, score in zip(names, scores, strict=True)
        ],
        by=recorded_by,
    )


def _check_activities(activities: Sequence[ActivityScore]) -> list[str]:
    """The names of 3 to 5 different activities with their scores on the scale."""
    least, most = PSFS_ACTIVITIES
    names = [row["activity"].strip() for row in activities]
    if not least <= len(names) <= most or len(set(names)) != len(names) or not all(names):
        message = f"Name {least} to {most} different activities."
        raise InvalidInputError("activities", message, code="out_of_range")
    for index, row in enumerate(activities):
        if not PSFS_SCORES[0] <= row["score"] <= PSFS_SCORES[1]:
            field = f"activities.{index}.score"
            raise InvalidInputError(field, "A number from 0 to 10.", code="out_of_range")
    return names


@transaction.atomic
def record_groc(
    *, program: Program, local_date: date, rating: int, recorded_by: User | None, now: datetime
) -> Measure:
    """Keep a Global Rating of Change: -7 (a very great deal worse) to +7 (better)."""
    if not GROC_RATINGS[0] <= rating <= GROC_RATINGS[1]:
        raise InvalidInputError("rating", "A number from -7 to 7.", code="out_of_range")
    _check_day(local_date, today=now.astimezone(program.patient.zone).date())
    return _keep_measure(
        program, Measure.Instrument.GROC, local_date, value=rating, activities=[], by=recorded_by
    )


def record_yes_or_no(
    *, program: Program, instrument: Measure.Instrument, local_date: date, yes: bool
) -> Measure:
    """Keep what the patient answered to the question of a day; a later answer counts."""
    return _keep_measure(program, instrument, local_date, value=int(yes), activities=[], by=None)


def _keep_measure(
    program: Program,
    instrument: str,
    local_date: date,
    *,
    value: float,
    activities: list[ActivityScore],
    by: User | None,
) -> Measure:
    """The newer values of a day count."""
    measure, _ = Measure.objects.update_or_create(
        program=program,
        instrument=instrument,
        local_date=local_date,
        defaults={"value": value, "activities": activities, "recorded_by": by},
    )
    return measure
