"""A new patient on one page: who it is, that they agreed, and on to the program."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Alert, Patient, Provider
from exercises.services.alerts import acknowledge, open_alert
from notifications import consent
from notifications.models import ConsentEvent, PhoneConsent
from tests import factories
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
ADD = reverse("admin:exercises_patient_add")


def add(browser: Client, **more: str) -> Any:
    form = {
        "first_name": "Núria", "last_name": "Berg", "phone": "+14155550143",
        "time_zone": "America/New_York", "language": "en",
    }  # fmt: skip  # a form
    own = Provider.objects.get(user=browser.session["_auth_user_id"])
    return browser.post(ADD, form | {"clinic": str(own.clinic_id)} | more)


def test_consent_is_kept_with_the_patient_and_the_way_leads_to_the_program(
    admin_of_alice: Client, alice: Any
) -> None:
    answer = add(admin_of_alice, agreed="paper", consent_words="I agree to texts.", go_on="on")
    patient = Patient.objects.get(first_name="Núria")
    assert answer["Location"] == f"{reverse('admin:exercises_program_add')}?patient={patient.pk}"
    assert consent.of(patient) == PhoneConsent.State.GRANTED
    event = ConsentEvent.objects.get()
    assert (event.how, event.words, event.words_version) == ("paper", "I agree to texts.", "")
    assert (event.patient, event.recorded_by) == (patient, alice)


def test_without_consent_nobody_is_texted(admin_of_alice: Client) -> None:
    answer = add(admin_of_alice, consent_words="I agree to texts.")
    patient = Patient.objects.get(first_name="Núria")
    assert answer["Location"] == reverse("admin:exercises_patient_record", args=[patient.pk])
    assert consent.of(patient) is None


def test_consent_to_no_words_is_refused_and_nothing_is_kept(admin_of_alice: Client) -> None:
    answer = add(admin_of_alice, agreed="paper", consent_words="  ")
    assert "Which words did they see?" in answer.content.decode()
    assert not Patient.objects.exists()


@pytest.mark.parametrize("name", ["Núria", "nuria", "NURIA "])
def test_the_same_person_twice_is_asked_about(admin_of_alice: Client, name: str) -> None:
    add(admin_of_alice)
    known = Patient.objects.get()
    page = add(admin_of_alice, first_name=name).content.decode()
    assert "here already" in page
    assert reverse("admin:exercises_patient_record", args=[known.pk]) in page
    assert Patient.objects.count() == 1
    add(admin_of_alice, first_name=name, is_other="on")
    assert Patient.objects.count() == 2


def test_a_family_on_one_phone_is_not_asked(admin_of_alice: Client) -> None:
    add(admin_of_alice)
    add(admin_of_alice, first_name="Tom")
    assert Patient.objects.count() == 2


def test_another_clinics_patient_is_no_duplicate(admin_of_alice: Client) -> None:
    factories.PatientFactory.create(
        clinic=factories.ClinicFactory.create(), first_name="Núria", last_name="Berg",
        phone="+14155550143",
    )  # fmt: skip  # a row
    page = add(admin_of_alice).content.decode()
    assert "here already" not in page
    assert Patient.objects.count() == 2


class TestThePatientsPage:
    """What comes next is one button; the rest is in a menu."""

    def first(self, browser: Client, patient: Patient) -> str:
        page = browser.get(reverse("admin:exercises_patient_record", args=[patient.pk]))
        return page.content.decode().split('class="first"')[1].split("</a>")[0].split(">")[-1]

    def test_the_first_button_follows_the_state(
        self, admin_of_alice: Client, maria: Patient
    ) -> None:
        assert self.first(admin_of_alice, maria) == "Record consent"
        factories.consent_of(maria)
        assert self.first(admin_of_alice, maria) == "Assign a program"
        factories.program(maria)
        assert self.first(admin_of_alice, maria) == "Change exercises"

    def test_closed_alerts_stand_there_with_their_notes(
        self, admin_of_alice: Client, maria: Patient, alice: Any
    ) -> None:
        alert = open_alert(patient=maria, program=None, reason=Alert.Reason.WORST_PAIN, now=MORNING)
        acknowledge(alert=alert, by=alice, note="A long walk on Sunday.", now=MORNING)
        page = admin_of_alice.get(reverse("admin:exercises_patient_record", args=[maria.pk]))
        assert "A long walk on Sunday." in page.content.decode()

    def test_consent_comes_back_to_the_patient(
        self, admin_of_alice: Client, maria: Patient
    ) -> None:
        answer = admin_of_alice.post(
            reverse("admin:notifications_consentevent_add"),
            {"patient": str(maria.pk), "how": "paper", "words": "Yes.", "words_version": ""},
        )
        assert answer["Location"] == reverse("admin:exercises_patient_record", args=[maria.pk])
