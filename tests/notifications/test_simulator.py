"""The simulator speaks Twilio's wire format; the official SDK is the judge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from notifications.simulator.postman import Account
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.simulated_twilio import SimulatedTwilio, SimulatorThread
from tests.waiting import eventually
from tests.webhook_catcher import WebhookCatcher

PHONE = "+14155550111"
CLINIC = "+14155550100"


@pytest.fixture
def catcher() -> Iterator[WebhookCatcher]:
    """A server that keeps every webhook."""
    running = WebhookCatcher()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def twilio(catcher: WebhookCatcher) -> Iterator[SimulatedTwilio]:
    """A simulator whose webhooks are caught."""
    account = Account(ACCOUNT_SID, AUTH_TOKEN, f"{catcher.url}/inbound", (CLINIC,))
    thread = SimulatorThread(account)
    yield thread.start()
    thread.stop()


def sdk(twilio: SimulatedTwilio, token: str = AUTH_TOKEN) -> Client:
    client = Client(ACCOUNT_SID, token)
    client.api.base_url = twilio.url
    return client


def send(twilio: SimulatedTwilio, **changes: Any) -> Any:
    form = {"to": PHONE, "from_": CLINIC, "body": "Hello"} | changes
    return sdk(twilio).messages.create(**form)


def test_the_sdk_creates_fetches_lists_and_redacts(twilio: SimulatedTwilio) -> None:
    created = send(twilio, body="Hello there")
    assert created.sid.startswith("SM")
    assert (created.status, created.direction, created.num_segments) == (
        "queued",
        "outbound-api",
        "1",
    )
    fetched = sdk(twilio).messages(created.sid).fetch()
    assert (fetched.body, fetched.status) == ("Hello there", "delivered")
    assert [row.sid for row in sdk(twilio).messages.list(to=PHONE)] == [created.sid]
    assert sdk(twilio).messages(created.sid).update(body="").body == ""


def test_a_messaging_service_starts_as_accepted(twilio: SimulatedTwilio) -> None:
    service = "MG00000000000000000000000000000000"
    created = sdk(twilio).messages.create(to=PHONE, messaging_service_sid=service, body="Hi")
    assert (created.status, created.messaging_service_sid) == ("accepted", service)


def test_the_list_is_filtered_and_paged(twilio: SimulatedTwilio) -> None:
    for number in range(7):
        send(twilio, to=f"+141555501{number:02d}", body=f"text {number}")
    messages = sdk(twilio).messages
    assert len(messages.list(page_size=3)) == 7
    assert [row.body for row in messages.list(to="+14155550104")] == ["text 4"]
    now = datetime.now(UTC)
    assert len(messages.list(date_sent=now.date())) == 7
    assert messages.list(date_sent_after=now + timedelta(minutes=1)) == []
    assert len(messages.list(date_sent_before=now + timedelta(minutes=1), from_=CLINIC)) == 7


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "12"}, 21211),
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550009"}, 21614),
        ({"to": ""}, 21604),
        ({"body": ""}, 21602),
        ({"body": "a" * 1601}, 21617),
        ({"from_": "+14155550177"}, 21659),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": ""}, 21603),
        ({"status_callback": "not a url"}, 21609),
        ({"validity_period": 36_001}, 20001),
    ],
)
def test_bad_requests_get_twilios_codes(
    twilio: SimulatedTwilio, changes: dict[str, Any], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(twilio, **changes)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert twilio.stats()["accepted"] == 0


def test_a_wrong_token_is_refused(twilio: SimulatedTwilio) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk(twilio, token="wrong").messages.create(to=PHONE, from_=CLINIC, body="x")
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_an_unknown_message_is_not_found(twilio: SimulatedTwilio) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk(twilio).messages("SM00000000000000000000000000000000").fetch()
    assert refused.value.status == 404


def test_callbacks_are_signed_and_walk_to_delivered(
    twilio: SimulatedTwilio, catcher: WebhookCatcher
) -> None:
    created = send(twilio, status_callback=f"{catcher.url}/status?attempt=7")
    caught = eventually(lambda: catcher.caught if len(catcher.caught) == 3 else None)
    assert [hook.form["MessageStatus"] for hook in caught] == ["sending", "sent", "delivered"]
    for hook in caught:
        assert hook.form["MessageSid"] == created.sid
        assert RequestValidator(AUTH_TOKEN).validate(
            hook.url, hook.form, hook.headers["X-Twilio-Signature"]
        )
        assert hook.headers["I-Twilio-Idempotency-Token"]


def test_a_reply_reaches_the_webhook_signed(
    twilio: SimulatedTwilio, catcher: WebhookCatcher
) -> None:
    send(twilio)
    bubble = twilio.text_from(PHONE, "6")
    hook = eventually(lambda: next(iter(catcher.caught), None))
    assert (hook.form["Body"], hook.form["From"], hook.form["To"]) == ("6", PHONE, CLINIC)
    assert hook.form["MessageSid"] == bubble["sid"]
    assert RequestValidator(AUTH_TOKEN).validate(
        hook.url, hook.form, hook.headers["X-Twilio-Signature"]
    )


def test_stop_and_start_work_as_at_twilio(twilio: SimulatedTwilio, catcher: WebhookCatcher) -> None:
    send(twilio)
    twilio.text_from(PHONE, "Stop")
    assert "unsubscribed" in twilio.texts_to(PHONE)[-1]
    with pytest.raises(TwilioRestException) as refused:
        send(twilio)
    assert refused.value.code == 21610
    twilio.text_from(PHONE, "START")
    assert "re-subscribed" in twilio.texts_to(PHONE)[-1]
    send(twilio, body="Welcome back")
    twilio.text_from(PHONE, "HELP")
    assert "Reply STOP" in twilio.texts_to(PHONE)[-1]
    eventually(lambda: len(catcher.caught) == 3)


class TestFaults:
    """Each fault does what it says."""

    def test_errors_with_a_code(self, twilio: SimulatedTwilio) -> None:
        twilio.put_faults(error_rate=1, status=429, error_code=20429)
        with pytest.raises(TwilioRestException) as refused:
            send(twilio)
        assert (refused.value.status, refused.value.code) == (429, 20429)

    def test_accepted_and_dropped(self, twilio: SimulatedTwilio) -> None:
        twilio.put_faults(accept_then_drop=True)
        with pytest.raises(requests.ConnectionError):
            send(twilio)
        assert twilio.stats()["accepted"] == 1

    def test_callbacks_lost_or_doubled(
        self, twilio: SimulatedTwilio, catcher: WebhookCatcher
    ) -> None:
        twilio.put_faults(drop_callbacks=1)
        send(twilio, status_callback=f"{catcher.url}/lost")
        twilio.put_faults(duplicate_callbacks=1)
        send(twilio, status_callback=f"{catcher.url}/doubled")
        eventually(lambda: len(catcher.caught) == 6)
        assert {hook.url.rsplit("/", 1)[1] for hook in catcher.caught} == {"doubled"}

    def test_replies_doubled(self, twilio: SimulatedTwilio, catcher: WebhookCatcher) -> None:
        twilio.put_faults(duplicate_inbound=1)
        twilio.text_from(PHONE, "6")
        eventually(lambda: len(catcher.caught) == 2)
        assert len({hook.form["MessageSid"] for hook in catcher.caught}) == 1

    def test_the_end_of_faults(self, twilio: SimulatedTwilio) -> None:
        twilio.put_faults(error_rate=1)
        requests.delete(f"{twilio.url}/faults", timeout=5)
        assert send(twilio).sid

    @pytest.mark.parametrize("faults", [{"error_rate": 2}, {"no_such": 1}, {"status": 200}])
    def test_nonsense_is_refused(self, twilio: SimulatedTwilio, faults: dict[str, Any]) -> None:
        response = requests.put(f"{twilio.url}/faults", json=faults, timeout=5)
        assert response.status_code == 400
        assert next(iter(faults)) in response.text


def test_stats_count_duplicates_by_phone_body_and_day(twilio: SimulatedTwilio) -> None:
    send(twilio, body="a")
    send(twilio, body="a")
    send(twilio, body="b")
    stats = twilio.stats()
    assert (stats["requests"], stats["accepted"], stats["duplicates"]) == (3, 3, 1)


def test_the_phones_are_listed_newest_first(twilio: SimulatedTwilio) -> None:
    send(twilio, to="+14155550111")
    send(twilio, to="+14155550112")
    phones = requests.get(f"{twilio.url}/phones", timeout=5).json()
    assert [row["number"] for row in phones] == ["+14155550112", "+14155550111"]
    assert twilio.conversation("+14155550199") == []


def test_a_phone_needs_a_body(twilio: SimulatedTwilio) -> None:
    for payload in ("{}", "not json"):
        answer = requests.post(f"{twilio.url}/phones/{PHONE}/messages", data=payload, timeout=5)
        assert answer.status_code == 400


def test_the_simulator_refuses_to_start_outside_debug(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("simulator")
