"""A clinic's own exercises and templates: copies to adapt. Shared rows stay as they are."""

from __future__ import annotations

from itertools import count

from django.db import transaction
from django.db.models import Q

from exercises.models import (
    Clinic,
    Exercise,
    ExerciseAsset,
    ExerciseText,
    ProgramTemplate,
    TemplateItem,
    TemplatePhase,
)
from exercises.models.doses import DOSE_FIELDS

SOURCE_FIELDS = ("evidence", "citation", "verified")
EXERCISE_FIELDS = ("minutes", "grade", "ladder", "contraindications", *SOURCE_FIELDS)
TEXT_FIELDS = ("language", "name", "steps", "cues", "mistakes", "stop_if", "alt")
ASSET_FIELDS = ("kind", "content", "content_type", "video_url", "licence", "credit", "published")


@transaction.atomic
def copy_exercise(*, exercise: Exercise, clinic: Clinic) -> Exercise:
    """An exercise of `clinic`'s own with the texts and pictures of `exercise`, to adapt.

    A first copy of a shared one takes its place in programs that are assigned from now on.
    """
    taken = set(Exercise.objects.filter(clinic=clinic).values_list("slug", flat=True))
    copy = Exercise.objects.create(
        clinic=clinic,
        slug=free_slug(exercise.slug, taken),
        name=exercise.name,
        easier=exercise.easier,
        **{name: getattr(exercise, name) for name in EXERCISE_FIELDS},
    )
    copy.equipment.set(exercise.equipment.all())
    ExerciseText.objects.bulk_create(
        ExerciseText(exercise=copy, **{name: getattr(text, name) for name in TEXT_FIELDS})
        for text in exercise.texts.all()
    )
    ExerciseAsset.objects.bulk_create(
        ExerciseAsset(exercise=copy, **{name: getattr(asset, name) for name in ASSET_FIELDS})
        for asset in exercise.assets.all()
    )
    return copy


@transaction.atomic
def copy_template(*, template: ProgramTemplate, clinic: Clinic) -> ProgramTemplate:
    """A template of `clinic`'s own with the phases and items of `template`, to adapt."""
    # A name of its own among the shared ones too: the API names a template by its slug.
    known = ProgramTemplate.objects.filter(Q(clinic=None) | Q(clinic=clinic))
    taken = set(known.values_list("slug", flat=True))
    copy = ProgramTemplate.objects.create(
        clinic=clinic,
        slug=free_slug(template.slug, taken),
        name=f"{template.name} (copy)"[:120],
        description=template.description,
        screen=template.screen,
        question=template.question,
        **{name: getattr(template, name) for name in SOURCE_FIELDS},
    )
    copy.cards.set(template.cards.all())
    for phase in template.phases.prefetch_related("items"):
        weeks = {
            name: getattr(phase, name)
            for name in ("number", "name", "first_week", "last_week", "forward_when")
        }
        TemplateItem.objects.bulk_create(
            TemplateItem(
                phase=own,
                exercise_id=item.exercise_id,
                position=item.position,
                **{name: getattr(item, name) for name in DOSE_FIELDS},
            )
            for own in [TemplatePhase.objects.create(template=copy, **weeks)]
            for item in phase.items.all()
        )
    return copy


def free_slug(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with the first number that makes it new."""
    if wanted not in taken:
        return wanted
    return next(slug for number in count(2) if (slug := f"{wanted[:55]}-{number}") not in taken)
