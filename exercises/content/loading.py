"""Bringing the shared rows (those without a clinic) in line with the files; idempotent."""

from __future__ import annotations

from django.db import transaction

from exercises.content import files
from exercises.models import (
    Equipment,
    Exercise,
    ExerciseAsset,
    ExerciseText,
    InfoCard,
    InfoCardText,
    ProgramTemplate,
    TemplateItem,
    TemplatePhase,
)

DRAWN = {ExerciseAsset.Kind.DRAWING: files.DRAWINGS, ExerciseAsset.Kind.MOVING: files.MOVING}
DRAWN_BY = {"licence": "MIT", "credit": "HEP", "content_type": "image/svg+xml", "published": True}


@transaction.atomic
def load_content() -> None:
    """Load every file in one transaction; clinics' own rows and running programs do not change."""
    for item in files.read_equipment():
        Equipment.objects.update_or_create(
            slug=item.slug, defaults=item.model_dump(exclude={"slug"})
        )
    exercises = files.read_exercises()
    for exercise in exercises:
        _load_exercise(exercise)
    _link_easier(exercises)
    for card in files.read_cards():
        _load_card(card)
    for template in files.read_templates():
        _load_template(template)


def _load_exercise(content: files.ExerciseContent) -> None:
    fields = content.model_dump(exclude={"slug", "equipment", "easier", "texts"})
    exercise, _ = Exercise.objects.update_or_create(clinic=None, slug=content.slug, defaults=fields)
    exercise.equipment.set(Equipment.objects.filter(slug__in=content.equipment))
    for language, text in content.texts.items():
        ExerciseText.objects.update_or_create(
            exercise=exercise, language=language, defaults=text.model_dump()
        )
    for kind, folder in DRAWN.items():
        _load_drawing(exercise, kind, (folder / f"{content.slug}.svg").read_bytes())


def _load_drawing(exercise: Exercise, kind: ExerciseAsset.Kind, drawing: bytes) -> None:
    known = exercise.assets.filter(kind=kind).first()
    # Its address changes with it, so that phones may keep what they have for good.
    if known is None or bytes(known.content or b"") != drawing:
        exercise.assets.filter(kind=kind).delete()
        ExerciseAsset.objects.create(exercise=exercise, kind=kind, content=drawing, **DRAWN_BY)


def _link_easier(contents: list[files.ExerciseContent]) -> None:
    shared = {row.slug: row for row in Exercise.objects.filter(clinic=None)}
    for content in contents:
        shared[content.slug].easier = shared[content.easier] if content.easier else None
    Exercise.objects.bulk_update([shared[content.slug] for content in contents], ["easier"])


def _load_card(content: files.CardContent) -> None:
    fields = content.model_dump(exclude={"slug", "texts"})
    card, _ = InfoCard.objects.update_or_create(clinic=None, slug=content.slug, defaults=fields)
    for language, text in content.texts.items():
        InfoCardText.objects.update_or_create(
            card=card, language=language, defaults=text.model_dump()
        )


def _load_template(content: files.TemplateContent) -> None:
    fields = content.model_dump(exclude={"slug", "cards", "phases"})
    template, _ = ProgramTemplate.objects.update_or_create(
        clinic=None, slug=content.slug, defaults=fields
    )
    template.cards.set(InfoCard.objects.filter(clinic=None, slug__in=content.cards))
    exercises = {row.slug: row for row in Exercise.objects.filter(clinic=None)}
    for spec in content.phases:
        weeks = spec.model_dump(exclude={"number", "items"})
        phase, _ = TemplatePhase.objects.update_or_create(
            template=template, number=spec.number, defaults=weeks
        )
        for position, item in enumerate(spec.items, start=1):
            dose = item.model_dump(mode="json", exclude={"exercise"})
            TemplateItem.objects.update_or_create(
                phase=phase,
                position=position,
                defaults=dose | {"exercise": exercises[item.exercise]},
            )
        phase.items.filter(position__gt=len(spec.items)).delete()
    template.phases.exclude(number__in=[spec.number for spec in content.phases]).delete()
