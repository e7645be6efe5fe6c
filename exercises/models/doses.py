"""Doses and weeks: what a template's items and a patient's prescriptions have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value

from exercises.rules.doses import ItemSpec, Slot
from exercises.rules.limits import within
from exercises.rules.plan import Item, item_of
from hep.lines import LineField

if TYPE_CHECKING:
    from exercises.models.library import Exercise


class Dose(models.Model):
    """How much and how often; the unit stands in each name. Empty means: does not apply."""

    sets = models.PositiveSmallIntegerField(null=True, blank=True, validators=within("sets"))
    reps = models.PositiveSmallIntegerField(null=True, blank=True, validators=within("reps"))
    hold_seconds = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=within("hold_seconds")
    )
    tempo = LineField(max_length=20, blank=True, help_text="Seconds up-hold-down, such as 3-2-3.")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, validators=within("minutes"))
    load = LineField(
        max_length=40, blank=True, help_text="A band colour or a repetition maximum such as 12RM."
    )
    times_per_day = models.PositiveSmallIntegerField(default=1, validators=within("times_per_day"))
    every_n_days = models.PositiveSmallIntegerField(default=1, validators=within("every_n_days"))
    hours = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=within("hours"), help_text="Hours a splint is worn."
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
        LineField(max_length=10, choices=[(slot.value, slot.label) for slot in Slot]),
        default=list,
        blank=True,
        db_default=Value([], ArrayField(LineField(max_length=10))),
        help_text="When in the day, one round each. Empty: any time.",
    )
    first_week = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=within("first_week"),
        help_text="Of the program; empty: the phase's.",
    )
    last_week = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=within("last_week"),
        help_text="Of the program; empty: the phase's.",
    )
    note = LineField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def as_spec(self, exercise: Exercise) -> ItemSpec:
        """The dose as a program is asked for."""
        dose = {name: getattr(self, name) for name in DOSE_FIELDS}
        return ItemSpec(exercise=exercise.slug, **dose)

    def as_item(self, phase: PhaseWeeks, exercise: Exercise) -> Item:
        """The dose as the pure plan takes it, with its weeks or its phase's."""
        return item_of(
            self.as_spec(exercise),
            name=exercise.name,
            phase=phase.name,
            weeks=(phase.first_week, phase.last_week),
            minutes=exercise.minutes,
        )


DOSE_FIELDS = tuple(field.name for field in Dose._meta.local_fields)


class PhaseWeeks(models.Model):
    """A stretch of weeks, counted from 1; an open end means: until discharge."""

    number = models.PositiveSmallIntegerField()
    name = LineField(max_length=60)
    first_week = models.PositiveSmallIntegerField(validators=within("first_week"))
    last_week = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=within("last_week")
    )
    forward_when = LineField(
        max_length=200,
        blank=True,
        db_default="",
        help_text="What must be true before the next phase, for the provider.",
    )

    class Meta:
        abstract = True
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
