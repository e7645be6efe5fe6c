"""From a code that was asked for to its text: only for phones that a patient has."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from exercises.models import Patient, SignInCode
from exercises.rules.signing_in import CODE_LASTS
from notifications import consent, outbox

AT_ONCE = 100
# A phone is a patient's at one clinic, seldom at two.
MOST_CLINICS = 3


@transaction.atomic
def text_codes(*, now: datetime) -> int:
    """Write the texts of codes asked for since the last call; returns how many.

    One for each clinic that has a patient with the phone, with a code of its own: what another
    clinic writes into its records, switches off or holds changes nothing for this one. A code for a
    phone that nobody has is only ticked off, here, where nobody can time it.
    """
    codes = list(
        SignInCode.objects.select_for_update(skip_locked=True)
        .filter(texted_at=None, created_at__gt=now - CODE_LASTS)
        .order_by("created_at")[:AT_ONCE]
    )
    patients: dict[str, dict[int, Patient]] = defaultdict(dict)
    rows = Patient.objects.filter(phone__in={code.phone for code in codes})
    agreed = consent.agreed_at({code.phone for code in codes})
    # Of a clinic the newest, whose record most likely made the phone's owner sign in; clinics whose
    # texts somebody agreed to before those that only wrote the number down.
    for patient in rows.select_related("clinic").order_by("created_at"):
        patients[str(patient.phone)][patient.clinic_id] = patient
    written = 0
    for code in codes:
        known = patients.get(code.phone, {})
        first = sorted(known, key=lambda clinic: ((code.phone, clinic) not in agreed, clinic))
        for place, clinic_id in enumerate(first[:MOST_CLINICS]):
            own = code if place == 0 else _another(code)
            own.clinic_id = clinic_id
            own.texted_at = now
            own.save()
            patient = known[clinic_id]
            outbox.add_code(code=own, clinic=patient.clinic, language=patient.language)
            written += 1
    SignInCode.objects.filter(pk__in=[code.pk for code in codes]).update(texted_at=now)
    return written


def _another(code: SignInCode) -> SignInCode:
    return SignInCode(phone=code.phone, expires_at=code.expires_at, created_at=code.created_at)
