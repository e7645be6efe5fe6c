"""The printed handout: two pages at most, in the patient's language, for every template."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from exercises.content.files import handout_words
from exercises.models import Clinic, IntakeScreen, Patient, Program, ProgramTemplate, User
from exercises.models.library import ExerciseText, TemplateItem, TemplatePhase
from exercises.reads.handout import dose_words, handout_of, shown_steps
from exercises.rules.plan import Item, PlannedRound
from tests import factories
from tests.browser import needs_chromium, signed_in_page
from tests.notifications.test_record import words

pytestmark = pytest.mark.django_db
PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, begun today."""
    return factories.program(maria, now=timezone.now())


def address(program: Program) -> str:
    return reverse("admin:exercises_program_handout", args=[program.pk])


def test_it_is_in_the_patients_language(admin_of_alice: Client, program: Program) -> None:
    Patient.objects.update(language="es")
    page = admin_of_alice.get(address(program))
    text = words(page)
    assert 'lang="es"' in page.content.decode()
    for told in ("Su programa en casa", "Para Maria", "Semana 1", "10 veces, mantenga 10 segundos"):
        assert told in text
    # Notes of the shared templates are in English.
    assert "Also after long sitting" not in text


def test_there_is_a_box_for_each_round_of_the_week(program: Program) -> None:
    factories.moved_by_calendar(program)
    boxes = {
        row.guide.name: [len(day) for day in row.rounds]
        for row in handout_of(program, week=3).items
    }
    assert boxes["Foot stretch, sitting"] == [3] * 7
    # Every other day from the first day of the phase on.
    assert boxes["Slow heel raise"] == [1, 0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize(("week", "shown"), [("3", 3), ("0", 1), ("x", 1), ("9999", 1), ("", 1)])
def test_another_week_may_be_asked_for(
    admin_of_alice: Client, program: Program, week: str, shown: int
) -> None:
    text = words(admin_of_alice.get(address(program), {"week": week}))
    assert f"Maria · Week {shown} (" in text


SAFE = {
    "en": (
        "Never walk with the splint on.",
        "Take it off if your foot tingles, goes numb",
        "Nights 1 to 3: 2 hours. Night 4: 3.",
        "Also after long sitting.",
        "Reply DONE or SKIP".lower(),
        "Call 911",
    ),
    "es": (
        "Nunca camine con la férula puesta.",
        "Quítesela si siente hormigueo",
        "Noches 1 a 3: 2 horas. Noche 4: 3.",
        "También después de estar mucho tiempo sentado.",
        "responda HECHO o HOY NO".lower(),
        "Llame al 911",
    ),
}


@pytest.mark.parametrize("language", SAFE)
def test_what_keeps_safe_is_printed_whatever_the_room(
    admin_of_alice: Client, program: Program, language: str
) -> None:
    """Five items left three steps each, and the splint's fourth was never printed."""
    Patient.objects.update(language=language)
    text = words(admin_of_alice.get(address(program)))
    for line in SAFE[language]:
        assert line.lower() in text.lower(), line
    bold = [row.dose for row in handout_of(program, week=1).items if row.ramp]
    assert bold == [""], "six hours stood there for the first night"


@pytest.mark.parametrize("language", SAFE)
def test_every_item_says_when_to_stop(program: Program, language: str) -> None:
    Patient.objects.update(language=language)
    program.refresh_from_db()
    assert all(row.stop_if for row in handout_of(program, week=1).items)


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "8 to 11: go up with two legs, down with one."), ("es", "De 8 a 11: suba con las dos piernas y baje con una.")],
)  # fmt: skip  # a table
@pytest.mark.parametrize("counted", [None, 14])
def test_who_was_not_counted_counts_at_home(
    program: Program, language: str, line: str, counted: int | None
) -> None:
    """One leg on a step is too much for many: the handout says what to do instead."""
    factories.moved_by_calendar(program)
    Patient.objects.update(language=language)
    IntakeScreen.objects.create(program=program, screen="plantar-fasciitis", start_raises=counted)
    program.refresh_from_db()
    notes = [row.note for row in handout_of(program, week=3).items if line in row.note]
    assert len(notes) == (1 if counted is None else 0)


