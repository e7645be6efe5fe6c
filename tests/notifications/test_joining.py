"""Consent in the waiting room: the words on the screen, and the patient's own JOIN or ACEPTO."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises.models import Clinic, Patient, Provider, User
from notifications import consent
from notifications.incoming import inbound
from notifications.models import (
    ClinicTexting,
    ConsentEvent,
    ConsentOffer,
    InboxItem,
    OutboundMessage,
    PhoneConsent,
)
from notifications.offers import OPEN_FOR, offer
from tests import factories
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _texting(clinic: Clinic) -> None:
    factories.texting(clinic)


@pytest.fixture
def shown(maria: Patient, alice: User) -> ConsentOffer:
    return offer(patient=maria, by=alice, now=MORNING)


def say(patient: Patient, body: str, *, after: timedelta = LATER - MORNING) -> str:
    """A text comes; the wording of what answers it, or nothing."""
    row = factories.received(body, patient, at=MORNING + after)
    inbound.read_inbound(now=MORNING + after)
    answer = OutboundMessage.objects.filter(answers=row).first()
    return answer.wording if answer else ""


@pytest.mark.parametrize("body", ["JOIN", "join", "Join.", " join please", "I agree", "ACEPTO", "acepto gracias", "asepto", "Hi, this is Maria. Join"])  # fmt: skip  # a list
def test_the_word_is_the_consent_with_the_words_that_were_shown(
    maria: Patient, shown: ConsentOffer, body: str
) -> None:
    assert say(maria, body) == ""
    assert consent.of(maria) == PhoneConsent.State.GRANTED
    event = ConsentEvent.objects.get()
    assert (event.how, event.patient, event.recorded_by) == ("sms", maria, None)
    assert event.words == f"{body.strip()}: {shown.words}"
    assert event.words_version == "2026-11"
    assert event.inbound is not None
    shown.refresh_from_db()
    assert shown.taken == event
    # The welcome says so, once, and nobody has to read JOIN.
    assert list(OutboundMessage.objects.values_list("wording", flat=True)) == ["welcome"]
    assert not InboxItem.objects.exists()


@pytest.mark.parametrize("body", ["no", "joint pain", "I will not join", "what is this", "join the gym at 5"])  # fmt: skip  # a list
def test_another_word_agrees_to_nothing(maria: Patient, shown: ConsentOffer, body: str) -> None:
    say(maria, body)
    assert consent.of(maria) is None


def test_without_words_on_a_screen_it_is_a_word_for_the_clinic(maria: Patient) -> None:
    say(maria, "JOIN")
    assert consent.of(maria) is None
    assert InboxItem.objects.filter(patient=maria).exists()


def test_a_day_later_it_is_no_answer_any_more(maria: Patient, shown: ConsentOffer) -> None:
    say(maria, "JOIN", after=OPEN_FOR + timedelta(minutes=1))
    assert consent.of(maria) is None


def test_a_changed_phone_is_not_the_one_that_was_shown_them(
    maria: Patient, shown: ConsentOffer
) -> None:
    Patient.objects.update(phone="+14155550198")
    maria.refresh_from_db()
    say(maria, "JOIN")
    assert consent.of(maria) is None


def test_stop_after_it_is_stop(maria: Patient, shown: ConsentOffer) -> None:
    say(maria, "JOIN")
    say(maria, "STOP", after=timedelta(minutes=6))
    assert consent.of(maria) == PhoneConsent.State.REVOKED
    # The same words are taken once.
    say(maria, "JOIN", after=timedelta(minutes=7))
    assert consent.of(maria) == PhoneConsent.State.REVOKED


@pytest.mark.parametrize("last", ["STOP", "please stop texting me", "wrong number"])
def test_a_word_that_is_read_late_undoes_nothing_that_was_said_since(
    maria: Patient, shown: ConsentOffer, last: str
) -> None:
    """JOIN came first and was read last."""
    factories.consent_of(maria, now=MORNING - timedelta(days=1))
    late = factories.received("JOIN", maria, at=LATER)
    type(late).objects.filter(pk=late.pk).update(state="parked")
    say(maria, last, after=timedelta(minutes=9))
    before = consent.of(maria)
    assert before in {PhoneConsent.State.REVOKED, PhoneConsent.State.HELD}
    type(late).objects.filter(pk=late.pk).update(state="received")
    inbound.read_inbound(now=MORNING + timedelta(minutes=20))
    assert consent.of(maria) == before


def test_said_after_a_stop_it_is_the_last_word(maria: Patient, shown: ConsentOffer) -> None:
    say(maria, "STOP")
    say(maria, "JOIN", after=timedelta(minutes=9))
    assert consent.of(maria) == PhoneConsent.State.GRANTED


def test_it_agrees_for_one_person_of_a_phone(maria: Patient, shown: ConsentOffer) -> None:
    tom = factories.PatientFactory.create(
        clinic=maria.clinic, first_name="Tom", phone=str(maria.phone)
    )
    say(maria, "join")
    assert consent.of(maria) == PhoneConsent.State.GRANTED
    assert consent.of(tom) is None


def test_where_both_were_shown_them_it_is_asked_who(
    maria: Patient, shown: ConsentOffer, alice: User
) -> None:
    tom = factories.PatientFactory.create(
        clinic=maria.clinic, first_name="Tom", phone=str(maria.phone)
    )
    offer(patient=tom, by=alice, now=MORNING)
    assert say(maria, "join") == "ask_who"
    OutboundMessage.objects.update(status="delivered", attempted_at=LATER)
    say(maria, "Tom", after=timedelta(minutes=6))
    assert consent.of(tom) == PhoneConsent.State.GRANTED
    assert consent.of(maria) is None


class TestThePage:
    """What the provider and the patient see."""

    def url(self, patient: Patient) -> str:
        return reverse("admin:exercises_patient_join", args=[patient.pk])

    def test_from_a_new_patient_to_consent(self, admin_of_alice: Client) -> None:
        own = Provider.objects.get(user=admin_of_alice.session["_auth_user_id"])
        form: dict[str, Any] = {
            "clinic": str(own.clinic_id), "first_name": "Núria", "last_name": "Berg", "phone": "+14155550143",
            "time_zone": "America/New_York", "language": "es", "agreed": "join", "consent_words": "x", "go_on": "on",
        }  # fmt: skip  # a form
        answer = admin_of_alice.post(reverse("admin:exercises_patient_add"), form)
        patient = Patient.objects.get(first_name="Núria")
        assert answer["Location"] == self.url(patient)
        assert consent.of(patient) is None
        assert "Show the words" in admin_of_alice.get(self.url(patient)).content.decode()
        assert not ConsentOffer.objects.exists(), "a look keeps nothing"
        admin_of_alice.post(self.url(patient))
        page = admin_of_alice.get(self.url(patient))
        text = page.content.decode()
        assert page["Refresh"] == "4"
        assert "Acepto recibir mensajes" in text
        assert "mande la palabra ACEPTO al +1 " in text
        assert "<svg" in text
        row = factories.received("acepto", patient, at=timezone.now())
        inbound.read_one(row.message_sid, now=timezone.now())
        page = admin_of_alice.get(self.url(patient))
        assert "Núria agreed by text at" in page.content.decode()
        assert "Refresh" not in page

    def test_the_limit_of_the_clinic_stands_in_the_words(
        self, admin_of_alice: Client, maria: Patient, clinic: Clinic
    ) -> None:
        Clinic.objects.update(prompts_per_day=4)
        admin_of_alice.post(self.url(maria))
        assert "up to 4 a day" in ConsentOffer.objects.get().words
        assert clinic.name in ConsentOffer.objects.get().words

    def test_without_a_number_it_says_so(self, admin_of_alice: Client, maria: Patient) -> None:
        ClinicTexting.objects.all().delete()
        answer = admin_of_alice.post(self.url(maria), follow=True)
        assert "The clinic has no number to text to." in answer.content.decode()
        assert not ConsentOffer.objects.exists()

    def test_another_clinics_patient_is_not_there(self, admin_of_alice: Client) -> None:
        other = factories.PatientFactory.create()
        assert admin_of_alice.get(self.url(other)).status_code == 404
        assert admin_of_alice.post(self.url(other)).status_code == 404
        assert not ConsentOffer.objects.exists()
