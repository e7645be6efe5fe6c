"""The content files."""

from __future__ import annotations

import pytest
from django.forms.models import model_to_dict
from pydantic import ValidationError

from exercises.content import ExerciseContent, load_content, read_library, read_templates
from exercises.models import Equipment, Exercise, ExerciseText, ProgramTemplate, TemplateItem


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    def everything() -> list[object]:
        return [
            model_to_dict(row)
            for model in (Equipment, Exercise, ExerciseText, ProgramTemplate, TemplateItem)
            for row in model._default_manager.order_by("pk")
        ]

    load_content()
    once = everything()
    load_content()
    assert everything() == once


@pytest.mark.django_db
def test_an_item_that_left_the_files_leaves_the_template() -> None:
    load_content()
    phase = ProgramTemplate.objects.get(slug="plantar-fasciitis").phases.get(number=1)
    last = phase.items.count()
    exercise = Exercise.objects.get(slug="night-splint")
    TemplateItem.objects.create(phase=phase, position=last + 1, exercise=exercise)
    load_content()
    assert phase.items.count() == last


def test_every_exercise_is_written_in_both_languages() -> None:
    for exercise in read_library().exercises:
        assert set(exercise.texts) == {"en", "es"}, exercise.slug


def test_templates_name_known_exercises_and_weeks_follow_each_other() -> None:
    known = {exercise.slug for exercise in read_library().exercises}
    for template in read_templates().templates:
        weeks = 0
        for phase in template.phases:
            assert {item.exercise for item in phase.items} <= known
            assert phase.first_week == weeks + 1
            weeks = phase.last_week or weeks
            assert len({item.exercise for item in phase.items}) <= 5, (
                "adherence falls above 5 items"
            )


def test_a_citation_without_a_source_is_refused() -> None:
    exercise = read_library().exercises[0].model_dump()
    with pytest.raises(ValidationError, match="citation"):
        ExerciseContent.model_validate(exercise | {"citation": "I read it somewhere"})
