"""Patients sign in with a code that is texted to their phone; no password, no stranger's hint."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from exercises.models import DeviceToken, IdempotentRequest, PageLink, Patient, SignInCode, User
from exercises.models.devices import CODE_DIGITS
from exercises.rules.signing_in import CODE_LASTS
from hep.errors import InvalidInputError
from hep.names import plain_name
from hep.once import one_at_a_time

MOST_TRIES = 5
# At most so many codes a phone within so long; what is more is not texted, and not told either.
PACE = ((timedelta(minutes=1), 1), (timedelta(hours=1), 4), (timedelta(days=1), 10))
# Rows that nothing asks for any more.
KEPT = timedelta(days=2)


@dataclass(frozen=True)
class SignedIn:
    """A signed-in device: `token` is shown once."""

    patient: Patient
    device: DeviceToken
    token: str


@transaction.atomic
def ask_for_code(*, phone: str, now: datetime) -> None:
    """Keep that a code was asked for `phone` (E.164), unless that was done too often.

    Whether a patient has this phone is not looked at here, so it takes no more time when one does.
    """
    # Two requests at once are one code, not two texts.
    one_at_a_time(f"sign_in:{phone}")
    longest = max(within for within, _ in PACE)
    rows = SignInCode.objects.filter(phone=phone, created_at__gt=now - longest)
    asked = list(rows.values_list("created_at", flat=True))
    if any(sum(at > now - within for at in asked) >= most for within, most in PACE):
        return
    SignInCode.objects.create(phone=phone, expires_at=now + CODE_LASTS, created_at=now)


# Counted before the code is looked at, and not undone by what follows: a try is a try.
TRY = """
UPDATE exercises_signincode SET tries = tries + 1
 WHERE phone = %s AND expires_at > %s AND used_at IS NULL AND tries < %s
RETURNING id, clinic_id
"""


def sign_in(
    *,
    phone: str,
    code: str,
    now: datetime,
    birth_year: int | None = None,
    first_name: str = "",
    device: str = "",
) -> SignedIn:
    """A token for the patient with this phone, for the right code within its time and tries.

    A code is of one clinic, so only its patients are looked at. On a phone that several of them
    share the birth year tells who it is, and the first name where that is the same. Raises
    InvalidInputError: `code` refused, whatever the reason; or what is missing, which only who has
    the right code learns.
    """
    right = check_code(phone=phone, code=code, now=now)
    rows = Patient.objects.select_related("clinic").filter(phone=phone, clinic=right.clinic_id)
    patients = list(rows)
    if not patients:
        raise _refused()
    patient = _the_one(patients, birth_year=birth_year, first_name=first_name)
    with transaction.atomic():
        use_code(right, now=now)
        row, token = DeviceToken.objects.create(user=account_of(patient), name=device)
    return SignedIn(patient, row, token)


def check_code(*, phone: str, code: str, now: datetime) -> SignInCode:
    """The live code of `phone` that `code` is; its try is counted whatever follows. Raises
    InvalidInputError at `code`.
    """
    with connection.cursor() as cursor:
        cursor.execute(TRY, [phone, now, MOST_TRIES])
        live = [
            SignInCode(pk=key, clinic_id=clinic, phone=phone) for key, clinic in cursor.fetchall()
        ]
    right = [row for row in live if any(secrets.compare_digest(known, code) for known in row.codes)]
    if not right:
        raise _refused()
    return right[0]


def use_code(code: SignInCode, *, now: datetime) -> None:
    """Spend a code that was right, and the others of its phone and clinic with it. Raises
    InvalidInputError at `code` when somebody was faster.
    """
    if not SignInCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now):
        raise _refused()
    others = SignInCode.objects.filter(phone=code.phone, clinic=code.clinic_id, used_at=None)
    others.update(used_at=now)


def account_of(patient: Patient) -> User:
    """The patient's account, made when it is first needed."""
    account: User
    account, _ = User.objects.get_or_create(patient=patient, defaults={"email": None})
    return account


def _refused() -> InvalidInputError:
    message = f"This code does not work. Ask for a new one: it has {CODE_DIGITS} digits."
    return InvalidInputError("code", message, code="refused")


def _the_one(patients: list[Patient], *, birth_year: int | None, first_name: str) -> Patient:
    """Who of those with the same phone is meant.

    A record without a birth year is found by the name: the clinic may never have asked for it.
    """
    if len(patients) > 1:
        if birth_year is None:
            message = "More than one person has this phone. Send your birth year too."
            raise InvalidInputError("birth_year", message, code="required")
        patients = [row for row in patients if row.birth_year in {birth_year, None}]
        if len(patients) > 1 or any(row.birth_year is None for row in patients):
            patients = by_name(patients, first_name)
    if len(patients) != 1:
        message = "This does not match our record. Your clinic can help."
        raise InvalidInputError("birth_year", message, code="refused")
    return patients[0]


def by_name(patients: list[Patient], told: str) -> list[Patient]:
    """Those called so, by the first name or by all of it. Raises InvalidInputError without one."""
    if not told.strip():
        message = "Send your first name too, with your last name if you share it."
        raise InvalidInputError("first_name", message, code="required")
    name = plain_name(told)
    whole = [row for row in patients if plain_name(str(row)) == name]
    return whole or [row for row in patients if plain_name(row.first_name) == name]


def sign_out_everywhere(*, user: User) -> None:
    """End every device's token and every browser's session of `user`."""
    DeviceToken.objects.filter(user=user).delete()
    if user.patient_id is not None:
        PageLink.objects.filter(patient=user.patient_id, revoked_at=None).update(revoked_at=Now())
    user.signed_out_count += 1
    user.save(update_fields=["signed_out_count"])


def forget_old_access(*, now: datetime) -> int:
    """Delete codes and devices that are over and kept answers to repeats; returns how many."""
    deleted = 0
    for rows in (
        SignInCode.objects.filter(created_at__lt=now - KEPT),
        IdempotentRequest.objects.filter(created_at__lt=now - KEPT),
        DeviceToken.objects.filter(expiry__lt=now),
    ):
        deleted += rows.delete()[0]
    return deleted
