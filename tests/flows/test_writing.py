"""What the clinic writes to a patient."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from exercises.models import Patient, User
from notifications.models import ClinicTexting, OutboundMessage, PhoneConsent
from notifications.outgoing import sending
from notifications.thread import Before, conversation
from tests import factories
from tests.conftest import app_of
from tests.factories import MORNING
from tests.simulated_twilio import SimulatedTwilio

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=5)
# 22:00 in New York.
NIGHT = MORNING + timedelta(hours=15)


def write(api: APIClient, patient: Patient, body: str, *, now: datetime = NOON, **form: Any) -> Any:
    with time_machine.travel(now, tick=False):
        return api.post(
            f"/api/v1/patients/{patient.pk}/messages/",
            {"id": str(form.get("message_id", uuid.uuid4())), "body": body},
        )


@pytest.mark.django_db(transaction=True)
def test_it_reaches_the_phone_once_with_the_clinics_name(
    api: APIClient, maria: Patient, alice: User, simulator: SimulatedTwilio
) -> None:
    factories.consent_of(maria)
    message_id = uuid.uuid4()
    answers = [write(api, maria, "See you at 3.", message_id=message_id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    sending.send_waiting(clock=lambda: NOON)
    assert simulator.texts_to(str(maria.phone)) == ["Bay Foot: See you at 3."]
    bubble = conversation(
        patient=maria, user=alice, before=Before(NOON + timedelta(hours=1)), at_most=5
    )[0]
    assert (bubble.from_patient, bubble.author) == (False, str(alice))


def test_on_a_shared_phone_it_says_for_whom(api: APIClient, maria: Patient) -> None:
    factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom", phone=maria.phone)
    factories.consent_of(maria)
    assert write(api, maria, "See you.").json()["body"] == "Bay Foot for Maria: See you."


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("It’s ok", "It's ok"), ("See you Monday…", "See you Monday..."), ("Call us – now", "Call us - now"), ("“hi”", '"hi"')],
)  # fmt: skip  # a table
def test_what_a_phone_types_leaves_in_the_plain_form(
    api: APIClient, maria: Patient, typed: str, sent: str
) -> None:
    factories.consent_of(maria)
    assert write(api, maria, typed).json()["body"] == f"Bay Foot: {sent}"


def test_at_night_it_waits_for_the_morning(api: APIClient, maria: Patient) -> None:
    factories.consent_of(maria)
    write(api, maria, "See you at 3.", now=NIGHT)
    message = OutboundMessage.objects.get()
    assert message.due_at.astimezone(maria.zone).strftime("%d %H:%M") == "04 08:00"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "blank"),
        ("  ", "blank"),
        ("How is your heel?", "“heel” tells too much"),
        ("Reply YES to confirm.", "YES has a meaning of its own"),
        ("See you 👍", "“👍” makes the text cost twice"),
        ("Bring your shoes. " * 30, "takes 4 texts"),
    ],
)
def test_words_that_must_not_go_out_are_refused(
    api: APIClient, maria: Patient, body: str, message: str
) -> None:
    factories.consent_of(maria)
    answer = write(api, maria, body)
    assert answer.status_code == 400
    assert message in str(answer.json()["errors"])
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (None, "no consent on record"),
        ("revoked", "opted out"),
        ("held", "may have asked for no more"),
    ],
)
def test_without_consent_nothing_is_written(
    api: APIClient, maria: Patient, state: str | None, message: str
) -> None:
    if state:
        factories.consent_of(maria)
        PhoneConsent.objects.update(state=state)
    answer = write(api, maria, "See you at 3.")
    assert answer.status_code == 400
    assert message in str(answer.json()["errors"])
    assert not OutboundMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_opt_out_meanwhile_stops_it(
    api: APIClient, maria: Patient, simulator: SimulatedTwilio
) -> None:
    factories.consent_of(maria)
    write(api, maria, "See you at 3.")
    PhoneConsent.objects.update(state="revoked")
    sending.send_waiting(clock=lambda: NOON)
    row = OutboundMessage.objects.get()
    assert (row.status, row.skip_reason) == ("skipped", "opted_out")
    shown = api.get(f"/api/v1/patients/{maria.pk}/messages/").json()["results"][0]
    assert shown["state"] == "Skipped: The patient opted out"


def test_other_words_under_the_same_id_are_not_lost_in_silence(
    api: APIClient, maria: Patient
) -> None:
    factories.consent_of(maria)
    message_id = uuid.uuid4()
    write(api, maria, "See you at 3.", message_id=message_id)
    again = write(api, maria, "See you at 4.", message_id=message_id)
    assert (again.status_code, again.json()["code"]) == (409, "sent_already")
    assert OutboundMessage.objects.get().body == "Bay Foot: See you at 3."


def test_a_clinic_whose_texts_are_off_is_told(api: APIClient, maria: Patient) -> None:
    factories.consent_of(maria)
    ClinicTexting.objects.update(enabled=False)
    assert "switched off" in str(write(api, maria, "See you at 3.").json()["errors"])
    assert not OutboundMessage.objects.exists()


def test_an_id_of_another_patient_is_refused(api: APIClient, maria: Patient) -> None:
    factories.consent_of(maria)
    other = factories.PatientFactory.create(clinic=maria.clinic)
    factories.consent_of(other)
    message_id = uuid.uuid4()
    write(api, maria, "See you.", message_id=message_id)
    assert write(api, other, "See you.", message_id=message_id).status_code == 409


def test_the_patients_app_shows_it(api: APIClient, maria: Patient) -> None:
    factories.consent_of(maria)
    write(api, maria, "See you at 3.")
    shown = app_of(maria).get("/api/v1/me/messages/").json()["results"]
    assert [row["body"] for row in shown] == ["Bay Foot: See you at 3."]
