"""What patients tell: check-ins and their history."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from exercises.models.people import User
from exercises.models.programs import Program
from exercises.querysets import CheckInQuerySet


class CheckIn(models.Model):
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
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FIRST_STEP)
    local_date = models.DateField(help_text="The day it is about, on the patient's calendar.")
    score = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)])
    source = models.CharField(max_length=5, choices=Source)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-local_date", "-created_at"]
        verbose_name = "check-in"
        constraints: ClassVar = [
            # Serves promise 14: a day has one score, whoever writes it and however often.
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
    source = models.CharField(max_length=5, choices=CheckIn.Source)
    note = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    # The client's own id of this answer: a repeated write is found again, not added.
    client_id = models.CharField(max_length=80)
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
