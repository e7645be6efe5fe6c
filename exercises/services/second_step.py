"""The second step of signing in: a code from an app on one's phone, or a spare code.

django-otp keeps the devices, lets a code count once and slows down who guesses.
"""

from __future__ import annotations

import base64

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django_otp import devices_for_user, match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from exercises.models import Authenticator, User
from exercises.services import sign_out_everywhere
from hep.errors import InvalidInputError
from hep.keys import LostKeyError, keyed, keys

SPARE_CODES = 8
NAME = "Phone"
# In the session of who came in with a code, or has just shown one.
PASSED = "passed_second_step"
NEEDED = "Set up a second step first: sign in to the admin."


def has_second_step(user: User) -> bool:
    """Whether a password alone does not sign `user` in."""
    return next(devices_for_user(user), None) is not None


@transaction.atomic
def begin(user: User, device: int | None = None) -> Authenticator:
    """The app to be confirmed with a first code: `device` while it waits, else a new one.

    Each session has its own, so that nobody confirms a secret that somebody else has seen.
    """
    waiting: Authenticator | None = _waiting(user, device)
    return waiting or Authenticator.objects.create(user=user, name=NAME, confirmed=False)


def _waiting(user: User, device: int | None) -> Authenticator | None:
    rows = Authenticator.objects.select_for_update().filter(user=user, confirmed=False, pk=device)
    found: Authenticator | None = rows.first()
    return found


@transaction.atomic
def confirm(user: User, code: str, device: int | None) -> list[str]:
    """Turn the second step on and sign `user` out everywhere; answers the spare codes, once.

    Raises InvalidInputError at `code` when it is not the app's.
    """
    waiting = _waiting(user, device)
    if waiting is None or not waiting.verify_token(_digits(code)):
        message = "This is not the code that the app shows now. Try the next one."
        raise InvalidInputError("code", message, code="wrong_code")
    remove(user)
    waiting.pk = None
    waiting.confirmed = True
    waiting.save(force_insert=True)
    # Whoever came in with the password alone is out.
    sign_out_everywhere(user=user)
    spare = StaticDevice.objects.create(user=user, name="Spare codes", confirmed=True)
    codes = [StaticToken.random_token() for _ in range(SPARE_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=spare, token=kept(code)) for code in codes)
    return codes


def kept(spare_code: str, key: str = "") -> str:
    """How a spare code stands in the database: 16 letters of a keyed digest, 80 bits; by another
    `key`, as it stood before SECRET_KEY changed.

    A code of 40 bits would be found again from a plain hash.
    """
    digest = keyed("hep.spare_code", spare_code, key or keys()[0])
    return base64.b32encode(digest[:10]).decode().lower()


@transaction.atomic
def remove(user: User) -> None:
    """Turn the second step off: a password is enough again."""
    Authenticator.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


@transaction.atomic
def reseal() -> tuple[int, list[User]]:
    """Seal every secret by the newest key; answers how many, and whose no key opens."""
    done, lost = 0, []
    for device in Authenticator.objects.select_for_update(of=("self",)).select_related("user"):
        try:
            device.keep(device.secret)
        except LostKeyError:
            lost.append(device.user)
            continue
        device.save(update_fields=["sealed"])
        done += 1
    return done, lost


def is_missing(user: User) -> bool:
    """Whether `user` has to set up a second step before anything else."""
    return settings.SECOND_STEP_REQUIRED and not has_second_step(user)


def check_second_step(user: User, code: str, *, request: HttpRequest) -> bool:
    """Whether a code was right; False: there is no second step. Raises InvalidInputError at `code`.

    A wrong code counts as a failed sign-in, so that guessing locks out like a wrong password.
    Where a second step is required, who has none is let into the admin alone, to set it up.
    """
    if not has_second_step(user):
        return False
    if not code.strip():
        message = "Enter the code that your app shows."
        raise InvalidInputError("code", message, code="code_required")
    # After wrong codes django-otp looks at none for a while, and a right one is not called wrong.
    is_looked_at = any(device.verify_is_allowed()[0] for device in devices_for_user(user))
    told = _digits(code)
    # The app shows figures; with letters it is a spare code.
    tokens = [told] if told.isdigit() else _as_kept(user, told)
    if any(match_token(user, token) is not None for token in tokens):
        return True
    user_login_failed.send(sender=__name__, credentials={"username": user.email}, request=request)
    if not is_looked_at:
        message = "Wait a minute, then enter the code that your app shows then."
        raise InvalidInputError("code", message, code="too_soon")
    raise InvalidInputError("code", "This code is not right.", code="wrong_code")


def _as_kept(user: User, spare_code: str) -> list[str]:
    """How the code stands for `user`: under the key it was made with, else under the newest, so
    that a wrong one is one try.
    """
    forms = [kept(spare_code, key) for key in keys()]
    known = StaticToken.objects.filter(device__user=user, token__in=forms)
    return [row.token for row in known[:1]] or forms[:1]


def _digits(code: str) -> str:
    return code.replace(" ", "").strip().lower()
