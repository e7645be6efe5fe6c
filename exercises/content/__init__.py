"""The shared library and templates as data files, checked whenever they are loaded."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, model_validator

from exercises.models import (
    Equipment,
    Exercise,
    ExerciseText,
    ProgramTemplate,
    TemplateItem,
    TemplatePhase,
)
from exercises.models.library import Slot

FOLDER = Path(__file__).parent


Weekday = Annotated[int, Field(ge=0, le=6)]


class Content(BaseModel):
    """Base of the file formats: an unknown key is a typing error, so it is refused."""

    model_config = ConfigDict(extra="forbid")


class EquipmentContent(Content):
    """A thing a patient needs."""

    slug: str
    name: str
    product_url: str = ""


class TextContent(Content):
    """An exercise in one language."""

    name: str = Field(max_length=80)
    steps: list[str] = Field(min_length=2)
    stop_if: str


class ExerciseContent(Content):
    """A library item."""

    slug: str
    name: str
    minutes: int = Field(ge=1, le=60)
    equipment: list[str]
    evidence: str
    citation: str = Field(pattern=r"^(doi:10\.\d{4,}/\S+|PMID \d+|unverified)$")
    verified: bool
    texts: dict[str, TextContent]


class DoseContent(Content):
    """A dose; the units stand in the names."""

    exercise: str
    sets: int | None = Field(default=None, ge=1, le=10)
    reps: int | None = Field(default=None, ge=1, le=50)
    hold_seconds: int | None = Field(default=None, ge=1, le=120)
    tempo: str = ""
    minutes: int | None = Field(default=None, ge=1, le=60)
    load: str = ""
    times_per_day: int = Field(default=1, ge=1, le=6)
    every_n_days: int = Field(default=1, ge=1, le=14)
    hours: int | None = Field(default=None, ge=1, le=14)
    ramps: bool = False
    weekdays: list[Weekday] = Field(default_factory=list, max_length=7)
    slots: list[Slot] = Field(default_factory=list)
    first_week: int | None = Field(default=None, ge=1)
    last_week: int | None = Field(default=None, ge=1)
    note: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def each_time_once(self) -> Self:
        """Slots name each time of the day once and say how often a day."""
        if len(set(self.slots)) != len(self.slots):
            raise ValueError("slots: each time of a day once")
        if self.slots:
            self.times_per_day = len(self.slots)
        return self


class PhaseContent(Content):
    """A stretch of weeks and its items."""

    number: int
    name: str
    first_week: int = Field(ge=1)
    last_week: int | None = None
    items: list[DoseContent] = Field(min_length=1)

    @model_validator(mode="after")
    def items_within_the_phase(self) -> Self:
        """An item's own weeks lie in order within its phase's."""
        for item in self.items:
            first = item.first_week or self.first_week
            last = item.last_week or self.last_week
            late = last is not None and (last < first or (self.last_week or last) < last)
            if first < self.first_week or late:
                raise ValueError(f"{item.exercise}: its weeks are not within its phase's")
        return self


class TemplateContent(Content):
    """A program to copy from."""

    slug: str
    name: str
    description: str
    phases: list[PhaseContent] = Field(min_length=1)

    @model_validator(mode="after")
    def phases_follow_each_other(self) -> Self:
        """Each phase begins in the week after the one before; only the last may be open."""
        for before, after in itertools.pairwise(self.phases):
            if before.last_week is None or after.first_week != before.last_week + 1:
                raise ValueError(f"phase {after.number} must begin after phase {before.number}")
        return self


class LibraryFile(Content):
    """The whole of library.yaml."""

    equipment: list[EquipmentContent]
    exercises: list[ExerciseContent]


class TemplatesFile(Content):
    """The whole of templates.yaml."""

    templates: list[TemplateContent]


def read_library() -> LibraryFile:
    """library.yaml, checked. Raises pydantic's ValidationError naming the place."""
    return LibraryFile.model_validate(_yaml("library.yaml"))


def read_templates() -> TemplatesFile:
    """templates.yaml, checked. Raises pydantic's ValidationError naming the place."""
    return TemplatesFile.model_validate(_yaml("templates.yaml"))


def _yaml(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@transaction.atomic
def load_content() -> None:
    """Bring the shared rows (those without a clinic) in line with the files; idempotent."""
    library = read_library()
    for item in library.equipment:
        Equipment.objects.update_or_create(
            slug=item.slug, defaults={"name": item.name, "product_url": item.product_url}
        )
    for exercise in library.exercises:
        _load_exercise(exercise)
    for template in read_templates().templates:
        _load_template(template)


def _load_exercise(content: ExerciseContent) -> None:
    fields = content.model_dump(include={"name", "minutes", "evidence", "citation", "verified"})
    exercise, _ = Exercise.objects.update_or_create(clinic=None, slug=content.slug, defaults=fields)
    exercise.equipment.set(Equipment.objects.filter(slug__in=content.equipment))
    for language, text in content.texts.items():
        ExerciseText.objects.update_or_create(
            exercise=exercise, language=language, defaults=text.model_dump()
        )


def _load_template(content: TemplateContent) -> None:
    template, _ = ProgramTemplate.objects.update_or_create(
        clinic=None,
        slug=content.slug,
        defaults={"name": content.name, "description": content.description},
    )
    exercises = {row.slug: row for row in Exercise.objects.filter(clinic=None)}
    for phase_content in content.phases:
        weeks = phase_content.model_dump(include={"name", "first_week", "last_week"})
        phase, _ = TemplatePhase.objects.update_or_create(
            template=template, number=phase_content.number, defaults=weeks
        )
        for position, item in enumerate(phase_content.items, start=1):
            TemplateItem.objects.update_or_create(
                phase=phase,
                position=position,
                defaults=item.model_dump(exclude={"exercise"})
                | {"exercise": exercises[item.exercise]},
            )
        phase.items.filter(position__gt=len(phase_content.items)).delete()
    template.phases.exclude(number__in=[phase.number for phase in content.phases]).delete()
