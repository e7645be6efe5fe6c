"""Exercises, equipment and program templates: content that clinics copy and adapt."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Value

from exercises.models.people import Clinic, Language
from exercises.plan import Item
from exercises.querysets import ExerciseQuerySet, ProgramTemplateQuerySet


class Equipment(models.Model):
    """A thing a patient needs, such as a lacrosse ball."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    product_url = models.URLField(blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "equipment"

    def __str__(self) -> str:
        return self.name


class Exercise(models.Model):
    """A library item. Without a clinic it is shared and read-only for clinics."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, null=True, blank=True, related_name="exercises"
    )
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    equipment = models.ManyToManyField(Equipment, blank=True, related_name="exercises")
    minutes = models.PositiveSmallIntegerField(
        default=5, help_text="Minutes of attention one round takes; a splint worn asleep takes 1."
    )
    evidence = models.TextField(blank=True, help_text="What is known, in a sentence for providers.")
    citation = models.CharField(max_length=200, blank=True, help_text="A DOI or a PMID.")
    verified = models.BooleanField(
        default=False, help_text="The citation was checked against its source."
    )

    objects = ExerciseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            # Serves loading content twice: the slug is an item's identity in its clinic.
            models.UniqueConstraint(
                fields=["clinic", "slug"], name="exercise_slug_unique", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExerciseText(models.Model):
    """An exercise in a patient's language, at a sixth-grade reading level."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    name = models.CharField(max_length=80)
    steps = ArrayField(models.CharField(max_length=200))
    stop_if = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["language"]
        constraints: ClassVar = [
            # Serves lookups by language: one answer.
            models.UniqueConstraint(
                fields=["exercise", "language"], name="exercise_text_once_per_language"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Slot(models.TextChoices):
    """Times of a day."""

    FIRST_STEP = "first_step", "Before the first step"
    MIDDAY = "midday", "Midday"
    EVENING = "evening", "Evening"
    BEDTIME = "bedtime", "Bedtime"


class Dose(models.Model):
    """How much and how often; the unit stands in each name. Empty means: does not apply."""

    sets = models.PositiveSmallIntegerField(null=True, blank=True)
    reps = models.PositiveSmallIntegerField(null=True, blank=True)
    hold_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    tempo = models.CharField(
        max_length=20, blank=True, help_text="Seconds up-hold-down, such as 3-2-3."
    )
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    load = models.CharField(
        max_length=40, blank=True, help_text="A band colour or a repetition maximum such as 12RM."
    )
    times_per_day = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    every_n_days = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(14)]
    )
    hours = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(14)],
        help_text="Hours a splint is worn.",
    )
    ramps = models.BooleanField(
        default=False, db_default=False, help_text="Hours follow the splint's ramp from night 1 on."
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        db_default=Value([], ArrayField(models.PositiveSmallIntegerField())),
        help_text="0 is Monday. Empty: every n days.",
    )
    slots = ArrayField(
        models.CharField(max_length=10, choices=Slot),
        default=list,
        blank=True,
        db_default=Value([], ArrayField(models.CharField(max_length=10))),
        help_text="When in the day, one round each. Empty: any time.",
    )
    first_week = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of the program; empty: the phase's."
    )
    last_week = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of the program; empty: the phase's."
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def as_item(self, phase: PhaseWeeks, exercise: Exercise) -> Item:
        """The dose as the pure plan takes it, with its weeks or its phase's."""
        return Item(
            exercise=exercise.slug,
            name=exercise.name,
            phase=phase.name,
            first_week=self.first_week or phase.first_week,
            last_week=self.last_week or phase.last_week,
            minutes_a_round=exercise.minutes,
            sets=self.sets,
            reps=self.reps,
            hold_seconds=self.hold_seconds,
            minutes=self.minutes,
            hours=self.hours,
            load=self.load,
            tempo=self.tempo,
            note=self.note,
            times_per_day=self.times_per_day,
            every_n_days=self.every_n_days,
            weekdays=tuple(self.weekdays),
            slots=tuple(self.slots),
            ramps=self.ramps,
        )


class ProgramTemplate(models.Model):
    """A program to copy from. Editing it changes no running program."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, null=True, blank=True, related_name="templates"
    )
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProgramTemplateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            # Serves the API, where a template is named by its slug.
            models.UniqueConstraint(
                fields=["clinic", "slug"], name="template_slug_unique", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PhaseWeeks(models.Model):
    """A stretch of weeks, counted from 1; an open end means: until discharge."""

    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    first_week = models.PositiveSmallIntegerField()
    last_week = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class TemplatePhase(PhaseWeeks):
    """A phase of a template."""

    template = models.ForeignKey(ProgramTemplate, on_delete=models.CASCADE, related_name="phases")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            # Serves assignment, which copies phases in this order.
            models.UniqueConstraint(fields=["template", "number"], name="template_phase_number"),
        ]


class TemplateItem(Dose):
    """An exercise with its dose in a phase of a template."""

    phase = models.ForeignKey(TemplatePhase, on_delete=models.CASCADE, related_name="items")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            # Serves loading content twice: an item is known by its place.
            models.UniqueConstraint(fields=["phase", "position"], name="template_item_position"),
        ]

    def __str__(self) -> str:
        return str(self.exercise)
