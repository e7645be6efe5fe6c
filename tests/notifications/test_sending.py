"""From the outbox to the simulator, over HTTP with the official SDK."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from operator import add

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from exercises.models import Clinic
from exercises.services import end_program, record_check_in
from notifications import outbox
from notifications.models import (
    ClinicTexting,
    OutboundMessage,
    PhoneConsent,
    SendAttempt,
    Sender,
)
from notifications.outgoing import preparing, sending
from notifications.outgoing.due import write_due
from notifications.outgoing.pacing import Pacer
from tests import factories
from tests.factories import CHECK_IN_AT, TODAY
from tests.simulated_twilio import SimulatedTwilio
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def due_message() -> OutboundMessage:
    """A check-in that waits in the outbox."""
    factories.program()
    write_due(now=CHECK_IN_AT)
    return OutboundMessage.objects.get()


def test_a_due_text_is_accepted_delivered_and_seen_on_the_phone(
    simulator: SimulatedTwilio,
) -> None:
    message = due_message()
    assert sending.send_waiting(clock=lambda: CHECK_IN_AT) == 1
    eventually(lambda: OutboundMessage.objects.filter(status="delivered").exists())
    message.refresh_from_db()
    attempt = message.attempts.get()
    assert attempt.outcome == SendAttempt.Outcome.ACCEPTED
    assert attempt.sid == message.sid != ""
    assert simulator.texts_to(str(message.to_phone)) == [message.body]
    assert "Maria" in message.body
    statuses = attempt.events.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["sending", "sent", "delivered"]


def test_sending_again_sends_nothing(simulator: SimulatedTwilio) -> None:
    due_message()
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    assert sending.send_waiting(clock=lambda: CHECK_IN_AT) == 0
    assert simulator.stats()["accepted"] == 1


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        (21211, "failed", "refused"),
        (21610, "failed", "refused"),
        (99999, "failed", "refused"),
        (20429, "waiting", "refused"),
        (30001, "waiting", "refused"),
        (21606, "waiting", "refused"),
        (14107, "waiting", "refused"),
        (20003, "waiting", "refused"),
        (20005, "waiting", "refused"),
        (90010, "waiting", "refused"),
        (21703, "waiting", "refused"),
        (21704, "waiting", "refused"),
        (30023, "waiting", "refused"),
        (30033, "waiting", "refused"),
        (30035, "waiting", "refused"),
    ],
)
def test_a_refusal_carries_its_decision(
    simulator: SimulatedTwilio, code: int, status: str, outcome: str
) -> None:
    simulator.put_faults(error_rate=1, status=400, error_code=code)
    message = due_message()
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    message.refresh_from_db()
    assert (message.status, message.attempts.get().outcome) == (status, outcome)
    assert message.attempts.get().error_code == code
    if status == "waiting":
        sender = Sender.objects.get()
        assert (sender.stopped_code == code) or sender.paused_until > CHECK_IN_AT  # type: ignore[operator]  # one of both
        # The sender rests, so a second run sends nothing.
        sending.send_waiting(clock=lambda: CHECK_IN_AT)
        assert simulator.stats()["requests"] == 1


@pytest.mark.parametrize("code", [30003, 30008])
def test_a_phone_out_of_reach_is_tried_once_more_inside_the_window(
    simulator: SimulatedTwilio, code: int
) -> None:
    simulator.put_faults(error_rate=1, status=400, error_code=code)
    message = due_message()
    half_time = outbox.RETRY_AFTER / 2
    for turn, requests in enumerate((1, 1, 2, 2)):
        sending.send_waiting(clock=partial(add, CHECK_IN_AT, turn * half_time))
        assert simulator.stats()["requests"] == requests
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("failed", code)


@pytest.mark.parametrize(
    "faults",
    [{"error_rate": 1, "status": 500, "error_code": 20500}, {"accept_then_drop": 1}],
    ids=["5xx", "dropped"],
)
def test_an_unknown_outcome_is_never_sent_again_blindly(
    simulator: SimulatedTwilio, faults: dict[str, float]
) -> None:
    simulator.put_faults(**faults, drop_callbacks=1)
    message = due_message()
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    message.refresh_from_db()
    assert message.status == OutboundMessage.Status.UNKNOWN
    sending.send_waiting(clock=lambda: timezone.now() + timedelta(hours=1))
    assert simulator.stats()["requests"] == 1


def test_a_slow_answer_is_unknown(simulator: SimulatedTwilio, settings: Settings) -> None:
    settings.TWILIO_TIMEOUT_SECONDS = 0.2
    simulator.put_faults(latency_ms=1500, drop_callbacks=1)
    message = due_message()
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    message.refresh_from_db()
    assert message.status == OutboundMessage.Status.UNKNOWN


def test_a_late_callback_settles_an_unknown_outcome(simulator: SimulatedTwilio) -> None:
    simulator.put_faults(accept_then_drop=1)
    due_message()
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    eventually(lambda: OutboundMessage.objects.filter(status="delivered").exists())


def test_a_connection_that_was_never_made_is_tried_again() -> None:
    message = due_message()
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    message.refresh_from_db()
    assert message.status == OutboundMessage.Status.WAITING
    assert message.attempts.get().outcome == SendAttempt.Outcome.NOT_SENT


def test_callbacks_in_any_order_and_twice_end_as_delivered(simulator: SimulatedTwilio) -> None:
    simulator.put_faults(shuffle_callbacks=True, duplicate_callbacks=1)
    message = due_message()
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    attempt = message.attempts.get()
    eventually(lambda: attempt.events.count() == 6)
    message.refresh_from_db()
    assert message.status == OutboundMessage.Status.DELIVERED


def test_a_killed_worker_leaves_an_unknown_outcome_not_a_second_text(
    simulator: SimulatedTwilio,
) -> None:
    message = due_message()
    preparing.prepare(now=CHECK_IN_AT, limit=10, pacer=Pacer())  # and then the worker dies
    just_before = CHECK_IN_AT + outbox.LEASE - timedelta(seconds=1)
    assert outbox.expire_leases(now=just_before) == 0
    assert outbox.expire_leases(now=CHECK_IN_AT + outbox.LEASE) == 1
    message.refresh_from_db()
    assert message.status == OutboundMessage.Status.UNKNOWN
    assert sending.send_waiting(clock=lambda: CHECK_IN_AT + outbox.LEASE) == 0
    assert simulator.stats()["requests"] == 0


def test_a_result_without_the_lease_only_moves_forward(simulator: SimulatedTwilio) -> None:
    message = due_message()
    _, departures = preparing.prepare(now=CHECK_IN_AT, limit=10, pacer=Pacer())
    outbox.expire_leases(now=CHECK_IN_AT + outbox.LEASE)
    key = (departures[0].attempt_id, departures[0].token)
    retry = outbox.AttemptResult(*key, "refused", "waiting", retry_at=CHECK_IN_AT)
    outbox.finish_attempts([retry], now=CHECK_IN_AT)
    message.refresh_from_db()
    assert message.status == OutboundMessage.Status.UNKNOWN
    accepted = outbox.AttemptResult(*key, "accepted", "accepted", sid="SM1")
    outbox.finish_attempts([accepted], now=CHECK_IN_AT)
    message.refresh_from_db()
    assert (message.status, message.sid) == ("accepted", "SM1")


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("consent", "no_consent"),
        ("stop", "opted_out"),
        ("end", "not_active"),
        ("answer", "answered"),
        ("switch", "texting_off"),
        ("sender", "no_sender"),
    ],
)
def test_what_changed_since_it_was_due_is_seen_before_it_leaves(
    simulator: SimulatedTwilio, label: str, reason: str
) -> None:
    message = due_message()
    assert message.schedule is not None
    program = message.schedule.program
    changes: dict[str, Callable[[], object]] = {
        "consent": lambda: PhoneConsent.objects.all().delete(),
        "stop": lambda: PhoneConsent.objects.update(state="revoked"),
        "end": lambda: end_program(program=program),
        "answer": lambda: record_check_in(
            program=program, local_date=TODAY, score=3, source="app", client_id="x", now=CHECK_IN_AT
        ),
        "switch": lambda: ClinicTexting.objects.update(enabled=False),
        "sender": lambda: ClinicTexting.objects.all().delete(),
    }
    changes[label]()
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    message.refresh_from_db()
    assert (message.status, message.skip_reason) == ("skipped", reason)
    assert simulator.stats()["requests"] == 0


def test_the_daily_cap_holds_within_one_batch(
    simulator: SimulatedTwilio, settings: Settings
) -> None:
    settings.TEXTS_PER_PATIENT_PER_DAY = 2
    program = factories.program()
    Clinic.objects.update(prompts_per_day=50)
    for slot in range(4):
        factories.asked(program, slot=slot, status="waiting")
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    assert simulator.stats()["accepted"] == 2
    assert OutboundMessage.objects.filter(skip_reason="daily_cap").count() == 2


@pytest.mark.parametrize("patients", [2, 12])
def test_preparing_costs_the_same_number_of_queries(
    patients: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(patients):
        factories.program()
    write_due(now=CHECK_IN_AT)
    with django_assert_num_queries(20):
        claimed, departures = preparing.prepare(now=CHECK_IN_AT, limit=50, pacer=Pacer())
    assert (claimed, len(departures)) == (patients, patients)
