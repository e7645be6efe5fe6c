"""What the operator's monitoring reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import OutboundMessage
from tests import factories

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
