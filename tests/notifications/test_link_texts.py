"""The link to a patient's own page by text: asked for, or sent by the clinic, and kept by nobody."""

from __future__ import annotations

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from exercises.models import Clinic, DeviceToken, PageLink, Patient, Program
from notifications import consent
from notifications.incoming import inbound
from notifications.incoming.parsing.answers import asks_for_page
from notifications.incoming.parsing.plain import plain
from notifications.messages import text_link
from notifications.models import ClinicTexting, ClinicWording, InboxItem, OutboundMessage
from notifications.outgoing import due, sending
from notifications.outgoing.preview import planned_texts
from notifications.outgoing.send_facts import BatchFacts
from notifications.wording.gsm7 import segments
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.notifications.test_conversation import at, patient_with, say
from tests.page.visits import TODAY
from tests.simulated_twilio import SimulatedTwilio

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r"(https?://\S+)(/p/[A-Za-z0-9_-]{22}) ")


@pytest.mark.parametrize(
    "text",
    ["LINK", "link please", "Enlace", "send me the link", "what do I do today?", "What are my exercises today",
     "¿Qué me toca hoy?", "mándeme el enlace", "resend my link", "ejercicios de hoy"],
)  # fmt: skip  # a table
def test_who_asks_for_the_page_is_heard(text: str) -> None:
    assert asks_for_page(plain(text))


@pytest.mark.parametrize("text", ["my link does not work", "what do I do if it hurts", "no link", "the link between pain and rain", "3"])  # fmt: skip
def test_what_only_speaks_of_it_is_for_a_person(text: str) -> None:
    assert not asks_for_page(plain(text))


@pytest.fixture
def ana(clinic: Clinic, settings: Settings) -> Patient:
    settings.PAGE_BASE_URL = "https://hep.example.org"
    return patient_with(clinic, "check_in")


def sent(simulator: SimulatedTwilio, patient: Patient) -> str:
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    return simulator.texts_to(str(patient.phone))[-1]


@pytest.mark.parametrize(("word", "language"), [("LINK", "en"), ("ENLACE", "es")])
def test_the_word_brings_a_link_that_opens(
    ana: Patient, simulator: SimulatedTwilio, word: str, language: str
) -> None:
    Patient.objects.update(language=language)
    factories.received(word, ana, at=CHECK_IN_AT)
    inbound.read_inbound(now=CHECK_IN_AT)
    text = sent(simulator, ana)
    found = LINK.search(text)
    assert found is not None, text
    assert (segments(text), found[1]) == (1, "https://hep.example.org")
    link = PageLink.objects.get()
    assert (link.patient, link.made_for, found[2]) == (ana, "patient", f"/p/{link.token}")
    # Nobody of the clinic has to read it.
    assert not InboxItem.objects.exists()


def test_no_table_keeps_the_link(ana: Patient, simulator: SimulatedTwilio) -> None:
    factories.received("LINK", ana, at=CHECK_IN_AT)
    inbound.read_inbound(now=CHECK_IN_AT)
    sent(simulator, ana)
    message = OutboundMessage.objects.get(wording="link")
    assert "/p/(link)" in message.body
    assert PageLink.objects.get().token not in message.body


def test_on_a_shared_phone_the_name_says_whose(clinic: Clinic) -> None:
    maria = patient_with(clinic, "check_in")
    tom = patient_with(clinic, "check_in", first_name="Tom")
    assert say(maria, "LINK", at(9)) == "ask_who"
    assert say(maria, "Tom", at(9, 1)) == "link"
    assert PageLink.objects.get().patient == tom
    assert say(maria, "Maria link", at(9, 5)) == "link"
    assert PageLink.objects.count() == 2


def test_a_sign_beside_it_goes_first(ana: Patient) -> None:
    assert say(ana, "send me the link, I have chest pain", at(9)).startswith("red_flag")


@pytest.mark.parametrize("text", ["wrong number", "I'm not Maria", "este no es mi número"])
def test_who_says_that_the_phone_is_theirs_ends_the_page(ana: Patient, text: str) -> None:
    say(ana, "LINK", at(9))
    browser = Client()
    browser.post(f"/p/{PageLink.objects.get().token}")
    assert say(ana, text, at(10)) == "ask_stop"
    assert browser.get(TODAY).status_code == 403


@pytest.fixture
def program(ana: Patient) -> Program:
    return Program.objects.get(patient=ana)


def test_a_provider_texts_it_and_ends_it(admin_of_alice: Client, ana: Patient) -> None:
    record = reverse("admin:exercises_patient_record", args=[ana.pk])
    assert "no link" in admin_of_alice.get(record).content.decode()
    for _ in range(2):
        admin_of_alice.post(reverse("admin:exercises_patient_text_page", args=[ana.pk]))
    message = OutboundMessage.objects.get(wording="link")
    link = PageLink.objects.get()
    assert (message.opens, link.made_for, link.made_by is not None) == (link, "provider", True)
    assert "not opened yet" in admin_of_alice.get(record).content.decode()
    browser = Client()
    browser.post(f"/p/{link.token}")
    assert "opened" in admin_of_alice.get(record).content.decode()
    admin_of_alice.post(reverse("admin:exercises_patient_end_page", args=[ana.pk]))
    assert browser.get(TODAY).status_code == 403
    assert not DeviceToken.objects.exists()


