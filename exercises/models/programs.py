"""Assigned programs and the schedules that make their texts due."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import ClassVar, TypedDict

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from exercises.models.doses import Dose, PhaseWeeks
from exercises.models.library import Exercise, ProgramTemplate
from exercises.models.people import Patient, User
from exercises.models.visibility import ProgramQuerySet, ScheduleQuerySet
from exercises.rules.pain import RISE, SHARP_RISE
from exercises.rules.questions import LABELS, MainQuestion
from exercises.rules.recurrence import AT_REVIEWS, WEEKLY, Rule, Step
from exercises.rules.validators import validate_thresholds
from hep.lines import LineField


class Program(models.Model):
    """A program given to a patient: a snapshot of its template on that day.

    active ──► paused ──► active
       └────────┴───────► ended
    """

    class Status(models.TextChoices):
        """Only active programs make texts due."""

        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        ENDED = "ended", "Ended"

    class Side(models.TextChoices):
        """Which side."""

        LEFT = "left", "Left"
        RIGHT = "right", "Right"
        BOTH = "both", "Both"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="programs")
    template = models.ForeignKey(
        ProgramTemplate, on_delete=models.SET_NULL, null=True, related_name="programs"
    )
    name = LineField(max_length=120)
    start_date = models.DateField(help_text="Day 1, on the patient's calendar.")
    side = LineField(max_length=5, choices=Side)
    status = LineField(max_length=10, choices=Status, default=Status.ACTIVE)
    question = LineField(
        max_length=12,
        choices=list(LABELS.items()),
        default=MainQuestion.FIRST_STEP,
        db_default=MainQuestion.FIRST_STEP.value,
        help_text="What the patient is asked every day.",
    )
    version = models.PositiveSmallIntegerField(
        default=1, db_default=1, editable=False, help_text="The newest of its versions."
    )
    assigned_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="assigned_programs"
    )
    alert_rise = models.PositiveSmallIntegerField(
        default=RISE,
        db_default=RISE,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="Points above the week's median, on two days running, that open a high alert.",
    )
    alert_sharp_rise = models.PositiveSmallIntegerField(
        default=SHARP_RISE,
        db_default=SHARP_RISE,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="Points above the week's median that open a critical alert.",
    )
    paused_by_patient = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="What the patient paused the patient may end; what the clinic paused stays.",
    )
    resume_at = models.DateTimeField(
        null=True, editable=False, help_text="When a pause for some days is over."
    )
    heard_at = models.DateTimeField(
        null=True, editable=False, help_text="The patient's last sign of life, or a fresh start."
    )
    resumed_at = models.DateTimeField(
        null=True, editable=False, help_text="When the last pause ended: no day before it counts."
    )
    watch_at = models.DateTimeField(
        null=True, editable=False, help_text="When to look at silence and adherence next."
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "pk"]
        constraints: ClassVar = [
            # Serves the patient: assigning the same program by a double click texts twice a day.
            models.UniqueConstraint(
                fields=["patient", "template"],
                condition=~Q(status="ended"),
                name="program_template_open_once",
            ),
        ]
        indexes: ClassVar = [
            # Serves the tick that ends pauses.
            models.Index(
                fields=["resume_at"],
                condition=Q(resume_at__isnull=False),
                name="program_resume",
            ),
            # Serves the tick that looks at silence and adherence once a day.
            models.Index(
                fields=["watch_at"], condition=Q(watch_at__isnull=False), name="program_watch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.patient})"

    @property
    def is_patients_to_pause(self) -> bool:
        """Whether the patient may pause it, or move a pause: it runs, or they paused it."""
        return self.status == self.Status.ACTIVE or self.is_patients_to_resume

    @property
    def is_patients_to_resume(self) -> bool:
        """Whether it is a pause of the patient's own."""
        return self.status == self.Status.PAUSED and self.paused_by_patient

    def clean(self) -> None:
        """Refuse a critical threshold below the high one."""
        validate_thresholds(self.alert_rise, self.alert_sharp_rise)


