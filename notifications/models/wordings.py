"""A clinic's own words."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from exercises.models import Clinic
from exercises.models.people import Language
from hep.lines import LineField
from notifications.models.visibility import ClinicWordingQuerySet
from notifications.wording import keys
from notifications.wording.lint import problems


class ClinicWording(models.Model):
    """What a clinic says instead of our wording, in one language; the lint guards it."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="wordings")
    key = LineField("text", max_length=40)
    language = LineField(max_length=2, choices=Language)
    words = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClinicWordingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["key", "language"]
        verbose_name = "wording"
        constraints: ClassVar = [
            # Serves rendering: one answer for a clinic, text and language.
            models.UniqueConstraint(
                fields=["clinic", "key", "language"], name="clinic_wording_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.language})"

    def clean(self) -> None:
        """Refuse an unknown text and words that the lint does not pass."""
        if self.key not in keys():
            raise ValidationError({"key": "There is no such text."})
        if found := problems(self.key, self.words):
            raise ValidationError({"words": found})
