"""A patient's record made nameless or taken away: by two people, with time to change one's mind."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from exercises.models.people import Clinic, Patient, User
from exercises.models.visibility import ErasureQuerySet
from hep.lines import LineField


class Erasure(models.Model):
    """asked ──► confirmed by a second person ──► done, once `due_at` has come
       └──────────────┴─────► undone

    It names nobody: what is left of it when all is done is who decided what about which id.
    """

    class Kind(models.TextChoices):
        """What is left: figures without a name, or nothing."""

        ANONYMISE = "anonymise", "Take the name away, keep the figures"
        ERASE = "erase", "Erase everything"

    patient = models.ForeignKey(
        Patient, on_delete=models.SET_NULL, null=True, related_name="erasures"
    )
    # Stays when the patient's row is gone: after a restore it says whom to erase again.
    erased_id = models.UUIDField(db_index=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="erasures")
    kind = LineField(max_length=10, choices=Kind)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="From then on it is done, for good.")
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often it could not be carried out."
    )
    counts = models.JSONField(default=dict, help_text="How many rows of each kind; no content.")

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            # Serves two people who ask at once.
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(done_at__isnull=True, undone_at__isnull=True),
                name="erasure_one_open",
            ),
            # Nobody erases a record alone.
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(asked_by__isnull=True)
                | ~Q(confirmed_by=F("asked_by")),
                name="erasure_two_people",
            ),
        ]
        indexes: ClassVar = [
            # Serves the task that carries them out.
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, undone_at__isnull=True),
                name="erasure_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.erased_id}"


class DigestKey(models.Model):
    """The one key of the digests of erased phones, sealed: it outlives every other key."""

    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "The key of the digests of erased phones"
