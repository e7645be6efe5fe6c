"""What the operator's monitoring reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Heartbeat, OutboundMessage, SendAttempt
from tests import factories
from tests.factories import CHECK_IN_AT

pytestmark = pytest.mark.django_db


def test_metrics_tell_what_waits_and_for_how_long() -> None:
    message = factories.asked(factories.program(), status="waiting")
    OutboundMessage.objects.update(not_before=timezone.now() - timedelta(minutes=2))
    page = Client().get("/metrics").content.decode()
    figures = dict(line.rsplit(" ", 1) for line in page.splitlines())
    assert figures['hep_texts{status="waiting"}'] == "1"
    assert figures['hep_texts{status="unknown"}'] == "0"
    assert 120 <= float(figures["hep_oldest_waiting_seconds{}"]) < 180
    assert str(message.to_phone) not in page
    assert "Maria" not in page


def test_metrics_tell_how_late_texts_left_and_how_long_a_tick_took() -> None:
    message = factories.asked(factories.program())
    for seconds in (1, 3):
        SendAttempt.objects.create(
            message=message,
            started_at=CHECK_IN_AT,
            finished_at=CHECK_IN_AT + timedelta(seconds=seconds),
            outcome="accepted",
        )
    Heartbeat.objects.create(name="due", at=timezone.now(), seconds=0.25)
    page = Client().get("/metrics").content.decode()
    assert 'hep_lag_seconds{quantile="0.5"} 2\n' in page
    assert 'hep_tick_seconds{tick="due"} 0.25\n' in page


def test_metrics_of_an_empty_service_have_no_lag() -> None:
    assert "hep_lag_seconds" not in Client().get("/metrics").content.decode()
