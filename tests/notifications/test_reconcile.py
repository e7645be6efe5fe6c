"""Unknown outcomes are settled from Twilio's list, never by sending again blindly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from exercises.models import CheckIn
from notifications import outbox
from notifications.incoming import inbound
from notifications.models import InboundMessage, OutboundMessage
from notifications.outgoing import preparing, reconcile, sending
from notifications.outgoing.pacing import Pacer
from notifications.transports import open_transport
from notifications.transports.twilio import TwilioTransport
from tests import factories
from tests.simulated_twilio import SimulatedTwilio
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)
SURELY = outbox.LEASE + reconcile.LIST_IS_COMPLETE_AFTER


def unknown_message(simulator: SimulatedTwilio, kind: str, **faults: float) -> OutboundMessage:
    """A text of which we heard nothing; it was sent now, at an hour that suits the patient."""
    program = factories.program(kind=kind, now=factories.MORNING)
    message = factories.asked(program, status="waiting")
    OutboundMessage.objects.filter(pk=message.pk).update(kind=kind, wording=kind)
    simulator.put_faults(**faults, drop_callbacks=1)
    now = timezone.now()
    _, departures = preparing.prepare(now=factories.CHECK_IN_AT, limit=1, pacer=Pacer())
    message.attempts.update(started_at=now)
    requests_before = simulator.stats()["requests"]
    outbox.finish_attempts([sending_now(departure) for departure in departures], now=now)
    assert simulator.stats()["requests"] == requests_before + 1
    OutboundMessage.objects.filter(pk=message.pk).update(not_before=now - timedelta(days=1))
    requests.delete(f"{simulator.url}/faults", timeout=5)
    message.refresh_from_db()
    assert message.status == OutboundMessage.Status.UNKNOWN
    return message


def sending_now(departure: preparing.Departure) -> outbox.AttemptResult:
    async def once() -> outbox.AttemptResult:
        async with open_transport() as transport:
            return await sending.attempt(transport, departure, clock=lambda: factories.CHECK_IN_AT)

    return asyncio.run(once())


def settled(message: OutboundMessage, *, at: datetime) -> str:
    reconcile.settle_unknown(now=at)
    message.refresh_from_db()
    return message.status


def test_a_text_that_went_out_is_found_on_the_list(simulator: SimulatedTwilio) -> None:
    message = unknown_message(simulator, "check_in", accept_then_drop=1)
    assert settled(message, at=timezone.now()) == "delivered"
    assert message.sid == simulator.conversation(str(message.to_phone))[0]["sid"]
    assert simulator.stats()["accepted"] == 1


@pytest.mark.parametrize(("kind", "status"), [("check_in", "waiting"), ("exercise", "failed")])
def test_a_text_that_is_provably_absent(simulator: SimulatedTwilio, kind: str, status: str) -> None:
    message = unknown_message(simulator, kind, error_rate=1, status=500)
    assert settled(message, at=timezone.now()) == "unknown"
    assert settled(message, at=timezone.now() + SURELY - timedelta(seconds=10)) == "unknown"
    assert settled(message, at=timezone.now() + SURELY + timedelta(minutes=1)) == status


def test_a_second_loss_is_the_end(simulator: SimulatedTwilio) -> None:
    message = unknown_message(simulator, "check_in", error_rate=1, status=500)
    later = timezone.now() + SURELY + timedelta(minutes=1)
    settled(message, at=later)
    message.attempts.create(started_at=timezone.now())
    OutboundMessage.objects.update(status="unknown")
    assert settled(message, at=later + timedelta(minutes=5)) == "failed"


def test_without_an_answer_from_twilio_it_stays_unknown(
    simulator: SimulatedTwilio, settings: Settings
) -> None:
    message = unknown_message(simulator, "check_in", error_rate=1, status=500)
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"
    assert settled(message, at=timezone.now() + timedelta(days=1)) == "unknown"


def test_the_text_of_another_message_is_not_taken_for_this_one(
    simulator: SimulatedTwilio,
) -> None:
    message = unknown_message(simulator, "check_in", accept_then_drop=1)
    sid = simulator.conversation(str(message.to_phone))[0]["sid"]
    other = factories.asked(message.schedule.program, slot=1)  # type: ignore[union-attr]  # it has one
    OutboundMessage.objects.filter(pk=other.pk).update(sid=sid)
    assert settled(message, at=timezone.now()) == "unknown"


@pytest.mark.parametrize(
    "shown",
    ["Sent from your Twilio trial account - {body}", "", "[redacted]", "{body}.", "ANOTHER CASE"],
)
def test_a_text_is_never_called_absent_by_its_words(
    simulator: SimulatedTwilio, monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    message = unknown_message(simulator, "check_in", accept_then_drop=1)
    _list_shows(monkeypatch, lambda body: shown.format(body=body))
    assert settled(message, at=timezone.now() + SURELY + timedelta(minutes=1)) == "delivered"
    assert message.sid


def test_of_two_texts_each_finds_its_own_by_its_words(
    simulator: SimulatedTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = unknown_message(simulator, "check_in", accept_then_drop=1)
    sid = simulator.conversation(str(message.to_phone))[0]["sid"]
    real = TwilioTransport.texts_to

    async def with_another(self: TwilioTransport, phone: str, *, since: datetime) -> Any:
        (own,) = await real(self, phone, since=since)
        return [replace(own, sid="SM" + "9" * 32, body="Something else"), own]

    monkeypatch.setattr(TwilioTransport, "texts_to", with_another)
    assert settled(message, at=timezone.now()) == "delivered"
    assert message.sid == sid


def test_what_was_read_before_a_second_attempt_does_not_settle_it(
    simulator: SimulatedTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = unknown_message(simulator, "check_in", error_rate=1, status=500)
    later = timezone.now() + SURELY + timedelta(minutes=1)
    real = TwilioTransport.texts_to

    def begin_another() -> None:
        message.attempts.create(started_at=later)
        connection.close()

    async def overtaken(self: TwilioTransport, phone: str, *, since: datetime) -> Any:
        shown = await real(self, phone, since=since)
        # Meanwhile another sweep settled it, and its second attempt was lost too.
        await asyncio.to_thread(begin_another)
        return shown

    monkeypatch.setattr(TwilioTransport, "texts_to", overtaken)
    assert settled(message, at=later) == "unknown"


def test_two_sweeps_at_once_settle_a_text_once(simulator: SimulatedTwilio) -> None:
    message = unknown_message(simulator, "check_in", error_rate=1, status=500)
    later = timezone.now() + SURELY + timedelta(minutes=1)

    def sweep(_: int) -> int:
        try:
            return reconcile.settle_unknown(now=later)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(sweep, range(4))) == 1
    message.refresh_from_db()
    assert message.status == "waiting"


def _list_shows(monkeypatch: pytest.MonkeyPatch, words: Callable[[str], str]) -> None:
    real = TwilioTransport.texts_to

    async def other_words(self: TwilioTransport, phone: str, *, since: datetime) -> Any:
        shown = await real(self, phone, since=since)
        return [replace(text, body=words(text.body)) for text in shown]

    monkeypatch.setattr(TwilioTransport, "texts_to", other_words)


def test_a_text_half_way_for_hours_is_asked_after(simulator: SimulatedTwilio) -> None:
    message = unknown_message(simulator, "check_in", accept_then_drop=1)
    sid = simulator.conversation(str(message.to_phone))[0]["sid"]
    now = timezone.now()
    OutboundMessage.objects.update(status="sent", sid=sid, due_at=now, updated_at=now)
    assert reconcile.poll_half_way(now=now + timedelta(hours=2)) == 0
    assert reconcile.poll_half_way(now=now + timedelta(hours=4)) == 1
    message.refresh_from_db()
    assert message.status == "delivered"


def test_a_look_up_that_failed_is_made_again_soon(
    simulator: SimulatedTwilio, settings: Settings
) -> None:
    message = unknown_message(simulator, "check_in", accept_then_drop=1)
    sid = simulator.conversation(str(message.to_phone))[0]["sid"]
    now = timezone.now()
    OutboundMessage.objects.update(status="sent", sid=sid, due_at=now, updated_at=now)
    there, settings.TWILIO_API_BASE_URL = settings.TWILIO_API_BASE_URL, "http://127.0.0.1:9"
    assert reconcile.poll_half_way(now=now + timedelta(hours=4)) == 0
    settings.TWILIO_API_BASE_URL = there
    assert reconcile.poll_half_way(now=now + timedelta(hours=4, minutes=9)) == 0
    assert reconcile.poll_half_way(now=now + timedelta(hours=4, minutes=11)) == 1


@pytest.mark.parametrize(("days", "hours", "asked"), [(4, 23, 0), (4, 25, 1), (15, 200, 0)])
def test_the_questions_grow_rarer_with_age_and_end(
    simulator: SimulatedTwilio, days: int, hours: int, asked: int
) -> None:
    message = unknown_message(simulator, "check_in", accept_then_drop=1)
    sid = simulator.conversation(str(message.to_phone))[0]["sid"]
    now = timezone.now()
    ages = {"due_at": now - timedelta(days=days), "updated_at": now - timedelta(hours=hours)}
    OutboundMessage.objects.update(status="sent", sid=sid, **ages)
    assert reconcile.poll_half_way(now=now) == asked


def test_an_answer_that_never_reached_the_webhook_is_taken_in(
    simulator: SimulatedTwilio,
) -> None:
    program = factories.program()
    now = timezone.now()
    factories.asked(program, at=now - timedelta(minutes=1))
    phone = str(program.patient.phone)
    simulator.text_from(phone, "6")
    eventually(InboundMessage.objects.exists)
    InboundMessage.objects.all().delete()  # as if the webhook had been lost
    assert reconcile.take_in_missed(now=timezone.now()) == 1
    assert reconcile.take_in_missed(now=timezone.now()) == 0
    inbound.read_inbound(now=timezone.now())
    assert CheckIn.objects.get().score == 6
