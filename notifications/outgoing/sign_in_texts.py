"""From a code that was asked for to its text: only for phones that a patient has."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from exercises.models import Patient, SignInCode
from exercises.rules.signing_in import CODE_LASTS
from notifications import outbox

AT_ONCE = 100


@transaction.atomic
def text_codes(*, now: datetime) -> int:
    """Write the texts of codes asked for since the last call; returns how many.

    A code for a phone that nobody has is only ticked off, here, where nobody can time it.
    """
    codes = list(
        SignInCode.objects.select_for_update(skip_locked=True)
        .filter(texted_at=None, created_at__gt=now - CODE_LASTS)
        .order_by("created_at")[:AT_ONCE]
    )
    patients: dict[str, Patient] = {}
    # The newest patient of a shared phone, whose clinic most likely made the phone's owner sign in.
    for patient in (
        Patient.objects.filter(phone__in={code.phone for code in codes})
        .select_related("clinic")
        .order_by("created_at")
    ):
        patients[str(patient.phone)] = patient
    for code in codes:
        if code.phone in patients:
            known = patients[code.phone]
            outbox.add_code(code=code, clinic=known.clinic, language=known.language)
    SignInCode.objects.filter(pk__in=[code.pk for code in codes]).update(texted_at=now)
    return sum(code.phone in patients for code in codes)
