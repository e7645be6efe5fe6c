"""Messages between the app and the clinic."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from exercises.models import Alert, Patient
from notifications.models import InboundMessage, OutboundMessage, PhoneConsent
from tests import factories
from tests.conftest import app_of
from tests.factories import CHECK_IN_AT

pytestmark = pytest.mark.django_db
URL = "/api/v1/me/messages/"
DOUBTFUL = "I want these to stop"


def write(app: APIClient, body: str, message_id: object = None) -> Any:
    return app.post(URL, {"id": str(message_id or uuid.uuid4()), "body": body})


def test_a_message_is_kept_once_and_the_clinic_can_read_it(app: APIClient, maria: Patient) -> None:
    message_id = uuid.uuid4()
    with time_machine.travel(CHECK_IN_AT, tick=False):
        answers = [write(app, "Is swimming fine?", message_id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert "can read" in answers[0].json()["answer"]
    row = InboundMessage.objects.get()
    assert (row.patient, row.state) == (maria, "handled")
    assert not OutboundMessage.objects.exists()


def test_a_red_flag_alerts_the_clinic_and_answers_at_once(app: APIClient, maria: Patient) -> None:
    factories.program(maria)
    answer = write(app, "My foot is numb since last night").json()["answer"]
    assert answer.startswith("We told Bay Foot.")
    alert = Alert.objects.get()
    assert (alert.reason, alert.severity, alert.urgency) == ("red_flag", "high", "review")
    assert write(app, "and now my chest hurts").json()["answer"].startswith("Call 911 now")
    alert.refresh_from_db()
    assert (alert.severity, alert.urgency, alert.times) == ("critical", "emergency", 2)


def test_stop_in_a_message_stops_the_texts(app: APIClient, maria: Patient) -> None:
    factories.consent_of(maria)
    assert "no more texts" in write(app, "please stop texting me").json()["answer"]
    consent = PhoneConsent.objects.get()
    event = consent.events.first()
    assert event is not None
    assert (consent.state, event.how, event.words) == ("revoked", "app", "please stop texting me")


def test_words_that_may_mean_stop_hold_the_texts_until_somebody_has_looked(
    app: APIClient, maria: Patient
) -> None:
    factories.consent_of(maria)
    write(app, DOUBTFUL)
    assert PhoneConsent.objects.get().state == "held"
    assert Alert.objects.get().reason == "doubtful_opt_out"


def test_an_id_of_somebody_else_is_a_conflict(app: APIClient, maria: Patient) -> None:
    message_id = uuid.uuid4()
    write(app_of(factories.PatientFactory.create(clinic=maria.clinic)), "Hello", message_id)
    assert write(app, "Hello", message_id).status_code == 409


@pytest.mark.parametrize(("body", "code"), [("", "blank"), ("a" * 1001, "max_length"), ("\x00", "null_characters_not_allowed")])  # fmt: skip  # a table
def test_nonsense_is_refused(app: APIClient, body: str, code: str) -> None:
    answer = write(app, body)
    assert answer.json()["errors"][0]["code"] == code
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("rows", [10, 60])
def test_the_conversation_comes_in_pages_at_a_constant_cost(
    maria: Patient, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program = factories.program(maria)
    now = timezone.now()
    for number in range(rows):
        row = factories.received(f"{number}", maria, at=now - timedelta(hours=number, minutes=1))
        InboundMessage.objects.filter(pk=row.pk).update(patient=maria)
    factories.asked(program, at=now - timedelta(minutes=30))
    app = app_of(maria)
    with django_assert_num_queries(3):
        page = app.get(URL).json()
    assert [row["from_patient"] for row in page["results"][:2]] == [True, False]
    seen = page["results"]
    while page["before"]:
        page = app.get(URL, {"before": page["before"]}).json()
        seen += page["results"]
    assert len(seen) == rows + 1