def test_step_exercises_begin_with_the_rail() -> None:
    factories.template()
    texts = ExerciseText.objects.filter(exercise__slug__startswith="heel-raise", language="en")
    on_a_step = [row for row in texts if any("on a step" in step for step in row.steps)]
    assert len(on_a_step) == 5
    for row in on_a_step:
        assert row.steps[0].startswith("Use the lowest step, dry, beside a rail."), row
        assert row.steps[0] in shown_steps(row.steps, 1)


def test_what_shared_templates_say_is_said_in_spanish_too() -> None:
    factories.template()
    shared = {"template__clinic": None}
    names = set(TemplatePhase.objects.filter(**shared).values_list("name", flat=True))
    notes = TemplateItem.objects.filter(phase__template__clinic=None).exclude(note="")
    said = handout_words()["es"].said
    assert names | set(notes.values_list("note", flat=True)) <= set(said)


def test_an_exercise_with_two_doses_stands_twice(program: Program) -> None:
    phase = program.phases.get(number=1)
    row = phase.prescriptions.order_by("position")[0]
    row.pk, row.position, row.reps, row.slots = None, 90, 5, ["bedtime"]
    row.save(force_insert=True)
    items = handout_of(program, week=1).items
    told = [(row.dose, row.when) for row in items if row.guide.name == "Foot stretch, sitting"]
    assert told[0][0].startswith("10 times")
    assert told[1] == ("5 times, hold 10 seconds", "at bedtime")


def test_a_clinic_without_a_phone_is_named(admin_of_alice: Client, program: Program) -> None:
    assert "Call Bay Foot and Ankle: (415) 555-0199." in words(admin_of_alice.get(address(program)))
    Clinic.objects.update(phone="")
    assert "Ask Bay Foot and Ankle." in words(admin_of_alice.get(address(program)))


def test_another_clinic_finds_nothing(bob: User, program: Program) -> None:
    admin = Client()
    admin.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert admin.get(address(program)).status_code == 404


@pytest.mark.parametrize(
    ("item", "hours", "told"),
    [
        ({"sets": 3, "reps": 12, "tempo": "3-2-3", "load": "12RM"}, None,
         "3 sets of 12, up 3, hold 2, down 3 seconds, so heavy that after 12 you could do one or two more, not five"),
        ({"reps": 10, "hold_seconds": 10}, None, "10 times, hold 10 seconds"),
        ({"sets": 2, "minutes": 3}, None, "2 rounds, 3 minutes"),
        ({"sets": 3, "reps": 15, "load": "red"}, None, "3 sets of 15, red band"),
        ({"load": "5 kg"}, None, "5 kg"),
        ({}, 6, "6 hours"),
        ({}, None, ""),
    ],
)  # fmt: skip  # a table
def test_a_dose_in_words(item: dict[str, Any], hours: int | None, told: str) -> None:
    dose = Item(exercise="x", name="X", phase="Calm", first_week=1, minutes_a_round=5, **item)
    assert dose_words(PlannedRound(dose, "any", hours), handout_words()["en"]) == told


@pytest.mark.long
@needs_chromium
@pytest.mark.django_db(transaction=True)
def test_every_phase_of_every_template_fits_two_pages(
    live_server: LiveServer,
    maria: Patient,
    admin_of_alice: Client,
    browser: Browser,
) -> None:
    factories.template()
    began = timezone.now() - timedelta(days=1)
    handouts = []
    for template in ProgramTemplate.objects.all():
        program = factories.program(maria, now=began, source=template)
        # Printed as the calendar would have it, so that every phase is seen.
        factories.moved_by_calendar(program)
        handouts += [
            (template.slug, f"{live_server.url}{address(program)}?week={week}")
            for week in set(program.phases.values_list("first_week", flat=True))
        ]
    pages = {}
    page = signed_in_page(browser, admin_of_alice, live_server)
    for language in ("en", "es"):
        Patient.objects.update(language=language)
        for slug, url in handouts:
            page.goto(url)
            pages[slug, language, url] = len(PAGE.findall(page.pdf(format="Letter")))
    assert len(pages) == 2 * len(handouts) > 20
    assert {key: count for key, count in pages.items() if count > 2} == {}
