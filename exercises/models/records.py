"""What patients tell: check-ins with their history, and what they did."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from exercises.models.library import Exercise
from exercises.models.people import User
from exercises.models.programs import Program
from exercises.models.visibility import CheckInQuerySet, SessionLogQuerySet
from exercises.rules.limits import LIMITS
from hep.lines import LineField
from hep.stamps import Stamped

MOST_SPLINT_HOURS = LIMITS["hours"][1]


class CheckIn(Stamped):
    """A day's pain, 0 to 10 (numeric pain rating scale). `score` is the newest entry's."""

    class Kind(models.TextChoices):
        """The two daily series."""

        FIRST_STEP = "first_step", "First-step pain"
        AVERAGE = "average", "Average pain"

    class Source(models.TextChoices):
        """Who told."""

        SMS = "sms", "Text message"
        APP = "app", "App"
        WEB = "web", "Web"
        STAFF = "staff", "Staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="check_ins")
    kind = LineField(max_length=10, choices=Kind, default=Kind.FIRST_STEP)
    local_date = models.DateField(help_text="The day it is about, on the patient's calendar.")
    score = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)])
    source = LineField(max_length=5, choices=Source)
    taken_back_at = models.DateTimeField(
        null=True, editable=False, help_text="The patient took the only answer back."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-local_date", "-created_at"]
        verbose_name = "check-in"
        constraints: ClassVar = [
            # Serves promise 16: a day has one score, whoever writes it and however often.
            models.UniqueConstraint(
                fields=["program", "kind", "local_date"], name="check_in_once_a_day"
            ),
            # Serves every chart and rule that reads scores: the scale has eleven points.
            models.CheckConstraint(condition=Q(score__lte=10), name="check_in_score_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.local_date} {self.get_kind_display()}"


class CheckInEntry(models.Model):
    """One answer as it was given; entries are only ever added."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="entries")
    score = models.PositiveSmallIntegerField()
    source = LineField(max_length=5, choices=CheckIn.Source)
    note = LineField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    # The client's own id of this answer: a repeated write is found again, not added.
    client_id = LineField(max_length=80)
    undone_at = models.DateTimeField(null=True, editable=False)
    said_at = models.DateTimeField(
        null=True, editable=False, help_text="When it was said, if that was before it came in."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        verbose_name_plural = "check-in entries"
        constraints: ClassVar = [
            # Serves clients that repeat a write: the same answer is one entry.
            models.UniqueConstraint(
                fields=["check_in", "client_id"], name="check_in_entry_once_per_client_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_in} ({self.source})"


class SessionLog(Stamped):
    """What a patient did of a day's plan, or why not.

    With an exercise it is about that item, at that time of the day; without one about the whole
    day, as a text says it. Edits of the same day keep what was there before (`SessionLogEdit`).
    """

    class Kind(models.TextChoices):
        """What it is about."""

        EXERCISE = "exercise", "Exercises"
        SPLINT = "splint", "Night splint"

    class Outcome(models.TextChoices):
        """Whether it was done."""

        DONE = "done", "Done"
        PARTLY = "partly", "Done in part"
        SKIPPED = "skipped", "Skipped"

    class Reason(models.TextChoices):
        """Why it was skipped, in the order patients choose from."""

        TIME = "time", "No time"
        PAIN = "pain", "Pain"
        FORGOT = "forgot", "Forgot"
        NOT_SURE = "not_sure", "Not sure how"
        OTHER = "other", "Other"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="session_logs")
    kind = LineField(max_length=10, choices=Kind)
    local_date = models.DateField(help_text="The day it is about, on the patient's calendar.")
    outcome = LineField(max_length=10, choices=Outcome)
    reason = LineField(max_length=10, choices=Reason, blank=True)
    hours = models.DecimalField(
        max_digits=3,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_SPLINT_HOURS)],
        help_text="Hours the splint was worn.",
    )
    exercise = models.ForeignKey(
        Exercise, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    slot = LineField(max_length=10, blank=True, db_default="")
    sets = models.PositiveSmallIntegerField(null=True, blank=True)
    reps = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of each set; the fewest."
    )
    load = LineField(
        max_length=40, blank=True, db_default="", help_text="A band colour, or a weight."
    )
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_during = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(10)], help_text="0 to 10, the most."
    )
    note = LineField(max_length=500, blank=True, db_default="")
    source = LineField(max_length=5, choices=CheckIn.Source)
    client_id = LineField(max_length=80)
    said_at = models.DateTimeField(
        null=True, editable=False, help_text="When it was said, if that was before we heard of it."
    )
    undone_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    objects = SessionLogQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-local_date", "-created_at"]
        constraints: ClassVar = [
            # Serves clients that repeat a write: the same log is one row.
            models.UniqueConstraint(
                fields=["program", "client_id"], name="session_log_once_per_client_id"
            ),
        ]
        indexes: ClassVar = [
            # Serves the check before a reminder and the plan for a day.
            models.Index(fields=["program", "-local_date"], name="session_log_program_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.local_date} {self.get_kind_display()}: {self.get_outcome_display()}"

    @property
    def said(self) -> datetime:
        """When it was said, else when we heard of it."""
        return self.said_at or self.created_at


class SessionLogEdit(models.Model):
    """What a log said before it was edited; rows are only added."""

    log = models.ForeignKey(SessionLog, on_delete=models.CASCADE, related_name="edits")
    before = models.JSONField(help_text="The details as they were.")
    edited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"Before {self.created_at:%Y-%m-%d %H:%M}"
