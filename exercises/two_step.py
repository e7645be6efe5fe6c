"""The second step of signing in: a code from an app on one's phone, or a spare code.

django-otp keeps the devices, lets a code count once and slows down who guesses.
"""

from __future__ import annotations

from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django_otp import devices_for_user, match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from exercises.models import User
from hep.errors import InvalidInputError

SPARE_CODES = 8
NAME = "Phone"


def has_second_step(user: User) -> bool:
    """Whether a password alone does not sign `user` in."""
    return next(devices_for_user(user), None) is not None


@transaction.atomic
def begin(user: User) -> TOTPDevice:
    """The app to be confirmed with a first code; the same one until it is."""
    device: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name=NAME, confirmed=False)


@transaction.atomic
def confirm(user: User, code: str) -> list[str]:
    """Turn the second step on; answers the spare codes, which are not shown again.

    Raises InvalidInputError at `code` when it is not the app's.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(_digits(code)):
        message = "This is not the code that the app shows now. Try the next one."
        raise InvalidInputError("code", message, code="wrong_code")
    remove(user)
    device.pk = None
    device.confirmed = True
    device.save(force_insert=True)
    spare = StaticDevice.objects.create(user=user, name="Spare codes", confirmed=True)
    codes = [StaticToken.random_token() for _ in range(SPARE_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=spare, token=code) for code in codes)
    return codes


@transaction.atomic
def remove(user: User) -> None:
    """Turn the second step off: a password is enough again."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def check_second_step(user: User, code: str, *, request: HttpRequest) -> None:
    """Raise InvalidInputError at `code` unless it is right or `user` has no second step.

    A wrong code counts as a failed sign-in, so that guessing locks out like a wrong password.
    Where a second step is required, who has none is let into the admin alone, to set it up.
    """
    if not has_second_step(user):
        return
    if not code.strip():
        message = "Enter the code that your app shows."
        raise InvalidInputError("code", message, code="code_required")
    # After wrong codes django-otp looks at none for a while, and a right one is not called wrong.
    is_looked_at = any(device.verify_is_allowed()[0] for device in devices_for_user(user))
    if match_token(user, _digits(code)) is not None:
        return
    user_login_failed.send(sender=__name__, credentials={"username": user.email}, request=request)
    if not is_looked_at:
        message = "Wait a minute, then enter the code that your app shows then."
        raise InvalidInputError("code", message, code="too_soon")
    raise InvalidInputError("code", "This code is not right.", code="wrong_code")


def _digits(code: str) -> str:
    return code.replace(" ", "").strip().lower()
