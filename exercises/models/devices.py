"""How people get in: codes by text, a token for each device, and requests that may be repeated."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from knox.models import AbstractAuthToken

from exercises.models.links import PageLink
from exercises.models.people import Clinic, User
from exercises.models.visibility import DeviceTokenQuerySet
from hep.keys import keyed, keys
from hep.lines import LineField

CODE_DIGITS = 6


class SignInCode(models.Model):
    """A code that was asked for a phone, known to us or not.

    The code itself is stored nowhere: it follows from the row's random id and SECRET_KEY. A hash of
    six digits would be undone in a second, so the key is what protects it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone = LineField(max_length=20, help_text="E.164.")
    # Nobody but this clinic decides what follows from the phone: each has a code of its own.
    clinic = models.ForeignKey(
        Clinic,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="Whose patient signs in; empty until the text is written.",
    )
    tries = models.PositiveSmallIntegerField(default=0)
    texted_at = models.DateTimeField(null=True, help_text="When its text was written, or not.")
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            # Serves pacing and the check of a code.
            models.Index(fields=["phone", "-created_at"], name="sign_in_code_phone_newest"),
            # Serves the tick that writes the texts.
            models.Index(
                fields=["created_at"],
                condition=models.Q(texted_at__isnull=True),
                name="sign_in_code_to_text",
            ),
        ]

    def __str__(self) -> str:
        return f"Code {self.pk}"

    @property
    def code(self) -> str:
        """Six digits."""
        return self._code_by(keys()[0])

    @property
    def codes(self) -> list[str]:
        """The code under each key: a text may have left just before the key changed."""
        return [self._code_by(key) for key in keys()]

    def _code_by(self, key: str) -> str:
        digest = keyed("hep.sign_in_code", str(self.pk), key)
        return f"{int.from_bytes(digest) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


class DeviceToken(AbstractAuthToken):  # type: ignore[misc]  # knox has no type stubs
    """A signed-in device. Only a digest of its token is stored; its expiry slides with use."""

    class Platform(models.TextChoices):
        """Where a push token comes from."""

        APNS = "apns", "Apple"
        FCM = "fcm", "Firebase"

    class Level(models.TextChoices):
        """How far a browser got on the patient's own page."""

        PENDING = "pending", "Has to show who it is"
        OPEN = "open", "Opened the link"
        CONFIRMED = "confirmed", "Showed who it is"

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = LineField(max_length=80, blank=True, help_text="As the device calls itself.")
    # A browser with the patient's own page, which is no app: its token opens the page alone.
    link = models.ForeignKey(
        PageLink, on_delete=models.CASCADE, null=True, editable=False, related_name="+"
    )
    level = LineField(max_length=10, choices=Level, blank=True, db_default="", editable=False)
    push_token = LineField(max_length=300, blank=True)
    push_platform = LineField(max_length=4, choices=Platform, blank=True)

    rows = DeviceTokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created", "pk"]

    def __str__(self) -> str:
        return self.name or "A device"


class IdempotentRequest(models.Model):
    """What a request with an `Idempotency-Key` was answered; a repeat gets the same answer."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = LineField(max_length=80)
    fingerprint = LineField(max_length=64, help_text="Of method, address and body.")
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            # Serves clients that repeat a write without an id of their own.
            models.UniqueConstraint(fields=["user", "key"], name="idempotent_request_once"),
        ]

    def __str__(self) -> str:
        return self.key
