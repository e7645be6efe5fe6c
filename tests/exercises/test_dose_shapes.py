"""The dose is said once; every shape that shows or takes one has all of it, or says what it leaves."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from exercises.admin.phase_forms import ItemChangeForm
from exercises.admin.templates import ItemForm
from exercises.api.phases import ItemSerializer
from exercises.content.files import handout_words
from exercises.management.commands.program_calendar import SHOWN
from exercises.models import Patient, Prescription, TemplateItem
from exercises.models.doses import DOSE_FIELDS
from exercises.reads.handout import dose_words
from exercises.rules.doses import ItemSpec
from exercises.rules.plan import Item, PlannedRound
from notifications.api.export import ExportedItemSerializer
from tests import factories

DOSE = set(DOSE_FIELDS)
# A provider changes these on no form of a running program; a change keeps them as they were.
KEPT_BY_A_CHANGE = {"tempo", "ramps", "first_week", "last_week"}
# Where and when, which the page tells by its boxes, weeks and times, and the note, which stands apart.
NOT_IN_WORDS = {
    "note",
    "times_per_day",
    "every_n_days",
    "weekdays",
    "slots",
    "ramps",
    "first_week",
    "last_week",
}
# The rows of a calendar are the days, their columns the times; how it is done stands on the handout.
NOT_IN_THE_CALENDAR = NOT_IN_WORDS | {"tempo"}


def test_what_is_asked_for_has_the_columns_of_what_is_kept() -> None:
    assert set(ItemSpec.model_fields) == DOSE | {"exercise"}
    assert set(Item.model_fields) >= DOSE
    for model in (TemplateItem, Prescription):
        assert {field.name for field in model._meta.get_fields()} >= DOSE


def test_the_api_takes_and_shows_all_of_it() -> None:
    assert set(ItemSerializer().fields) == DOSE | {"exercise"}
    assert DOSE | {"exercise", "name", "phase"} == set(ExportedItemSerializer().fields)


def test_the_forms_have_all_of_it_or_keep_it() -> None:
    assert set(ItemForm.base_fields) >= DOSE
    assert set(ItemChangeForm().fields) - {"remove"} == DOSE - KEPT_BY_A_CHANGE


def test_the_calendar_shows_what_a_clinician_compares() -> None:
    assert set(SHOWN) - {"exercise"} == DOSE - NOT_IN_THE_CALENDAR


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("sets", 3),
        ("reps", 12),
        ("hold_seconds", 30),
        ("minutes", 4),
        ("load", "red"),
        ("tempo", "3-2-3"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_part_is_in_the_words_of_a_handout(part: str, value: Any, language: str) -> None:
    words = handout_words()[language]
    known: dict[str, Any] = {
        "exercise": "x",
        "name": "X",
        "phase": "Calm",
        "first_week": 1,
        "minutes_a_round": 5,
    }
    told = dose_words(PlannedRound(Item(**known | {part: value}), "any", None), words)
    assert told != dose_words(PlannedRound(Item(**known), "any", None), words)


def test_every_part_is_in_the_words_of_a_handout_or_said_elsewhere() -> None:
    in_words = {"sets", "reps", "hold_seconds", "minutes", "load", "tempo", "hours"}
    assert in_words | NOT_IN_WORDS == DOSE


@pytest.mark.django_db
def test_a_patients_own_record_has_all_of_it(maria: Patient, app: APIClient) -> None:
    """Times of the day, weekdays and the ramp were once missing from the export."""
    program = factories.program(maria)
    (exported,) = app.get("/api/v1/me/export/").json()["programs"]
    items = exported["versions"][0]["items"]
    kept = list(
        Prescription.objects.filter(phase__program=program).order_by("phase__number", "position")
    )
    assert len(items) == len(kept)
    for item, row in zip(items, kept, strict=True):
        for name in DOSE - {"first_week", "last_week"}:
            assert item[name] == getattr(row, name), (row, name)
    assert any(item["slots"] for item in items)
    assert any(item["ramps"] for item in items)