def test_the_api_texts_lists_and_ends_it(
    api: APIClient, ana: Patient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/api/v1/patients/{ana.pk}/page-links/"
    made = api.post(address)
    assert made.status_code == 201
    link = PageLink.objects.get()
    assert made.json()["id"] == str(link.pk)
    assert link.token not in made.content.decode()
    assert OutboundMessage.objects.get(wording="link").opens == link
    with django_assert_max_num_queries(4):
        (row,) = api.get(address).json()["results"]
    assert (row["made_for"], row["first_opened_at"]) == ("provider", None)
    assert api.delete(address).status_code == 204
    assert Client().post(f"/p/{link.token}").status_code == 404
    consent.stop_in_app(patient=ana, by=link.made_by, now=CHECK_IN_AT)  # type: ignore[arg-type]  # the provider
    refused = api.post(address)
    assert (refused.status_code, refused.json()["code"]) == (400, "no_consent")


def test_in_the_clinic_a_camera_opens_it_without_consent_or_text(
    admin_of_alice: Client, maria: Patient
) -> None:
    page = admin_of_alice.post(reverse("admin:exercises_patient_show_page", args=[maria.pk]))
    assert "<svg" in page.content.decode()
    assert page["Cache-Control"].startswith("no-store")
    link = PageLink.objects.get()
    assert link.token not in page.content.decode()
    assert Client().post(f"/p/{link.token}").status_code == 303
    assert not OutboundMessage.objects.exists()


def test_without_consent_none_is_texted(admin_of_alice: Client, maria: Patient) -> None:
    address = reverse("admin:exercises_patient_text_page", args=[maria.pk])
    page = admin_of_alice.post(address, follow=True)
    assert "There is no consent on record" in page.content.decode()
    assert not PageLink.objects.exists()


def test_another_clinics_patient_has_no_such_page(bob: object, ana: Patient) -> None:
    stranger = Client()
    stranger.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]  # a User
    for name in ("text_page", "end_page", "show_page"):
        address = reverse(f"admin:exercises_patient_{name}", args=[ana.pk])
        stranger.post(address)
    assert not PageLink.objects.exists()


def test_a_link_that_ended_while_its_text_waited_opens_nothing(
    ana: Patient, alice: object, simulator: SimulatedTwilio
) -> None:
    text_link(patient=ana, by=alice, now=CHECK_IN_AT)  # type: ignore[arg-type]  # a User
    PageLink.objects.update(revoked_at=CHECK_IN_AT)
    found = LINK.search(sent(simulator, ana))
    assert found is not None
    assert Client().post(found[2]).status_code == 404


class TestInReminders:
    """With the clinic's switch, an exercise reminder brings the link."""

    @pytest.fixture
    def ana(self, clinic: Clinic, settings: Settings) -> Patient:
        settings.PAGE_BASE_URL = "https://hep.example.org"
        ana = patient_with(clinic, "exercise")
        ClinicTexting.objects.update(links_in_reminders=True)
        return ana

    def remind(self, simulator: SimulatedTwilio, ana: Patient, *, day: int = 0) -> str:
        moment = at(17, day=day)
        due.write_due(now=moment)
        sending.send_waiting(clock=lambda: moment)
        return simulator.texts_to(str(ana.phone))[-1]

    def test_the_reminder_brings_the_link_and_the_next_one_the_same(
        self, ana: Patient, simulator: SimulatedTwilio
    ) -> None:
        first = self.remind(simulator, ana)
        assert first.startswith("Bay Foot: Maria, exercises today: ")
        assert first.endswith(" Reply DONE or SKIP.")
        found = LINK.search(first)
        assert found is not None
        assert segments(first) == 1
        link = PageLink.objects.get()
        assert (link.made_for, found[2]) == ("reminder", f"/p/{link.token}")
        assert link.token not in OutboundMessage.objects.get(kind="exercise").body
        assert LINK.search(self.remind(simulator, ana, day=1))[2] == found[2]  # type: ignore[index]  # found above

    def test_without_the_switch_there_is_none(
        self, ana: Patient, simulator: SimulatedTwilio
    ) -> None:
        ClinicTexting.objects.update(links_in_reminders=False)
        assert "/p/" not in self.remind(simulator, ana)
        assert not PageLink.objects.exists()

    @pytest.mark.parametrize("has_both", [True, False])
    def test_a_clinics_own_words_stay_its_own(
        self, ana: Patient, simulator: SimulatedTwilio, has_both: bool
    ) -> None:
        words = {"exercise": "{clinic}: time to move."}
        if has_both:
            words["exercise_link"] = "{clinic}: time to move: {link}"
        for key, said in words.items():
            ClinicWording.objects.create(clinic=ana.clinic, key=key, language="en", words=said)
        assert ("/p/" in self.remind(simulator, ana)) is has_both

    def test_a_look_ahead_shows_where_it_stands_and_makes_none(self, ana: Patient) -> None:
        texts = planned_texts(ana, now=at(9), answers=True)
        assert any("/p/(link)" in text.body for text in texts)
        assert not PageLink.objects.exists()

    def test_a_batch_costs_as_many_queries_for_one_as_for_ten(self, ana: Patient) -> None:
        moment = at(17)
        due.write_due(now=moment)
        message = OutboundMessage.objects.get(kind="exercise")
        others = [factories.PatientFactory.create(clinic=ana.clinic) for _ in range(9)]
        messages = [message] + [
            OutboundMessage(clinic=ana.clinic, patient=row, to_phone=str(row.phone), kind="exercise", wording="exercise", due_at=moment)
            for row in others
        ]  # fmt: skip  # rows
        with CaptureQueriesContext(connection) as one, transaction.atomic():
            BatchFacts(messages[:1], now=moment)
        with CaptureQueriesContext(connection) as ten, transaction.atomic():
            BatchFacts(messages, now=moment)
        assert len(ten) == len(one)
        assert PageLink.objects.count() == 10
