"""A patient's own record as a file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from exercises.models import CheckIn, Measure, Patient, Program, SessionLog, TreatmentSession
from exercises.reads.versions import program_phases
from exercises.services import change_program
from notifications.models import InboundMessage, OutboundMessage
from tests import factories
from tests.conftest import app_of
from tests.factories import TODAY

pytestmark = pytest.mark.django_db
URL = "/api/v1/me/export/"


def live(program: Program, days: int) -> None:
    """Something of everything on each of `days` days."""
    patient = program.patient
    for number in range(days):
        day = TODAY + timedelta(days=number)
        CheckIn.objects.create(program=program, local_date=day, score=6, source="sms")
        SessionLog.objects.create(
            program=program, kind="exercise", local_date=day, outcome="done", source="app",
            client_id=str(number),
        )  # fmt: skip  # a row
        TreatmentSession.objects.create(
            patient=patient, local_date=day, modalities=["kinesiotape"], note="Tape on."
        )
        Measure.objects.create(program=program, instrument="groc", local_date=day, value=3)
        asked = factories.asked(program, at=factories.CHECK_IN_AT + timedelta(days=number))
        OutboundMessage.objects.filter(pk=asked.pk).update(body=f"Question {number}")
        reply = factories.received("6", patient)
        InboundMessage.objects.filter(pk=reply.pk).update(patient=patient)


def test_it_holds_everything_that_is_kept_of_the_patient(app: APIClient, maria: Patient) -> None:
    program = factories.program(maria)
    live(program, 2)
    change_program(
        program=program, phases=program_phases(program)[1:], reason="Ready", changed_by=None,
        now=factories.MORNING + timedelta(days=7),
    )  # fmt: skip  # a call
    answer = app.get(URL)
    assert answer["Content-Disposition"] == 'attachment; filename="my-record.json"'
    kept: dict[str, Any] = answer.json()
    assert kept["me"]["first_name"] == "Maria"
    (only,) = kept["programs"]
    assert [row["from_date"] for row in only["versions"]] == ["2026-03-03", "2026-03-10"]
    first, second = ([row["phase"] for row in version["items"]] for version in only["versions"])
    assert "Calm" in first
    assert "Calm" not in second
    for name in ("check_ins", "sessions", "treatments", "measures", "texts_to_clinic"):
        assert len(kept[name]) == 2, name
    assert [row["body"] for row in kept["texts_from_clinic"]] == ["Question 0", "Question 1"]
    assert [row["words"] for row in kept["consent"]] == ["I agree to get texts."]
    assert kept["treatments"][0]["note"] == "Tape on."


def test_it_holds_nothing_of_somebody_who_shares_the_phone(maria: Patient) -> None:
    live(factories.program(maria), 1)
    tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom", phone=maria.phone)
    kept = app_of(tom).get(URL).json()
    assert kept.pop("me")["first_name"] == "Tom"
    made_at = kept.pop("made_at")
    assert made_at.startswith(timezone.now().date().isoformat())
    assert all(rows == [] for rows in kept.values())


@pytest.mark.parametrize("days", [10, 1000])
def test_the_number_of_queries_does_not_grow(
    app: APIClient, maria: Patient, days: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program = factories.program(maria)
    live(program, 1)
    CheckIn.objects.bulk_create(
        CheckIn(program=program, local_date=TODAY + timedelta(days=number), score=4, source="app")
        for number in range(1, days)
    )
    with django_assert_num_queries(12):
        assert len(app.get(URL).json()["check_ins"]) == days
