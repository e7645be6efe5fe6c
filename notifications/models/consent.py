"""Who agreed to be texted, and the proof."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from exercises.models import Clinic, Patient, User
from hep.lines import LineField
from notifications.models.visibility import ConsentEventQuerySet, PhoneConsentQuerySet

# Phones of messages are plain E.164 strings: they were checked where they were entered, carriers
# send what they like, and parsing each of ten thousand costs more than sending it.
E164_LENGTH = 20


class PhoneConsent(models.Model):
    """Whether a clinic may text a phone now. Every change is a ConsentEvent.

    granted ──► revoked ──► granted (START, or a new recorded consent)
       └─► held ─► granted or revoked, as the person decides who looked at the text
    """

    class State(models.TextChoices):
        """Only granted phones are texted."""

        GRANTED = "granted", "May be texted"
        REVOKED = "revoked", "Opted out"
        HELD = "held", "To be looked at"

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="consents")
    phone = LineField(max_length=E164_LENGTH)
    state = LineField(max_length=10, choices=State)
    # A phone company gives a number to somebody else: consent is a person's at a number, while an
    # opt-out stays with the number.
    people = models.ManyToManyField(
        Patient, related_name="+", editable=False, help_text="Who agreed, or shared it then."
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = PhoneConsentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-updated_at", "pk"]
        verbose_name = "phone"
        constraints: ClassVar = [
            # Serves the check before every text: one phone and clinic, one answer.
            models.UniqueConstraint(fields=["phone", "clinic"], name="consent_phone_clinic"),
        ]

    def __str__(self) -> str:
        return f"{self.phone}: {self.get_state_display()}"


class ConsentEvent(models.Model):
    """One change of consent, as proof: who, when, how, in what words. Never edited."""

    class How(models.TextChoices):
        """Where the words were said or written."""

        PAPER = "paper", "On paper"
        SPOKEN = "spoken", "Spoken"
        APP = "app", "In the app"
        WEB = "web", "On the web"
        SMS = "sms", "By text"
        STAFF = "staff", "Decided by staff"

    # What a person may enter; a text and a decision about one are recorded by themselves.
    RECORDABLE: ClassVar = [choice for choice in How.choices if choice[0] not in {"sms", "staff"}]

    consent = models.ForeignKey(PhoneConsent, on_delete=models.CASCADE, related_name="events")
    patient = models.ForeignKey(Patient, on_delete=models.SET_NULL, null=True, related_name="+")
    state = LineField(max_length=10, choices=PhoneConsent.State)
    how = LineField(max_length=10, choices=How)
    words = models.TextField(help_text="The words shown to the patient, or the patient's own.")
    words_version = LineField(max_length=20, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    inbound = models.ForeignKey(
        "InboundMessage", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = ConsentEventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        verbose_name = "consent"
        verbose_name_plural = "consent"

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d} {self.get_state_display()}"
