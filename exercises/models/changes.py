"""What was asked before a program was assigned, and how it changed since."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from exercises.models.people import User
from exercises.models.programs import Program
from exercises.models.visibility import (
    IntakeScreenQuerySet,
    ProgramVersionQuerySet,
    ProposalQuerySet,
)
from exercises.rules.screening import MOST_RAISES
from hep.lines import LineField


class ProgramVersion(models.Model):
    """What a program asks for from `from_date` on; its phases carry the same number.

    Rows are only added, so the plan of a day that is past stays what it was.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    from_date = models.DateField(help_text="First day it holds, on the patient's calendar.")
    decided_week = models.PositiveSmallIntegerField(
        null=True,
        editable=False,
        help_text="The week up to which somebody decided: load rises no further by itself. Empty: "
        "the calendar moves it, as it did before 2026-11-26.",
    )
    reason = LineField(max_length=300)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProgramVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]
        verbose_name = "change of a program"
        verbose_name_plural = "changes of programs"
        constraints: ClassVar = [
            # Serves two providers who save at once: the second one is told.
            models.UniqueConstraint(fields=["program", "number"], name="program_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} from {self.from_date}"


class IntakeScreen(models.Model):
    """What was found before assigning. A red flag was assigned over only with a reason."""

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="intake")
    screen = models.SlugField(max_length=60)
    pattern = ArrayField(LineField(max_length=40), default=list, blank=True)
    red_flags = ArrayField(LineField(max_length=40), default=list, blank=True)
    before = ArrayField(
        LineField(max_length=40),
        default=list,
        db_default=[],
        blank=True,
        help_text="What was known of the patient that speaks against some exercises.",
    )
    start_raises = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_RAISES)],
        help_text="Slow heel raises on the sore leg before the first day.",
    )
    override_reason = LineField(max_length=300, blank=True)
    screened_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = IntakeScreenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            # Serves the patient: nobody exercises over a red flag without somebody's reason.
            models.CheckConstraint(
                condition=Q(red_flags=[]) | ~Q(override_reason=""), name="intake_flag_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Intake of {self.program}"


class Proposal(models.Model):
    """A change that the rules propose; a provider decides. Nothing changes by itself.

    open ──► accepted | changed | declined     (by a provider)
      └────► superseded                        (the scores moved on before anybody looked)
    """

    class Kind(models.TextChoices):
        """What the rules propose: docs/clinical-rules.md#load-rule."""

        FORWARD = "forward", "Go on to the next stage"
        PROGRESS = "progress", "Progress one step"
        REGRESS = "regress", "Step back"
        STAY = "stay", "Stay in this phase a week longer"
        STOP = "stop", "Stop and look"

    class Status(models.TextChoices):
        """See the drawing above."""

        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        CHANGED = "changed", "Changed"
        DECLINED = "declined", "Declined"
        SUPERSEDED = "superseded", "Superseded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="proposals")
    kind = LineField(max_length=10, choices=Kind)
    reasons = ArrayField(LineField(max_length=200), help_text="With the figures behind.")
    changes = models.JSONField(default=list, help_text="Phases as they would be; empty: none.")
    version = models.PositiveSmallIntegerField(help_text="The version it was worked out from.")
    local_date = models.DateField(help_text="The day it speaks of, on the patient's calendar.")
    status = LineField(max_length=10, choices=Status, default=Status.OPEN)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "pk"]
        constraints: ClassVar = [
            # Serves the provider: one question at a time about a program.
            models.UniqueConstraint(
                fields=["program"], condition=Q(status="open"), name="proposal_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.program}"
