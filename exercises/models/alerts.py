"""What tells a provider that a patient needs them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from exercises.models.people import Patient, User
from exercises.models.programs import Program
from exercises.models.visibility import AlertQuerySet
from exercises.rules.urgency import Urgency
from hep.lines import LineField


class Alert(models.Model):
    """A reason to look at a patient; thresholds from docs/clinical-rules.md#alerts.

    open ──► acknowledged (with a note)
      └─► escalated while open: past its deadline the next circle is told (`rules.urgency`)
    """

    class Severity(models.TextChoices):
        """How soon somebody should look."""

        CRITICAL = "critical", "Critical"
        HIGH = "high", "High"
        LOW = "low", "Low"

    class Reason(models.TextChoices):
        """What happened, in the provider's words."""

        RED_FLAG = "red_flag", "Red-flag words in a text"
        WORST_PAIN = "worst_pain", "Pain of 10"
        SHARP_RISE = "sharp_rise", "Pain 4 or more above the week's median"
        RISE = "rise", "Pain 2 or more above the week's median on two days running"
        SILENT_3 = "silent_3", "Silent for 3 days"
        TEXTS_STOPPED = "texts_stopped", "Silent for 5 days: we stopped asking"
        SILENT_7 = "silent_7", "Silent for 7 days"
        LOW_ADHERENCE = "low_adherence", "Less than half done in 7 days"
        PAIN_DURING = "pain_during", "Too much pain while exercising"
        SKIPPED_FOR_PAIN = "skipped_for_pain", "Exercises left out for pain"
        WORSENING = "worsening", "Pain is rising slowly"
        REVIEW_MISSED = "review_missed", "A review point was missed"
        REVIEW_WORSE = "review_worse", "Worse at a review point"
        REVIEW_NO_DATA = "review_no_data", "Too few scores at a review point"
        NO_CHANGE = "no_change", "No change that matters at a review point"
        HARM = "harm", "A serious event after a treatment"
        DOUBTFUL_OPT_OUT = "doubtful_opt_out", "May have asked for no more texts"
        UNANSWERED = "unanswered", "Wrote, and nobody has answered"
        PAGE_LOCKED = "page_locked", "Somebody guessed at the patient's page: its link ended"

    SEVERITY: ClassVar[dict[str, str]] = {
        # By its urgency, when the words are known.
        Reason.RED_FLAG: Severity.CRITICAL,
        Reason.HARM: Severity.CRITICAL,
        Reason.WORST_PAIN: Severity.CRITICAL,
        Reason.SHARP_RISE: Severity.CRITICAL,
        Reason.RISE: Severity.HIGH,
        Reason.SILENT_7: Severity.HIGH,
        Reason.PAIN_DURING: Severity.HIGH,
        Reason.SKIPPED_FOR_PAIN: Severity.HIGH,
        Reason.WORSENING: Severity.HIGH,
        Reason.REVIEW_WORSE: Severity.HIGH,
        Reason.REVIEW_MISSED: Severity.HIGH,
        Reason.REVIEW_NO_DATA: Severity.LOW,
        Reason.NO_CHANGE: Severity.LOW,
        Reason.DOUBTFUL_OPT_OUT: Severity.HIGH,
        Reason.UNANSWERED: Severity.HIGH,
        Reason.PAGE_LOCKED: Severity.LOW,
        Reason.TEXTS_STOPPED: Severity.HIGH,
        Reason.SILENT_3: Severity.LOW,
        Reason.LOW_ADHERENCE: Severity.LOW,
    }

    # While one of these is open, no exercise or splint text leaves (docs/promises.md, promise 18).
    HOLDS: ClassVar[frozenset[str]] = frozenset({Reason.RED_FLAG, Reason.HARM})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alerts")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, null=True, related_name="alerts")
    reason = LineField(max_length=20, choices=Reason)
    severity = LineField(max_length=10, choices=Severity)
    urgency = LineField(
        max_length=10,
        choices=[(row.value, row.value.replace("_", " ").capitalize()) for row in Urgency],
        blank=True,
        db_default="",
        help_text="How soon; whom we tell, and when, follows it.",
    )
    detail = LineField(max_length=200, blank=True, help_text="Figures behind it.")
    times = models.PositiveIntegerField(default=1, help_text="How often it came while open.")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    told_from = models.DateTimeField(null=True, help_text="When it became as urgent as it is.")
    deadline = models.DateTimeField(null=True, help_text="When the next circle is told.")
    circles_due = models.PositiveSmallIntegerField(default=1, db_default=1)
    circles_told = models.PositiveSmallIntegerField(default=0, db_default=0)
    told_round = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Counts the times that everybody is told from the start."
    )
    escalated_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    note = models.TextField(blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-opened_at", "pk"]
        constraints: ClassVar = [
            # Serves the provider: one open alert for a program and reason, however often it comes.
            models.UniqueConstraint(
                fields=["patient", "program", "reason"],
                condition=Q(acknowledged_at__isnull=True),
                nulls_distinct=False,
                name="alert_open_once",
            ),
        ]
        indexes: ClassVar = [
            # Serves the badge and the list of open alerts.
            models.Index(
                fields=["severity", "opened_at"],
                condition=Q(acknowledged_at__isnull=True),
                name="alert_open",
            ),
            # Serves the last look before a text leaves.
            models.Index(
                fields=["patient"],
                condition=Q(acknowledged_at__isnull=True, reason__in=["harm", "red_flag"]),
                name="alert_holds",
            ),
            # Serves the tick that tells people.
            models.Index(
                fields=["opened_at"],
                condition=Q(acknowledged_at__isnull=True, circles_told__lt=F("circles_due")),
                name="alert_to_tell",
            ),
            # Serves escalation.
            models.Index(
                fields=["deadline"],
                condition=Q(acknowledged_at__isnull=True),
                name="alert_deadline_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.patient}"
