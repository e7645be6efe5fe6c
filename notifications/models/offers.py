"""Words of consent that were shown to a patient, who agrees by texting a word."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from exercises.models import Clinic, Patient, User
from hep.lines import LineField
from notifications.models.consent import E164_LENGTH, ConsentEvent
from notifications.models.visibility import ConsentOfferQuerySet


class ConsentOffer(models.Model):
    """What a patient was shown and when; `taken` is the consent that their own text made of it."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="offers")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="offers")
    phone = LineField(max_length=E164_LENGTH)
    words = models.TextField(help_text="As they stood on the screen.")
    words_version = LineField(max_length=20)
    offered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    offered_at = models.DateTimeField()
    taken = models.OneToOneField(
        ConsentEvent, on_delete=models.SET_NULL, null=True, related_name="offer"
    )

    objects = ConsentOfferQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-offered_at", "-pk"]
        indexes: ClassVar = [
            # Serves inbound texts: was anything offered to this phone?
            models.Index(fields=["phone", "-offered_at"], name="offer_phone_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.offered_at:%Y-%m-%d %H:%M} {self.phone}"
