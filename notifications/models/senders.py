"""Who texts, and whether they may now."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from exercises.models import Clinic
from hep.lines import LineField
from hep.phones import PhoneField
from notifications.models.visibility import ClinicTextingQuerySet, OperatorQuerySet, SenderQuerySet


class Sender(models.Model):
    """A number, or a messaging service in front of several, that texts are sent from.

    Some errors concern the sender, not the text: it is stopped until a person has looked, or
    paused for a moment. Its texts wait meanwhile.
    """

    name = LineField(max_length=60)
    phone = PhoneField(unique=True, help_text="Patients reply to this number.")
    messaging_service_sid = LineField(max_length=34, blank=True)
    segments_per_second = models.FloatField(
        null=True,
        blank=True,
        default=1.0,
        validators=[MinValueValidator(0.1)],
        help_text="As your carrier allows: long code 1, toll-free 3, 10DLC 12 or more. "
        "Empty: no limit.",
    )
    stopped_at = models.DateTimeField(null=True, editable=False)
    stopped_code = models.PositiveIntegerField(null=True, editable=False)
    paused_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SenderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ClinicTexting(models.Model):
    """How a clinic texts. A clinic without this row texts nobody, and each text says so."""

    clinic = models.OneToOneField(Clinic, on_delete=models.CASCADE, related_name="texting")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="clinics")
    enabled = models.BooleanField(default=True, help_text="Off: no text leaves for this clinic.")
    answer_within = models.PositiveSmallIntegerField(
        "answer within, hours",
        default=8,
        db_default=8,
        validators=[MinValueValidator(1), MaxValueValidator(80)],
        help_text="Open hours of the clinic. A message that nobody handled by then opens an alert.",
    )

    links_in_reminders = models.BooleanField(
        "link in reminders",
        default=False,
        db_default=False,
        help_text="Exercise reminders bring the link to the patient's own page. Say in your "
        "campaign's registration that texts hold links, or carriers may filter them.",
    )

    objects = ClinicTextingQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "clinic texting"

    def __str__(self) -> str:
        return f"{self.clinic} by {self.sender}"

    def clean(self) -> None:
        """Refuse a clinic without a phone: answers to a red flag tell the patient to call it."""
        if self.enabled and self.clinic_id and not self.clinic.phone:
            message = "Give the clinic a phone first: urgent answers tell patients to call it."
            raise ValidationError({"clinic": message})


class TextingSwitch(models.Model):
    """The operator's switch for every clinic at once. No row: on. While it is off, texts wait."""

    is_on = models.BooleanField("texting is on", default=True)
    reason = LineField(max_length=200, blank=True, help_text="For whoever looks next.")
    changed_at = models.DateTimeField(auto_now=True)

    objects = OperatorQuerySet.as_manager()

    class Meta:
        verbose_name = "switch for all texts"
        verbose_name_plural = "switch for all texts"

    def __str__(self) -> str:
        return "On" if self.is_on else "Off"


class Heartbeat(models.Model):
    """When a tick last ran and how long it took; `/readyz` and `/metrics` watch it."""

    name = LineField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    seconds = models.FloatField(default=0.0, db_default=0.0)
    taken_until = models.DateTimeField(
        null=True, help_text="While a run is under way that must be the only one."
    )

    def __str__(self) -> str:
        return self.name
