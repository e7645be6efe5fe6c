"""Friday, 22:00: what a patient writes in distress, what they read, who is told, and what stops."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from exercises.models import Alert, Clinic, Patient, User
from exercises.services import ScheduleSpec, assign_program
from exercises.services.alerts import acknowledge
from notifications import alerts
from notifications.consent import record_consent
from notifications.models import OutboundMessage
from tests import factories
from tests.flows.story import Story, only
from tests.simulated_twilio import SimulatedTwilio

pytestmark = pytest.mark.django_db(transaction=True)
NEW_YORK = ZoneInfo("America/New_York")
FRIDAY = date(2026, 3, 6)
WORDS = {
    ("en", "crisis"): ("I want to kill myself", ["Call or text 988 now", "call 911", "+14155550199"]),
    ("es", "crisis"): ("ya no quiero vivir", ["988 y oprima 2", "llame al 911", "+14155550199"]),
    ("en", "emergency"): ("my calf is swollen and warm and my chest hurts", ["Call 911 now", "+14155550199"]),
    ("es", "emergency"): ("me duele mucho el pecho", ["Llame ya al 911", "+14155550199"]),
    ("en", "same_day"): ("I fell off the step", ["Call Bay Foot now: +14155550199", "urgent care or the ER today", "call 911"]),
    ("es", "same_day"): ("me troné el pie", ["Llame ya a Bay Foot: +14155550199", "vaya hoy a urgencias", "llame al 911"]),
    ("en", "review"): ("my toes are numb", ["We told Bay Foot", "call 911", "+14155550199"]),
    ("es", "review"): ("siento hormigueo", ["Avisamos a Bay Foot", "911", "+14155550199"]),
}  # fmt: skip


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    """A moment on the patient's clock, so many days after Friday 6 March 2026."""
    local = datetime.combine(FRIDAY + timedelta(days=day), time(hour, minute))
    return local.replace(tzinfo=NEW_YORK)


@pytest.fixture
def story(simulator: SimulatedTwilio, time_machine: time_machine.TimeMachineFixture) -> Story:
    time_machine.move_to(at(7))
    return Story(simulator, time_machine)


def enrol(clinic: Clinic, language: str, alice: User) -> Patient:
    maria: Patient = factories.PatientFactory.create(
        clinic=clinic, phone="+14155550111", language=language, texts_until=time(20)
    )
    record_consent(
        patient=maria, how="paper", words="I agree.", recorded_by=None, now=timezone.now()
    )
    specs = [("check_in", time(8, 30)), ("exercise", time(18)), ("splint", time(19, 30))]
    assign_program(
        patient=maria,
        template=factories.template(),
        start_date=FRIDAY,
        side="left",
        schedules=[ScheduleSpec(kind, (at_time,)) for kind, at_time in specs],
        assigned_by=alice,
        now=timezone.now(),
    )
    return maria


def mailed_to() -> list[str]:
    """Who got a mail since the last look."""
    names = [sent.to[0].partition("@")[0] for sent in mail.outbox]
    mail.outbox.clear()
    return sorted(names)


@pytest.mark.parametrize(("language", "urgency"), WORDS)
def test_what_a_patient_in_distress_reads_who_is_told_and_what_stops(
    story: Story, clinic: Clinic, alice: User, language: str, urgency: str
) -> None:
    carol, night = (
        factories.ProviderFactory.create(
            clinic=clinic, user__email=f"{name}@example.org", role=role
        ).user
        for name, role in (("carol", "provider"), ("night", "assistant"))
    )
    Clinic.objects.filter(pk=clinic.pk).update(second_contact=night)
    maria = enrol(clinic, language, alice)
    words, expected = WORDS[language, urgency]
    story.go_to(at(22), maria)

    answer = only(story.says(maria, words))
    for part in [*expected, "utom"]:
        assert part in answer, "automatic, and whom to call"
    assert "?" not in answer, "nothing that could be answered by mistake"
    assert len(answer) <= 160
    alert = Alert.objects.get(reason="red_flag")
    assert alert.urgency == urgency

    since = timezone.now()
    alerts.tell_providers(now=since)
    at_once = ["alice", "night"] if urgency != "review" else ["alice"]
    assert mailed_to() == at_once
    told = {"crisis": (15, 30), "emergency": (15, 30)}.get(urgency)
    if told is None:
        # Monday, two working hours or a working day after opening.
        monday = at(11, day=3) if urgency == "same_day" else at(17, day=3)
        alerts.tell_providers(now=monday - timedelta(minutes=1))
        assert mailed_to() == []
        alerts.tell_providers(now=monday)
        assert mailed_to() == ["alice", "carol"]
    else:
        for minutes, people in zip(told, (["alice", "carol"], ["night"]), strict=True):
            alerts.tell_providers(now=since + timedelta(minutes=minutes, seconds=-2))
            assert mailed_to() == []
            alerts.tell_providers(now=since + timedelta(minutes=minutes))
            assert mailed_to() == people

    # The next day questions go on, exercises wait until somebody has closed it.
    texts = story.go_to(at(20, day=1), maria)[maria.first_name]
    assert len(texts) == 1
    reasons = OutboundMessage.objects.filter(kind__in=["exercise", "splint"], due_at__gt=since)
    assert set(reasons.values_list("skip_reason", flat=True)) == {"red_flag"}
    acknowledge(alert=alert, by=carol, note="Called her.", now=timezone.now())
    texts = story.go_to(at(20, day=2), maria)[maria.first_name]
    assert len(texts) == 2  # two prompts a day: the question and the exercises
