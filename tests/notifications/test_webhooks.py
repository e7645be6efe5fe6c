"""Twilio's webhooks: signed, idempotent, in any order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import hypothesis
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from notifications import outbox
from notifications.models import (
    DeliveryEvent,
    InboundMessage,
    OutboundMessage,
    PhoneConsent,
    SendAttempt,
    Sender,
)
from notifications.outgoing.senders import senders_are_running
from tests import factories
from tests.conftest import AUTH_TOKEN
from tests.depth import tries
from tests.factories import CHECK_IN_AT

pytestmark = pytest.mark.django_db

INBOUND = "/webhooks/twilio/inbound/"
TEXT = {
    "MessageSid": "SM11111111111111111111111111111111",
    "From": "+14155550111",
    "To": "+14155550100",
    "Body": "6",
    "NumMedia": "0",
}


@pytest.fixture(autouse=True)
def _public_address(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://hep.example.org"


def post(path: str, form: dict[str, str], *, token: str = AUTH_TOKEN) -> Any:
    """Post as Twilio does, through a proxy that changed the host."""
    signature = RequestValidator(token).compute_signature(f"https://hep.example.org{path}", form)
    headers = {"x-twilio-signature": signature, "host": "localhost"}
    return Client().post(path, form, headers=headers)


def attempt() -> SendAttempt:
    """A request whose result we have not heard of."""
    message = factories.asked(factories.program())
    OutboundMessage.objects.filter(pk=message.pk).update(status="attempting")
    return SendAttempt.objects.create(message=message, started_at=CHECK_IN_AT)


def test_a_signed_text_is_kept_once_however_often_it_comes() -> None:
    for _ in range(2):
        response = post(INBOUND, TEXT)
        assert response.status_code == 200
        assert b"<Response/>" in response.content
    row = InboundMessage.objects.get()
    assert (row.body, str(row.from_phone), row.state) == ("6", "+14155550111", "received")


ODD = ["\x00", "9" * 5_000, "-1", "٣", "²", "x" * 5_000, "\r\n", "\U0001f600"]


@pytest.mark.parametrize(
    "odd",
    [
        {name: value}
        for name in ("NumMedia", "Body", "From", "To", "OptOutType")
        for value in (*ODD, f"{TEXT.get(name, '')}\x00")
    ],
)
def test_an_odd_field_costs_no_text(odd: dict[str, str]) -> None:
    assert post(INBOUND, TEXT | odd).status_code == 200
    assert InboundMessage.objects.get().state == "received"


@pytest.mark.parametrize("token", ["a-wrong-token", ""])
def test_a_forged_text_is_refused_and_nothing_is_kept(token: str) -> None:
    assert post(INBOUND, TEXT, token=token).status_code == 403
    assert not InboundMessage.objects.exists()


def test_a_text_without_a_signature_is_refused() -> None:
    assert Client().post(INBOUND, TEXT).status_code == 403
    assert not InboundMessage.objects.exists()


def test_a_changed_body_breaks_the_signature() -> None:
    signature = RequestValidator(AUTH_TOKEN).compute_signature(
        f"https://hep.example.org{INBOUND}", TEXT
    )
    response = Client().post(
        INBOUND, TEXT | {"Body": "0"}, headers={"x-twilio-signature": signature}
    )
    assert response.status_code == 403


def test_the_old_token_is_valid_while_it_is_rotated(settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKENS = ["the-new-token", AUTH_TOKEN]
    assert post(INBOUND, TEXT).status_code == 200


def test_a_get_is_refused() -> None:
    assert Client().get(INBOUND).status_code == 405


def test_a_text_with_a_nul_is_kept() -> None:
    assert post(INBOUND, TEXT | {"Body": "6\x00"}).status_code == 200
    assert InboundMessage.objects.get().body == "6"


def test_a_text_of_ten_thousand_characters_is_kept() -> None:
    post(INBOUND, TEXT | {"Body": "a" * 10_000})
    assert len(InboundMessage.objects.get().body) == 10_000


def test_a_text_without_a_sid_says_what_is_missing() -> None:
    response = post(INBOUND, {key: value for key, value in TEXT.items() if key != "MessageSid"})
    assert (response.status_code, response.content) == (400, b"MessageSid is missing.")


def test_a_callback_that_comes_before_our_own_commit_counts() -> None:
    started = attempt()
    post(f"/webhooks/twilio/status/?attempt={started.pk}", {"MessageStatus": "delivered"})
    late = outbox.AttemptResult(started.pk, None, "accepted", "accepted", sid="SM1")
    outbox.finish_attempts([late], now=CHECK_IN_AT)
    started.message.refresh_from_db()
    assert started.message.status == OutboundMessage.Status.DELIVERED
    assert started.message.sid == "SM1"


def test_a_callback_tells_the_sid_that_a_killed_worker_could_not_write() -> None:
    started = attempt()
    form = {"MessageStatus": "sending", "MessageSid": "SM7"}
    post(f"/webhooks/twilio/status/?attempt={started.pk}", form)
    started.message.refresh_from_db()
    assert (started.message.status, started.message.sid) == ("sending", "SM7")


@hypothesis.settings(max_examples=tries(8, 60))
@given(words=st.lists(st.sampled_from([*outbox.FROM_TWILIO, "a-new-word"]), min_size=1, max_size=8))
def test_a_status_only_moves_forward_and_every_callback_is_kept(words: list[str]) -> None:
    DeliveryEvent.objects.all().delete()
    started = attempt()
    ranks = [outbox.RANK["attempting"]]
    for word in words:
        post(f"/webhooks/twilio/status/?attempt={started.pk}", {"MessageStatus": word})
        started.message.refresh_from_db()
        ranks.append(outbox.RANK[started.message.status])
    assert ranks == sorted(ranks)
    known = [outbox.RANK[outbox.FROM_TWILIO[word]] for word in words if word in outbox.FROM_TWILIO]
    assert ranks[-1] == max(known, default=0)
    assert started.events.count() == len(words)


@pytest.mark.parametrize("query", ["", "?attempt=abc", "?attempt=99999999"])
def test_a_callback_for_nothing_of_ours_changes_nothing(query: str) -> None:
    response = post(f"/webhooks/twilio/status/{query}", {"MessageStatus": "delivered"})
    assert response.status_code == (204 if query == "?attempt=99999999" else 400)
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("name", ["MessageStatus", "MessageSid", "ErrorCode"])
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_callback_is_no_fault_of_ours(name: str, odd: str) -> None:
    form = {"MessageStatus": "delivered", "MessageSid": TEXT["MessageSid"], "ErrorCode": "30003"}
    answer = post(f"/webhooks/twilio/status/?attempt={attempt().pk}", {**form, name: odd})
    assert answer.status_code in {204, 400}


@pytest.mark.parametrize("query", ["٣", "9" * 30, "\x00", "1\x00", "²"])
def test_a_callback_for_an_odd_attempt_is_refused(query: str) -> None:
    path = f"/webhooks/twilio/status/?attempt={quote(query)}"
    assert post(path, {"MessageStatus": "delivered"}).status_code == 400


def test_an_address_without_its_last_slash_is_ours_too() -> None:
    assert post(INBOUND.removesuffix("/"), TEXT).status_code == 200
    assert InboundMessage.objects.count() == 1
    answer = post(f"/webhooks/twilio/status?attempt={attempt().pk}", {"MessageStatus": "sent"})
    assert answer.status_code == 204
    assert DeliveryEvent.objects.count() == 1


def test_the_error_code_of_a_failure_is_kept() -> None:
    started = attempt()
    form = {"MessageStatus": "undelivered", "ErrorCode": "30005"}
    post(f"/webhooks/twilio/status/?attempt={started.pk}", form)
    started.message.refresh_from_db()
    assert (started.message.status, started.message.error_code) == ("undelivered", 30005)


def tell(tried: SendAttempt, status: str, code: str = "") -> None:
    """A status callback for one attempt."""
    form = {"MessageSid": f"SM{tried.pk}", "MessageStatus": status, "ErrorCode": code}
    path = f"/webhooks/twilio/status/?attempt={tried.pk}"
    assert post(path, {key: value for key, value in form.items() if value}).status_code == 204


def test_a_phone_out_of_reach_waits_for_one_more_attempt() -> None:
    first = attempt()
    tell(first, "undelivered", "30003")
    tell(first, "undelivered", "30003")  # callbacks come twice
    tell(first, "sent")  # and late
    message = OutboundMessage.objects.get()
    assert (message.status, message.error_code) == ("waiting", 30003)
    assert message.not_before > timezone.now()
    OutboundMessage.objects.update(status="attempting")
    second = SendAttempt.objects.create(message=message, started_at=CHECK_IN_AT)
    tell(first, "undelivered", "30003")
    assert OutboundMessage.objects.get().status == "attempting"
    tell(second, "undelivered", "30003")
    assert OutboundMessage.objects.get().status == "undelivered"


def test_a_first_attempt_that_arrived_after_all_is_delivered() -> None:
    first = attempt()
    tell(first, "undelivered", "30008")
    OutboundMessage.objects.update(status="attempting")
    SendAttempt.objects.create(message=first.message, started_at=CHECK_IN_AT)
    tell(first, "delivered")
    assert OutboundMessage.objects.get().status == "delivered"


@pytest.mark.parametrize(
    ("code", "state"),
    [
        *((code, "stopped") for code in ("30002", "30032", "30033", "30034", "30035", "20005")),
        *((code, "paused") for code in ("30022", "30023", "14107")),
        *((code, "running") for code in ("30005", "30007", "99999")),
    ],
)
def test_a_callbacks_error_speaks_for_the_sender_too(
    code: str, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    tell(attempt(), "failed", code)
    sender = Sender.objects.get()
    states = {"stopped": sender.stopped_at is not None, "paused": sender.paused_until is not None}
    assert [name for name, holds in states.items() if holds] == [state] * (state != "running")
    assert ("look at the wording" in caplog.text) == (code == "30007")


def test_a_carriers_limit_for_the_day_rests_the_sender_and_is_shown() -> None:
    tell(attempt(), "failed", "30023")
    assert OutboundMessage.objects.get().status == "waiting"
    assert Sender.objects.get().paused_until > timezone.now() + timedelta(minutes=30)  # type: ignore[operator]  # it is set
    shown = senders_are_running()
    assert (shown.ok, "limit for the day" in shown.detail) == (False, True)


@pytest.mark.parametrize(
    ("codes", "stops"),
    [
        ([99_999] * 5, True),
        ([99_999] * 4, False),
        # One text that got through, or another reason, says that it is not the sender.
        ([99_999] * 6 + [None], False),
        ([99_999] * 6 + [30_003], False),
        # A code we know is what it is, however often.
        ([30_005] * 9, False),
    ],
)
def test_an_unlisted_code_for_every_text_stops_the_sender(
    codes: list[int | None], stops: bool
) -> None:
    first = attempt()
    OutboundMessage.objects.update(attempted_at=timezone.now())
    row = OutboundMessage.objects.get()
    for place, code in enumerate(codes[1:], 1):
        row.pk, row.slot, row.client_id = None, place, None
        row.status, row.error_code = ("failed", code) if code else ("delivered", None)
        row.save()
    tell(first, "failed", str(codes[0]))
    assert (Sender.objects.get().stopped_code == codes[0]) == stops


def test_a_callbacks_opt_out_revokes_consent() -> None:
    tell(attempt(), "failed", "21610")
    assert PhoneConsent.objects.get().state == "revoked"
