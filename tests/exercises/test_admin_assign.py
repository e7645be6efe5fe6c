"""The page that assigns, step by step."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.admin.assigning import items_key
from exercises.admin.phase_forms import NUMBERS, TIMES, WORDS
from exercises.models import (
    Patient,
    Program,
    ProgramTemplate,
    ProgramVersion,
    Provider,
    Schedule,
    User,
)
from exercises.reads.versions import program_phases, template_phases
from exercises.rules.phases import PhaseSpec
from tests import factories
from tests.exercises.test_admin import errors_of

pytestmark = pytest.mark.django_db
ADD = reverse("admin:exercises_program_add")
DOSE = {*NUMBERS, *WORDS, *TIMES}


@pytest.fixture
def template(db: None) -> ProgramTemplate:
    """The usual one."""
    return factories.template()


def form(patient: Patient, template: ProgramTemplate, **values: Any) -> dict[str, Any]:
    """The page as it is sent, with the doses untouched."""
    return {
        "patient": patient.pk,
        "template": template.pk,
        "items_of": items_key(template, template_phases(template)),
        "start_date": factories.timezone_today(),
        "side": "left",
        "check_in_time": "09:00",
        "ask_less": "on",
        **doses(template_phases(template)),
        **values,
    }


def doses(phases: tuple[PhaseSpec, ...]) -> dict[str, Any]:
    """The forms of the items as a browser sends them."""
    return {
        f"{phase.number}-{column}-{name}": "" if value is None else value
        for phase in phases
        for column, item in enumerate(phase.items)
        for name, value in item.model_dump(mode="json", include=DOSE).items()
    }


def first_item(program: Program) -> Any:
    return program_phases(program)[0].items[0]


def test_what_does_not_fit_the_patient_is_swapped_with_one_button(
    admin_of_alice: Client, maria: Patient, template: ProgramTemplate
) -> None:
    answers = {"before": ["falls"], "pattern": ["medial_heel"], "start_raises": "9"}
    sent = form(maria, template, **answers)
    refused = admin_of_alice.post(ADD, sent)
    assert "Take out heel-raise (heel-raise-easier instead)" in errors_of(refused)
    assert not Program.objects.exists()
    shown = admin_of_alice.post(ADD, sent | {"fit": "1"})
    assignment = shown.context["assignment"]
    assert assignment.swapped == [
        "Load: heel-raise goes",
        "Load: heel-raise goes",
        "Load: heel-raise-easier is new",
        "Load: heel-raise-easier is new",
        "Strengthen: heel-raise goes",
        "Strengthen: heel-raise-easier is new",
        "Keep: heel-raise goes",
        "Keep: heel-raise-easier is new",
    ]
    assert "Load: heel-raise goes" in shown.content.decode()
    # As the browser sends what is on the page now.
    fitted = assignment.items.phases
    again = {key: value for key, value in sent.items() if "-" not in key} | doses(fitted)
    again |= {"items_of": assignment.source, "fitted": assignment.fitted}
    assert admin_of_alice.post(ADD, again).status_code == 302
    program = Program.objects.get()
    assert program_phases(program) == fitted
    assert (program.intake.before, program.intake.start_raises) == (["falls"], 9)


@pytest.mark.parametrize(
    "fitted", ["falls;", ";" + "9" * 5_000, "falls,x;-1", "\u0661;\u0661", ";;;"]
)
def test_a_made_up_answer_to_fit_by_breaks_nothing(
    admin_of_alice: Client, maria: Patient, template: ProgramTemplate, fitted: str
) -> None:
    shown = admin_of_alice.post(ADD, form(maria, template, fitted=fitted, choose="1"))
    assert shown.status_code == 200


def test_another_number_than_the_ticked_times_is_told(
    admin_of_alice: Client, maria: Patient, template: ProgramTemplate
) -> None:
    """Three ticks and "2 times a day" stayed 3 without a word."""
    text = errors_of(admin_of_alice.post(ADD, form(maria, template, **{"1-0-times_per_day": "2"})))
    assert "3 times of the day are ticked" in text
    assert not Program.objects.exists()
    # Whoever unticks one need not count.
    fewer = form(maria, template, **{"1-0-slots": ["first_step", "evening"]})
    assert admin_of_alice.post(ADD, fewer).status_code == 302
    assert first_item(Program.objects.get()).times_per_day == 2


def test_nobodys_side_is_guessed(
    admin_of_alice: Client, maria: Patient, template: ProgramTemplate
) -> None:
    text = errors_of(admin_of_alice.get(ADD, {"patient": str(maria.pk)}))
    assert '<option value="" selected' in text.split('name="side"')[1]
    answer = admin_of_alice.post(ADD, form(maria, template, side="", do="assign"))
    assert "Which side is it for?" in errors_of(answer)
    assert not Program.objects.exists()


class TestSteps:
    """What each step shows."""

    def test_it_begins_with_the_usual_template_and_its_screen(
        self, admin_of_alice: Client, maria: Patient, template: ProgramTemplate
    ) -> None:
        text = errors_of(admin_of_alice.get(ADD, {"patient": str(maria.pk)}))
        for words in ("Windlass test positive", "Plantar-fascia stretch", "Calm, weeks 1 to 2"):
            assert words in text
        assert "This field is required" not in text

    def test_another_template_shows_its_own_items_and_keeps_the_rest(
        self, admin_of_alice: Client, maria: Patient, template: ProgramTemplate
    ) -> None:
        other = ProgramTemplate.objects.exclude(screen__in=["", template.screen]).first()
        assert other is not None
        sent = form(maria, template, check_in_time="10:15", choose="1")
        page = admin_of_alice.post(ADD, sent | {"template": other.pk})
        text = errors_of(page)
        assert "Windlass test positive" not in text
        assert page.context["assignment"].items.phases == template_phases(other)
        assert 'value="10:15"' in text
        assert not Program.objects.exists()

    def test_a_look_shows_the_week_and_the_texts_and_leaves_nothing(
        self, admin_of_alice: Client, maria: Patient, template: ProgramTemplate
    ) -> None:
        factories.consent_of(maria)
        text = errors_of(admin_of_alice.post(ADD, form(maria, template, look="1")))
        assert "Week 1" in text
        assert "first steps" in text
        assert not Program.objects.exists()
        assert not Schedule.objects.exists()

    def test_a_look_says_that_nothing_will_be_sent(
        self, admin_of_alice: Client, maria: Patient, template: ProgramTemplate
    ) -> None:
        text = errors_of(admin_of_alice.post(ADD, form(maria, template, look="1")))
        assert "There is no consent on record for this phone: nothing will be sent." in text


class TestAssigning:
    """What is assigned is what the page showed."""

    def test_doses_are_adapted_for_this_patient_alone(
        self, admin_of_alice: Client, maria: Patient, template: ProgramTemplate
    ) -> None:
        before = template_phases(template)
        sent = form(maria, template, **{"1-0-reps": "7", "1-3-remove": "on"})
        answer = admin_of_alice.post(ADD, sent)
        program = Program.objects.get()
        assert answer["Location"] == reverse("admin:exercises_patient_record", args=[maria.pk])
        assert first_item(program).reps == 7
        assert "ball-rolling" not in {row.exercise for row in program_phases(program)[0].items}
        assert template_phases(template) == before

    def test_an_untouched_page_assigns_the_template_as_it_is(
        self, admin_of_alice: Client, maria: Patient, template: ProgramTemplate
    ) -> None:
        admin_of_alice.post(ADD, form(maria, template))
        assert program_phases(Program.objects.get()) == template_phases(template)

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"1-0-reps": "99"}, "less than or equal to 50"),
            ({"nudge_time": "22:30"}, "This patient gets texts from 08:00 to 20:00."),
            ({"start_date": ""}, "This field is required"),
            ({"red_flags": ["clot"]}, "refer first, or write why this is right"),
        ],
    )
    def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(
        self,
        admin_of_alice: Client,
        maria: Patient,
        template: ProgramTemplate,
        values: dict[str, Any],
        message: str,
    ) -> None:
        sent = form(maria, template, **({"1-0-note": "Mornings"} | values))
        text = errors_of(admin_of_alice.post(ADD, sent))
        assert message in text
        assert "Mornings" in text
        assert not Program.objects.exists()
        assert not ProgramVersion.objects.exists()

    def test_doses_of_a_template_that_changed_meanwhile_are_looked_at_again(
        self, admin_of_alice: Client, maria: Patient, template: ProgramTemplate
    ) -> None:
        sent = form(maria, template)
        phase = template.phases.first()
        assert phase is not None
        item = phase.items.first()
        assert item is not None
        item.delete()
        answer = admin_of_alice.post(ADD, sent)
        assert "These exercises changed since you saw them." in errors_of(answer)
        assert not Program.objects.exists()

    def test_an_open_program_is_not_assigned_twice(
        self, admin_of_alice: Client, maria: Patient, template: ProgramTemplate
    ) -> None:
        for _ in range(2):
            answer = admin_of_alice.post(ADD, form(maria, template))
        assert "This patient already has this program." in errors_of(answer)
        assert Program.objects.count() == 1


class TestLikeAnother:
    """Beginning with another patient's program."""

    @pytest.fixture
    def other(self, maria: Patient) -> Program:
        """Tom's program, with fewer repetitions and a time of its own."""
        tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom")
        program = factories.program(tom, times=(time(11, 45),))
        row = program.phases.get(number=1).prescriptions.order_by("position")[0]
        row.reps = 4
        row.save(update_fields=["reps"])
        return program

    def test_its_doses_and_times_are_taken_over(
        self, admin_of_alice: Client, maria: Patient, other: Program, template: ProgramTemplate
    ) -> None:
        sent = form(maria, template, like=other.pk, choose="1")
        page = admin_of_alice.post(ADD, sent)
        assert 'value="11:45"' in errors_of(page)
        assert page.context["assignment"].items.phases[0].items[0].reps == 4
        phases = doses(program_phases(other))
        key = items_key(other, program_phases(other))
        sent = form(maria, template, like=other.pk, items_of=key, check_in_time="11:45")
        assert admin_of_alice.post(ADD, sent | phases).status_code == 302
        program = Program.objects.get(patient=maria)
        assert first_item(program).reps == 4
        assert program.schedules.get().local_times == [time(11, 45)]

    def test_another_clinics_program_does_not_exist(
        self, bob: User, other: Program, template: ProgramTemplate
    ) -> None:
        clinic = Provider.objects.get(user=bob).clinic
        patient = factories.PatientFactory.create(clinic=clinic)
        admin = Client()
        admin.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        text = errors_of(admin.get(ADD, {"patient": str(patient.pk)}))
        assert "Tom" not in text
        answer = admin.post(ADD, form(patient, template, like=other.pk))
        assert "That choice is not one of the available choices" in errors_of(answer)
        assert not Program.objects.filter(patient=patient).exists()
