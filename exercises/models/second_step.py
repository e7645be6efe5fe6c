"""The app on a provider's phone that shows codes for signing in."""

from __future__ import annotations

import secrets
import time
from base64 import b32encode
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from hep.keys import LostKeyError, seal, unsealed

# RFC 4226 section 4 recommends 160 bits.
SECRET_BYTES = 20
# Codes of the step before and after count too (RFC 6238 section 5.2).
TOLERANCE = 1


class Authenticator(TimestampMixin, ThrottlingMixin, Device):  # type: ignore[misc]  # no type stubs
    """An app that shows time-based codes (RFC 6238: SHA-1, six digits, 30 s).

    django-otp's own device keeps its secret in clear text. Here it stands sealed, for this account
    alone: whoever reads a copy of the database, or moves a row to another account, shows no code.
    """

    sealed = models.BinaryField()
    # How many steps the phone's clock is off, and the step of the newest code: each counts once.
    drift = models.SmallIntegerField(default=0)
    last_step = models.BigIntegerField(default=-1)

    class Meta:
        ordering: ClassVar = ["pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new one has a new secret."""
        if not self.sealed:
            self.keep(secrets.token_bytes(SECRET_BYTES))
        super().save(*args, **kwargs)

    def keep(self, secret: bytes) -> None:
        """Seal the secret by the newest key."""
        self.sealed = seal(secret, of_account(self.user_id))

    @property
    def secret(self) -> bytes:
        """What the app holds too. Raises LostKeyError."""
        return unsealed(bytes(self.sealed), of_account(self.user_id))

    @property
    def address(self) -> str:
        """What an app reads from the picture: `otpauth://totp/…`."""
        issuer = settings.SECOND_STEP_ISSUER
        label = quote(f"{issuer}:{self.user.get_username()}")
        told = {"secret": b32encode(self.secret).decode(), "issuer": issuer}
        return f"otpauth://totp/{label}?{urlencode(told)}"

    def verify_token(self, token: str) -> bool:
        """Whether this is a code that the app shows now; a right one counts once."""
        is_allowed, _ = self.verify_is_allowed()
        if not is_allowed:
            return False
        is_right = token.isdecimal() and self._shows(int(token))
        if is_right:
            self.throttle_reset(commit=False)
            self.set_last_used_timestamp(commit=False)
            self.save()
        else:
            self.throttle_increment(commit=True)
        return is_right

    def _shows(self, code: int) -> bool:
        try:
            app = TOTP(self.secret, drift=self.drift)
        except LostKeyError:
            return False
        app.time = time.time()
        is_shown: bool = app.verify(code, TOLERANCE, self.last_step + 1)
        if is_shown:
            self.last_step, self.drift = app.t(), app.drift
        return is_shown

    def get_throttle_factor(self) -> float:
        """Seconds to wait after the first wrong code, doubled by each further one."""
        return 1


def of_account(user_id: int) -> str:
    """What the secret of an account is sealed for."""
    return f"second step of account {user_id}"
