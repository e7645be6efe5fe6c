"""Is the process there, and what it needs?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from notifications.monitoring.heartbeat import DUE_TICK, LATE, beating

pytestmark = pytest.mark.django_db


def tick(*, now: datetime) -> None:
    """The due tick ran."""
    with beating(DUE_TICK, now=now):
        pass


def test_the_process_answers() -> None:
    assert Client().get("/healthz").content == b"ok"


def test_ready_when_database_broker_and_tick_are_there() -> None:
    tick(now=timezone.now())
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["ready"] is True


def test_not_ready_before_the_first_tick() -> None:
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["tick"] == "no tick yet"


def test_not_ready_when_the_ticks_stopped() -> None:
    tick(now=timezone.now() - LATE - timedelta(seconds=1))
    assert Client().get("/readyz").status_code == 503


def test_not_ready_without_a_broker(settings: Settings) -> None:
    tick(now=timezone.now())
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["checks"]["broker"]) == (503, "unreachable")


def test_the_landing_page_leads_everywhere() -> None:
    page = Client().get("/").content.decode()
    for address in ("/admin/", "/api/docs/", "/api/schema/"):
        assert f'href="{address}"' in page
