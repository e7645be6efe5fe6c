"""Exercises, equipment and program templates: content that clinics copy and adapt."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

from exercises.models.doses import Dose, PhaseWeeks
from exercises.models.people import Clinic, Language
from exercises.models.visibility import (
    ExerciseQuerySet,
    InfoCardQuerySet,
    ProgramTemplateQuerySet,
    TemplatePhaseQuerySet,
)
from exercises.rules.limits import within
from exercises.rules.questions import LABELS, MainQuestion
from hep.lines import LineField

# What counts as a source: a DOI, a PubMed number, or the plain word that there is none yet.
CITATION = r"^(doi:10\.\d{4,}/\S+|PMID \d+|unverified)$"


class Sourced(models.Model):
    """Something that rests on a source; what was not checked is shown as unverified."""

    evidence = models.TextField(blank=True, help_text="What is known, in a sentence for providers.")
    citation = LineField(
        max_length=200,
        default="unverified",
        validators=[RegexValidator(CITATION, "Write doi:10.…, PMID … or unverified.")],
        help_text="doi:10.…, PMID … or unverified.",
    )
    verified = models.BooleanField(
        default=False, help_text="The citation was checked against its source."
    )

    class Meta:
        abstract = True


class Equipment(models.Model):
    """A thing a patient needs, such as a lacrosse ball."""

    slug = models.SlugField(max_length=60, unique=True)
    name = LineField(max_length=80)
    name_es = LineField("name in Spanish", max_length=80, blank=True, db_default="")
    product_url = models.URLField(blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "equipment"

    def __str__(self) -> str:
        return self.name


class Exercise(Sourced):
    """A library item. Without a clinic it is shared and read-only for clinics."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, null=True, blank=True, related_name="exercises"
    )
    slug = models.SlugField(max_length=60)
    name = LineField(max_length=80)
    equipment = models.ManyToManyField(Equipment, blank=True, related_name="exercises")
    minutes = models.PositiveSmallIntegerField(
        default=5,
        validators=within("minutes"),
        help_text="Minutes of attention one round takes; a splint worn asleep takes 1.",
    )
    grade = LineField(
        max_length=20,
        blank=True,
        db_default="",
        help_text="Of the evidence: A, B, weak, consensus.",
    )
    ladder = ArrayField(
        LineField(max_length=40),
        default=list,
        blank=True,
        db_default=[],
        help_text="Loads from the lightest to the heaviest, such as band colours.",
    )
    easier = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="harder",
        help_text="What to step back to.",
    )
    contraindications = models.TextField(blank=True, db_default="", help_text="For providers.")

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
    language = LineField(max_length=2, choices=Language)
    name = LineField(max_length=80)
    steps = ArrayField(LineField(max_length=200))
    cues = ArrayField(LineField(max_length=200), default=list, blank=True, db_default=[])
    mistakes = ArrayField(LineField(max_length=200), default=list, blank=True, db_default=[])
    stop_if = LineField(max_length=300, blank=True)
    alt = LineField(
        "picture in words",
        max_length=300,
        blank=True,
        db_default="",
        help_text="For people who do not see the picture: first pose, movement, last pose.",
    )

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


class InfoCard(Sourced):
    """What a patient should know rather than do, such as what a heel spur means."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, null=True, blank=True, related_name="cards"
    )
    slug = models.SlugField(max_length=60)
    week = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="The week of a program from which it is shown; empty: at any time.",
    )

    objects = InfoCardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["slug", "pk"]
        verbose_name = "information card"
        constraints: ClassVar = [
            # Serves loading content twice.
            models.UniqueConstraint(
                fields=["clinic", "slug"], name="card_slug_unique", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class InfoCardText(models.Model):
    """A card in a patient's language."""

    card = models.ForeignKey(InfoCard, on_delete=models.CASCADE, related_name="texts")
    language = LineField(max_length=2, choices=Language)
    title = LineField(max_length=80)
    paragraphs = ArrayField(LineField(max_length=300))

    class Meta:
        ordering: ClassVar = ["language"]
        constraints: ClassVar = [
            # Serves lookups by language: one answer.
            models.UniqueConstraint(
                fields=["card", "language"], name="card_text_once_per_language"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgramTemplate(Sourced):
    """A program to copy from. Editing it changes no running program."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, null=True, blank=True, related_name="templates"
    )
    slug = models.SlugField(max_length=60)
    name = LineField(max_length=120)
    description = models.TextField(blank=True)
    screen = models.SlugField(
        max_length=60, blank=True, db_default="", help_text="The intake screen asked at assignment."
    )
    question = LineField(
        max_length=12,
        choices=list(LABELS.items()),
        default=MainQuestion.FIRST_STEP,
        db_default=MainQuestion.FIRST_STEP.value,
        help_text="What the patient is asked every day.",
    )
    cards = models.ManyToManyField(InfoCard, blank=True, related_name="templates")
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


class TemplatePhase(PhaseWeeks):
    """A phase of a template."""

    template = models.ForeignKey(ProgramTemplate, on_delete=models.CASCADE, related_name="phases")

    objects = TemplatePhaseQuerySet.as_manager()

    class Meta(PhaseWeeks.Meta):
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
