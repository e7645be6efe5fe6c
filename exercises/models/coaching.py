"""What patients say got in the way of their exercises."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from exercises.models.programs import Program
from exercises.models.records import CheckIn
from exercises.models.visibility import BarrierQuerySet
from hep.lines import LineField


class Barrier(models.Model):
    """A week of which it was asked what got in the way: the count as told, and the answer."""

    class What(models.TextChoices):
        """In the order patients choose from; `rules.coaching.Barrier` has the same."""

        TIME = "time", "No time"
        PAIN = "pain", "Pain"
        FORGOT = "forgot", "Forgot"
        BORING = "boring", "Boring"
        NOT_SURE = "not_sure", "Not sure how"
        OTHER = "other", "Other"

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="barriers")
    local_date = models.DateField(help_text="The day of the question: it counts the 7 before.")
    done = models.PositiveSmallIntegerField(help_text="Days with the exercises done.")
    planned = models.PositiveSmallIntegerField(help_text="Days with exercises planned.")
    what = LineField(max_length=10, choices=What, blank=True, help_text="Empty: not told (yet).")
    tip = LineField(max_length=40, blank=True, help_text="The tip that was given.")
    source = LineField(max_length=5, choices=CheckIn.Source, blank=True)
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BarrierQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-local_date", "pk"]
        constraints: ClassVar = [
            # Serves an answer that comes twice: the later one counts.
            models.UniqueConstraint(fields=["program", "local_date"], name="barrier_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.local_date} {self.done} of {self.planned} days: {self.told}"

    @property
    def told(self) -> str:
        """The answer in the provider's words."""
        return str(self.get_what_display()) or "no answer"
