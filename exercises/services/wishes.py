"""What patients set for themselves, in the app or on their page: language, hours, a rest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from exercises.models import Patient, Program
from exercises.models.people import Language
from exercises.rules.validators import validate_patient_hours
from exercises.services.people import save_patient
from exercises.services.programs import pause_program, resume_program
from hep.errors import InvalidInputError

LONGEST_REST = timedelta(days=60)


def set_language(*, patient: Patient, language: str, now: datetime) -> None:
    """Texts and the page in another language. Raises InvalidInputError at `language`."""
    if language not in Language.values:
        raise InvalidInputError("language", "Choose a language of the list.", code="invalid_choice")
    patient.language = language
    _save(patient, "language", now=now)


def set_hours(
    *, patient: Patient, first: time | None, last: time | None, where: str, now: datetime
) -> None:
    """Other hours for texts, on the patient's clock; the clinic's with neither.

    `where` is kept as the words of the patient, such as "Set in the app". Raises InvalidInputError
    at `texts_from` or `texts_until`, also where a text that is planned would fall outside.
    """
    try:
        validate_patient_hours(first, last, asked=where)
    except ValidationError as error:
        field, (found, *_) = next(iter(error.error_dict.items()))
        raise InvalidInputError(field, found.messages[0], code="quiet_hours") from error
    patient.texts_from, patient.texts_until = first, last
    patient.texts_hours_asked = where if first else ""
    _save(patient, "texts_from", "texts_until", "texts_hours_asked", now=now)


def _save(patient: Patient, *changed: str, now: datetime) -> None:
    """Nothing but what was set: the clinic may have changed the rest meanwhile."""
    fields = [*changed, "updated_at"]
    save_patient(patient=patient, save=lambda: patient.save(update_fields=fields), now=now)


@transaction.atomic
def rest_until(
    *, patient: Patient, programs: Collection[Program], until: date, now: datetime
) -> list[Program]:
    """Pause what runs until the patient's day `until`; another day replaces it. Returns what rests.

    What the clinic paused stays as it is. Raises InvalidInputError at `until`.
    """
    today = now.astimezone(patient.zone).date()
    if not today < until <= today + LONGEST_REST:
        message = f"Choose a day from tomorrow to {LONGEST_REST.days} days from now."
        raise InvalidInputError("until", message, code="out_of_range")
    running = [program for program in programs if program.is_patients_to_pause]
    for program in running:
        pause_program(program=program, until=until, by_patient=True)
    return running


@transaction.atomic
def end_rest(*, programs: Collection[Program], now: datetime) -> list[Program]:
    """Go on now; returns what does. What the clinic paused stays paused."""
    resting = [program for program in programs if program.is_patients_to_resume]
    for program in resting:
        resume_program(program=program, now=now)
    return resting