class ProgramPhase(PhaseWeeks):
    """A phase of an assigned program, in one of its versions."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="phases")
    version = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta(PhaseWeeks.Meta):
        constraints: ClassVar = [
            # Serves the plan for a day: a week is in one phase of a version.
            models.UniqueConstraint(
                fields=["program", "version", "number"], name="program_phase_in_version"
            ),
        ]


class Prescription(Dose):
    """An exercise with its dose, as prescribed to this patient."""

    phase = models.ForeignKey(ProgramPhase, on_delete=models.CASCADE, related_name="prescriptions")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="prescriptions")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            # Serves the printed plan: two items never share a place.
            models.UniqueConstraint(fields=["phase", "position"], name="prescription_position"),
        ]

    def __str__(self) -> str:
        return str(self.exercise)


class StepData(TypedDict):
    """A `recurrence.Step` as it is stored."""

    first_week: int
    every_n_days: int
    weekdays: list[int]


def daily_steps() -> list[StepData]:
    """Every day from the first week on."""
    return [StepData(first_week=1, every_n_days=1, weekdays=[])]


def steps_from(stored: Sequence[StepData]) -> tuple[Step, ...]:
    """Stored steps as a rule takes them."""
    return tuple(
        Step(step["first_week"], step["every_n_days"], tuple(step["weekdays"])) for step in stored
    )


class Schedule(models.Model):
    """What to text and when, on the patient's clock; `next_due_at` is the only thing a tick reads.

    An occurrence is (schedule, local date, slot), where the slot is the place of the time in
    `local_times`. The next one is planned in `next_local_date` and `next_slot`, so that its
    identity never depends on the moving due time.
    """

    class Kind(models.TextChoices):
        """What the text is about."""

        CHECK_IN = "check_in", "Check-in"
        AVERAGE = "average", "Evening check-in"
        NUDGE = "nudge", "Nudge"
        EXERCISE = "exercise", "Exercise reminder"
        SPLINT = "splint", "Splint reminder"
        SIGNS = "signs", "Warning signs, once a week"
        PASS = "pass", "Satisfied? At weeks 6, 12 and 26"
        WEEK = "week", "The week's count, once a week"

    # Kinds that ask for pain.
    ASKING: ClassVar = [Kind.CHECK_IN, Kind.NUDGE, Kind.AVERAGE]

    # Kinds whose days are a clinical rule, whatever is asked for.
    FIXED: ClassVar[dict[str, tuple[Step, ...]]] = {
        Kind.SIGNS: WEEKLY,
        Kind.PASS: AT_REVIEWS,
        Kind.WEEK: WEEKLY,
    }
    # Days after the program's first: no day has two questions of the week.
    STARTS_LATER: ClassVar[dict[str, int]] = {Kind.WEEK: 1}

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="schedules")
    kind = LineField(max_length=12, choices=Kind)
    local_times = ArrayField(models.TimeField(), size=6)
    steps = models.JSONField(
        default=daily_steps, help_text="How often, by weeks; several steps are a taper."
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, editable=False)
    next_local_date = models.DateField(null=True, editable=False)
    next_slot = models.PositiveSmallIntegerField(default=0, editable=False)
    # The newest occurrence that was written to the outbox; nothing up to it is planned again.
    last_local_date = models.DateField(null=True, editable=False)
    last_slot = models.PositiveSmallIntegerField(default=0, editable=False)
    parked_reason = LineField(max_length=200, blank=True, editable=False)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            # Serves the due scan: only rows that have a next occurrence, in due order.
            models.Index(
                fields=["next_due_at"],
                condition=Q(next_due_at__isnull=False),
                name="schedule_due",
            ),
        ]
        constraints: ClassVar = [
            # Serves the due scan: a due time without an identity could text twice.
            models.CheckConstraint(
                condition=Q(next_due_at__isnull=True) | Q(next_local_date__isnull=False),
                name="schedule_due_has_local_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {', '.join(f'{t:%H:%M}' for t in self.local_times)}"

    @property
    def rule(self) -> Rule:
        """The schedule as a pure rule."""
        return Rule(
            times=tuple(self.local_times),
            starts_on=self.starts_on,
            steps=steps_from(self.steps),
            ends_on=self.ends_on,
        )
