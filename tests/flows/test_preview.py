"""The preview against what is really sent when the clock goes through the six weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exercises.models import Clinic, Patient, Program, Schedule
from exercises.rules.recurrence import DAILY, Step
from exercises.services import (
    ScheduleSpec,
    assign_program,
    pause_program,
    resume_due,
    watch_due,
)
from notifications import outbox
from notifications.incoming import inbound
from notifications.models import InboundMessage, OutboundMessage
from notifications.outgoing import preparing
from notifications.outgoing.due import write_due
from notifications.outgoing.pacing import Pacer
from notifications.outgoing.preview import PlannedText, planned_texts
from tests import factories
from tests.conftest import api_of
from tests.depth import THOROUGH

pytestmark = pytest.mark.django_db
# A Tuesday; the US changes its clocks in the night to 8 March, Europe in that to 29 March.
START = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
TAPER = (Step(1), Step(3, weekdays=(0, 2, 4)), Step(5, weekdays=(0,)))
ANSWERS = {
    "check_in": "4",
    "nudge": "4",
    "average": "3",
    "exercise": "done",
    "splint": "done",
    "week": "1",
}


def patient_with(clinic: Clinic, zone: str, language: str, *specs: ScheduleSpec) -> Patient:
    """A patient with consent and a program from today on."""
    patient: Patient = factories.PatientFactory.create(
        clinic=clinic, time_zone=zone, language=language
    )
    factories.consent_of(patient, now=START)
    assign_program(
        patient=patient,
        template=factories.template(),
        start_date=START.astimezone(patient.zone).date(),
        side="left",
        schedules=specs,
        assigned_by=None,
        now=START,
    )
    return patient


def really_sent(patient: Patient, *, until: datetime, answers: bool) -> list[tuple[datetime, str]]:
    """Let six weeks pass: what leaves for the phone beside answers to the patient."""
    pacer = Pacer()
    while (moment := _next_moment(until)) is not None:
        resume_due(now=moment)
        watch_due(now=moment)
        write_due(now=moment)
        for message in send_all(moment, pacer):
            if answers and message.kind in ANSWERS:
                factories.received(ANSWERS[message.kind], patient, at=moment)
                inbound.read_inbound(now=moment + timedelta(minutes=1))
                send_all(moment + timedelta(minutes=1), pacer)
    assert not InboundMessage.objects.exclude(state="handled").exists()
    texts = OutboundMessage.objects.exclude(status="skipped").filter(schedule__isnull=False)
    return list(texts.order_by("due_at", "pk").values_list("due_at", "body"))


def _next_moment(until: datetime) -> datetime | None:
    """The next instant at which anything is due: a text, the end of a pause."""
    due = list(
        Schedule.objects.filter(next_due_at__lte=until).values_list("next_due_at", flat=True)
    )
    due += Program.objects.filter(resume_at__lte=until).values_list("resume_at", flat=True)
    return min((moment for moment in due if moment), default=None)


def send_all(now: datetime, pacer: Pacer) -> list[OutboundMessage]:
    """Everything waiting leaves and is delivered: the step over HTTP is tested elsewhere."""
    _, departures = preparing.prepare(now=now, limit=50, pacer=pacer)
    outbox.finish_attempts(
        [
            outbox.AttemptResult(
                row.attempt_id, row.token, "accepted", "delivered", sid=f"SM{row.attempt_id}"
            )
            for row in departures
        ],
        now=now,
    )
    ids = [row.attempt_id for row in departures]
    return list(OutboundMessage.objects.filter(attempts__in=ids).order_by("pk"))


def foreseen(texts: list[PlannedText]) -> list[tuple[datetime, str]]:
    """What the preview says will leave."""
    return [(text.due_at, text.body) for text in texts if not text.skip_reason]


def every_kind() -> tuple[ScheduleSpec, ...]:
    return (
        ScheduleSpec("check_in", (time(8, 30),), TAPER),
        ScheduleSpec("nudge", (time(14),), TAPER),
        ScheduleSpec("exercise", (time(9), time(17)), (Step(1, every_n_days=2),)),
        ScheduleSpec("average", (time(19),), (Step(2, weekdays=(1, 4)),)),
        ScheduleSpec("splint", (time(19, 40),), DAILY),
        # Before the reminders, which would leave it no room among the prompts of the day.
        ScheduleSpec("week", (time(8, 45),)),
    )


PLACES = [("America/New_York", "en"), ("Europe/Madrid", "es"), ("Australia/Lord_Howe", "en")]
EACH = [(*place, answers) for place in PLACES for answers in (True, False)]


@pytest.mark.parametrize(
    ("zone", "language", "answers"), EACH[::2] + EACH[5:] if THOROUGH else EACH[::3]
)
def test_the_preview_is_what_is_sent(
    clinic: Clinic, zone: str, language: str, answers: bool
) -> None:
    patient = patient_with(clinic, zone, language, *every_kind())
    until = START + timedelta(weeks=6)
    texts = planned_texts(patient, now=START, answers=answers)
    assert not OutboundMessage.objects.exists()
    assert Schedule.objects.filter(last_local_date__isnull=False).count() == 0
    sent = really_sent(patient, until=until, answers=answers)
    assert foreseen(texts) == sent
    assert len(sent) > 20 if answers else len(sent) >= 10
    weekly = OutboundMessage.objects.filter(kind="week", attempted_at__isnull=False)
    assert weekly.exists() is answers
    offsets = {due_at.astimezone(ZoneInfo(zone)).utcoffset() for due_at, _ in sent}
    # Silence ends the questions before most clocks change.
    assert len(offsets) == 2 or not answers


def test_a_pause_for_some_days_is_foreseen(clinic: Clinic) -> None:
    patient = patient_with(
        clinic, "America/New_York", "en", ScheduleSpec("check_in", (time(8, 30),))
    )
    pause_program(program=Program.objects.get(), until=date(2026, 3, 10))
    texts = planned_texts(patient, now=START)
    assert texts[0].local_date == date(2026, 3, 10)
    assert foreseen(texts) == really_sent(patient, until=START + timedelta(weeks=6), answers=True)


@pytest.mark.parametrize("patients", [1, 3])
def test_a_preview_costs_the_same_queries(
    clinic: Clinic, patients: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(patients):
        patient = patient_with(clinic, "America/New_York", "en", *every_kind())
    with django_assert_num_queries(23):
        planned_texts(patient, now=START)


def test_the_api_and_the_admin_show_it(clinic: Clinic, admin_of_alice: Client) -> None:
    patient = factories.PatientFactory.create(clinic=clinic)
    factories.texting(clinic)
    assign_program(
        patient=patient,
        template=factories.template(),
        # Tomorrow, so that none of the day's texts has passed at whatever hour this runs.
        start_date=datetime.now(patient.zone).date() + timedelta(days=1),
        side="left",
        schedules=[ScheduleSpec("check_in", (time(8, 30), time(9), time(10)))],
        assigned_by=None,
        now=datetime.now(UTC),
    )
    page = admin_of_alice.get(reverse("admin:exercises_patient_texts_ahead", args=[patient.pk]))
    assert "There is no consent on record" in page.content.decode()
    factories.consent_of(patient)
    page = admin_of_alice.get(
        reverse("admin:exercises_patient_texts_ahead", args=[patient.pk]), {"answers": "no"}
    )
    assert "First steps today" in page.content.decode()
    assert "than the 2 your" in page.content.decode()
    api = api_of(clinic.providers.get(user__email="alice@example.org").user)
    url = f"/api/v1/patients/{patient.pk}/texts/preview/"
    first = api.get(url).json()["texts"][0]
    assert (first["local_time"], first["kind"], first["skip_reason"]) == (
        "08:30:00",
        "check_in",
        "",
    )
    assert "Reply a number" in first["text"]
    refused = api.get(url, {"answers": "perhaps"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "answers")
