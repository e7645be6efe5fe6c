"""The content files."""

from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import pytest
from django.forms.models import model_to_dict
from pydantic import ValidationError

from exercises.content import (
    before_assigning,
    load_content,
    red_flags,
    review_options,
    screens,
)
from exercises.content.drawing.moving import REACH, moving
from exercises.content.drawing.sheet import svg
from exercises.content.files import (
    DRAWINGS,
    MOVING,
    ExerciseContent,
    lowering,
    read_cards,
    read_equipment,
    read_exercises,
    read_templates,
    sheets,
)
from exercises.models import (
    Equipment,
    Exercise,
    ExerciseAsset,
    ExerciseText,
    InfoCard,
    InfoCardText,
    ProgramTemplate,
    TemplateItem,
)
from exercises.reads.versions import template_items
from exercises.rules.phases import warnings_of

MOVES = ("}animate", "}animateTransform")
LOADED = (
    Equipment,
    Exercise,
    ExerciseText,
    ExerciseAsset,
    InfoCard,
    InfoCardText,
    ProgramTemplate,
    TemplateItem,
)


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    def everything() -> list[object]:
        return [
            model_to_dict(row) for model in LOADED for row in model._default_manager.order_by("pk")
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
    for exercise in read_exercises():
        assert set(exercise.texts) == {"en", "es"}, exercise.slug
    for card in read_cards():
        for text in card.texts.values():
            assert len(" ".join(text.paragraphs).split()) <= 120, card.slug
        assert set(card.texts) == {"en", "es"}, card.slug
    assert all(item.name_es for item in read_equipment())


def test_templates_name_known_exercises_and_weeks_follow_each_other() -> None:
    known = {exercise.slug for exercise in read_exercises()}
    cards = {card.slug for card in read_cards()}
    for template in read_templates():
        weeks = 0
        assert set(template.cards) <= cards
        assert template.screen in screens()
        for phase in template.phases:
            assert {item.exercise for item in phase.items} <= known
            assert phase.first_week == weeks + 1
            weeks = phase.last_week or weeks
            assert len({item.exercise for item in phase.items}) <= 5, (
                "adherence falls above 5 items"
            )


def test_a_citation_without_a_source_is_refused() -> None:
    exercise = read_exercises()[0].model_dump()
    with pytest.raises(ValidationError, match="citation"):
        ExerciseContent.model_validate(exercise | {"citation": "I read it somewhere"})


def test_every_exercise_has_a_drawing_that_is_drawn_from_its_poses() -> None:
    drawn = sheets()
    assert set(drawn) == {exercise.slug for exercise in read_exercises()}
    for slug, sheet in drawn.items():
        assert (DRAWINGS / f"{slug}.svg").read_text() == svg(sheet, slug), f"draw_exercises: {slug}"
        assert (MOVING / f"{slug}.svg").read_text() == moving(sheet, slug), (
            f"draw_exercises: {slug}"
        )


def test_drawings_can_stand_on_one_page_without_showing_each_others_parts() -> None:
    ids = [
        found
        for folder in (DRAWINGS, MOVING)
        for path in folder.glob("*.svg")
        for found in re.findall(r'\bid="([^"]+)"', path.read_text())
    ]
    assert len(ids) == len(set(ids)) > 28


def test_what_begins_by_going_down_is_known() -> None:
    """Whoever follows a squat hears "down" first."""
    named = {row.slug for row in read_exercises() if re.search("squat|sit|down", row.slug)}
    assert lowering() == named


@pytest.mark.parametrize("slug", sorted(sheets()))
def test_a_drawing_moves_and_comes_back_within_what_a_phone_loads_at_once(slug: str) -> None:
    """It holds the same lines at every moment, or it could not be drawn; at most 30 kB."""
    drawn = moving(sheets()[slug], slug)
    tags = fromstring(drawn).iter()  # noqa: S314  # drawn a line above
    moves = [found.attrib for found in tags if found.tag.endswith(MOVES)]
    assert moves, "nothing moves"
    for move in moves:
        values = move["values"].split(";")
        assert values == values[::-1], "it comes back the way it went"
        assert len(set(values)) > 1, "an animation of nothing"
        assert (move["dur"], move["repeatCount"]) == (f"{2 * REACH}s", "indefinite")
    assert len(drawn) <= 30_000


def test_things_to_step_back_to_and_to_bring_are_there() -> None:
    exercises = {exercise.slug: exercise for exercise in read_exercises()}
    brought = {item.slug for item in read_equipment()}
    for exercise in exercises.values():
        assert set(exercise.equipment) <= brought, exercise.slug
        seen = [exercise.slug]
        while (easier := exercises[seen[-1]].easier) is not None:
            assert easier not in seen, f"{seen} goes in a circle"
            seen.append(easier)


def test_red_flags_of_screens_and_citations_of_options_are_known() -> None:
    for screen in screens().values():
        assert set(screen.red_flags) <= set(red_flags())
    slugs = {row.slug for row in read_exercises()}
    for row in before_assigning().values():
        assert set(row.not_with) <= slugs | {"*"}, row.key
    weeks = [option.from_week for option in review_options()]
    assert weeks == sorted(weeks)
    for option in review_options():
        assert set(option.screens) <= set(screens())
    heel = {row.key for row in review_options() if "plantar-fasciitis" in row.screens}
    knee = {row.key for row in review_options() if "knee" in row.screens}
    assert "dry_needling" in heel
    assert knee == {"patellar_taping", "knee_orthosis", "gait_retraining"}


@pytest.mark.django_db
def test_no_shared_template_needs_a_warning() -> None:
    load_content()
    for template in ProgramTemplate.objects.all():
        assert warnings_of(template_items(template), weeks=13) == [], template.slug


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["drawing", "moving"])
def test_a_new_drawing_gets_a_new_address_and_an_old_one_keeps_its_own(kind: str) -> None:
    load_content()
    assets = ExerciseAsset.objects.filter(exercise__clinic=None)
    before = {(row.exercise.slug, row.kind): row.pk for row in assets}
    assets.filter(exercise__slug="bridge", kind=kind).update(content=b"<svg/>")
    load_content()
    after = {(row.exercise.slug, row.kind): row.pk for row in assets.all()}
    assert {key for key, pk in before.items() if after[key] != pk} == {("bridge", kind)}
