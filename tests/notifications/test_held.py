"""Switches, stopped senders and texts that wait behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from exercises.models import Clinic, Patient, User
from notifications.consent import record_consent
from notifications.incoming.inbound import read_inbound
from notifications.models import OutboundMessage, Sender, TextingSwitch
from notifications.outgoing import expire_held, sending
from notifications.outgoing.due import write_due
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.simulated_twilio import SimulatedTwilio

pytestmark = pytest.mark.django_db(transaction=True)


def due(kind: str = "check_in") -> OutboundMessage:
    """A text that waits in the outbox."""
    factories.program(kind=kind)
    write_due(now=CHECK_IN_AT)
    return OutboundMessage.objects.latest("pk")


def test_the_setting_stops_every_text_and_loses_none(
    simulator: SimulatedTwilio, settings: Settings
) -> None:
    message = due()
    settings.TEXTING_ENABLED = False
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    message.refresh_from_db()
    assert (message.status, simulator.stats()["requests"]) == ("waiting", 0)
    settings.TEXTING_ENABLED = True
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    assert simulator.stats()["accepted"] == 1


def test_the_operators_switch_stops_every_text(
    simulator: SimulatedTwilio, settings: Settings
) -> None:
    settings.METRICS_TOKEN = "for-prometheus"  # made up
    due()
    switch = TextingSwitch.objects.create(is_on=False, reason="wrong wording went out")
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    assert simulator.stats()["requests"] == 0
    assert Client().get("/readyz").json()["checks"]["senders"] == "texting is switched off"
    figures = Client().get("/metrics", headers={"authorization": "Bearer for-prometheus"})
    assert "hep_texting_on 0.0" in figures.content.decode()
    TextingSwitch.objects.filter(pk=switch.pk).update(is_on=True)
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    assert simulator.stats()["accepted"] == 1


@pytest.mark.parametrize("is_operator", [True, False])
def test_only_the_operator_finds_the_switch(alice: User, is_operator: bool) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=is_operator)
    client = Client()
    client.force_login(
        User.objects.get(pk=alice.pk), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = "/admin/notifications/textingswitch/add/"
    assert client.get(page).status_code == (200 if is_operator else 403)
    client.post(page, {"reason": "stop"})
    assert TextingSwitch.objects.filter(is_on=False).exists() is is_operator
    assert client.get(page).status_code == 403


@pytest.mark.parametrize(
    ("kind", "hours", "status"),
    [
        ("check_in", 3, "waiting"),  # still the same morning
        ("check_in", 16, "skipped"),
        ("exercise", 1, "waiting"),
        ("exercise", 3, "skipped"),
    ],
)
def test_texts_behind_a_stopped_sender_end_when_they_are_stale(
    kind: str, hours: int, status: str
) -> None:
    message = due(kind)
    Sender.objects.update(stopped_at=CHECK_IN_AT, stopped_code=21606)
    expire_held.expire_held_messages(now=CHECK_IN_AT + timedelta(hours=hours))
    message.refresh_from_db()
    assert (message.status, message.skip_reason) == (status, "stale" if status == "skipped" else "")


def test_a_page_of_texts_worth_keeping_hides_none_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expire_held, "PAGE", 2)
    for kind in ("check_in", "check_in", "check_in", "exercise"):
        factories.program(kind=kind)
    write_due(now=CHECK_IN_AT)
    assert expire_held.expire_held_messages(now=CHECK_IN_AT + timedelta(hours=3)) == 1
    assert OutboundMessage.objects.get(status="skipped").kind == "exercise"


@pytest.mark.parametrize("count", [3, 9])
def test_a_page_costs_the_same_queries_for_any_number(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        factories.program(kind="exercise")
    write_due(now=CHECK_IN_AT)
    with django_assert_num_queries(22):
        assert expire_held.expire_held_messages(now=CHECK_IN_AT + timedelta(hours=3)) == count


def test_the_same_words_to_the_same_phone_stop_after_three(
    simulator: SimulatedTwilio, maria: Patient, settings: Settings
) -> None:
    settings.TEXTS_PER_PATIENT_PER_DAY = 50
    Clinic.objects.update(prompts_per_day=50)
    program = factories.program(maria)
    for slot in range(5):  # whatever made them: in five turns, and two in one batch
        factories.asked(
            program, slot=slot, status="waiting", at=CHECK_IN_AT + timedelta(minutes=slot // 2)
        )
        sending.send_waiting(clock=lambda: CHECK_IN_AT + timedelta(minutes=5))
    assert simulator.stats()["accepted"] == 3
    assert OutboundMessage.objects.filter(skip_reason="loop").count() == 2


def test_five_on_one_phone_are_each_welcomed_and_help_is_always_answered(
    simulator: SimulatedTwilio, maria: Patient, settings: Settings
) -> None:
    settings.TEXTS_PER_PATIENT_PER_DAY = 50
    family = [maria]
    family += factories.PatientFactory.create_batch(4, clinic=maria.clinic, phone=maria.phone)
    factories.texting(maria.clinic)
    for patient in family:
        record_consent(
            patient=patient, how="paper", words="I agree.", words_version="1",
            recorded_by=None, now=CHECK_IN_AT,
        )  # fmt: skip
    sending.send_waiting(clock=lambda: CHECK_IN_AT + timedelta(minutes=1))
    assert simulator.stats()["accepted"] == 5
    for number in range(6):
        now = CHECK_IN_AT + timedelta(minutes=10 + number)
        factories.received("help please", maria, at=now)
        read_inbound(now=now)
        sending.send_waiting(clock=lambda now=now: now)  # type: ignore[misc]  # bound at once
    assert simulator.stats()["accepted"] == 5 + 6
    assert not OutboundMessage.objects.filter(skip_reason="loop").exists()


def test_a_wording_with_a_mistake_holds_up_nobody_else(
    simulator: SimulatedTwilio, maria: Patient
) -> None:
    bad = factories.asked(factories.program(maria), status="waiting")
    OutboundMessage.objects.filter(pk=bad.pk).update(wording="no_such_wording")
    good = due()
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, bad.skip_reason) == ("skipped", "wording")
    assert good.attempts.exists()
