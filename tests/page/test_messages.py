"""Writing to the clinic on the page: kept for a person, and signs answered at once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from exercises.models import Alert, Patient, User
from notifications import consent
from notifications.messages import write_message
from notifications.models import InboundMessage, InboxItem, OutboundMessage
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.page.visits import CONFIRM, TODAY, linked, opened, words

pytestmark = pytest.mark.django_db
MESSAGES = reverse("page-messages")


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(CHECK_IN_AT, tick=False):
        yield


@pytest.fixture
def browser(maria: Patient) -> Client:
    """Opened, and not confirmed yet."""
    Patient.objects.filter(pk=maria.pk).update(birth_year=1958)
    factories.program(maria)
    return opened(linked(Patient.objects.get(), now=CHECK_IN_AT))


@pytest.fixture
def page(browser: Client) -> Client:
    browser.post(CONFIRM, {"do": "year", "birth_year": "1958"})
    return browser


def write(page: Client, body: str, key: str = "") -> Any:
    return page.post(MESSAGES, {"body": body, "id": key or str(uuid.uuid4())})


def test_messages_take_the_second_step(browser: Client) -> None:
    assert browser.get(MESSAGES)["Location"] == CONFIRM
    assert write(browser, "Can I swim?")["Location"] == CONFIRM
    assert not InboundMessage.objects.exists()


def test_what_is_written_stands_in_the_inbox_once(page: Client, maria: Patient) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        shown = words(write(page, "Can I swim?", key))
        assert "Can I swim?" in shown
        assert "can read your text" in shown
    item = InboxItem.objects.get()
    assert (item.patient, item.inbound.body) == (maria, "Can I swim?")
    assert 'href="/p/messages/"' in words(page.get(TODAY))


def test_other_words_under_the_same_form_are_not_lost(page: Client) -> None:
    key = str(uuid.uuid4())
    write(page, "Can I swim?", key)
    answer = write(page, "Can I swim? I have chest pain", key)
    assert answer.status_code == 400
    assert "I have chest pain</textarea>" in words(answer)
    assert "Call 911 now" in words(write(page, "Can I swim? I have chest pain"))


def test_a_sign_is_answered_at_once_and_alerts(page: Client) -> None:
    shown = words(write(page, "I have chest pain"))
    assert "Call 911 now" in shown
    assert Alert.objects.get().reason == "red_flag"


def test_stop_here_stops_the_texts(page: Client, maria: Patient) -> None:
    assert "no more texts" in words(write(page, "please stop texting me"))
    assert consent.of(maria) == "revoked"


def test_doubtful_words_hold_the_texts_and_not_the_page(page: Client, maria: Patient) -> None:
    factories.consent_of(maria)
    write(page, "you text too much")
    assert consent.of(maria) == "held"
    assert page.get(MESSAGES).status_code == 200


def test_what_was_taken_back_or_never_left_is_not_shown(
    page: Client, maria: Patient, alice: User
) -> None:
    write_message(
        patient=maria, words="Please come on Monday", message_id=uuid.uuid4(), by=alice,
        now=CHECK_IN_AT,
    )  # fmt: skip  # a call
    OutboundMessage.objects.update(status="skipped", skip_reason="withdrawn")
    assert "come on Monday" not in words(page.get(MESSAGES))
    OutboundMessage.objects.update(
        status="delivered", attempted_at=CHECK_IN_AT, body="Please come on Monday"
    )
    assert "come on Monday" in words(page.get(MESSAGES))


def test_the_clinics_texts_stand_beside_them_without_links(page: Client, maria: Patient) -> None:
    asked = factories.asked(maria.programs.get())
    OutboundMessage.objects.filter(pk=asked.pk).update(body="How are you? <b>")
    shown = words(page.get(MESSAGES))
    assert "How are you? &lt;b&gt;" in shown


@pytest.mark.parametrize("body", ["", "   ", "\x00", "x" * 1001])
def test_nothing_and_too_much_are_said_so_and_nothing_is_lost(page: Client, body: str) -> None:
    answer = write(page, body)
    assert answer.status_code == 400
    assert "Write a few words" in words(answer)
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "\x00"])
def test_a_form_without_its_id_keeps_the_words_in_the_box(page: Client, key: str) -> None:
    answer = page.post(MESSAGES, {"body": "Can I swim?", "id": key})
    assert answer.status_code == 400
    assert "Can I swim?</textarea>" in words(answer)


def test_nobody_elses_messages_are_shown(page: Client, maria: Patient) -> None:
    tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom")
    row = factories.received("I am Tom", tom)
    InboundMessage.objects.filter(pk=row.pk).update(patient=tom)
    assert "I am Tom" not in words(page.get(MESSAGES))


def test_in_spanish(page: Client) -> None:
    Patient.objects.update(language="es")
    shown = words(page.get(MESSAGES))
    assert "Escriba a Bay Foot" in shown
    assert "Enviar" in shown
