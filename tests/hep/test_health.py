"""Is the process there, and what it needs?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from hep.celery import TICKS
from notifications.models import Heartbeat
from notifications.monitoring.heartbeat import beat, expect_ticks, sole_run

pytestmark = pytest.mark.django_db


def everything_ticks(*, now: datetime) -> None:
    """Every tick ran at `now`."""
    for name in TICKS:
        beat(name, seconds=0.1, now=now)


def test_the_process_answers() -> None:
    assert Client().get("/healthz").content == b"ok"


@pytest.mark.parametrize("host", ["127.0.0.1", "web:8000", "10.0.0.7:8000", "anything.example"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_containers_own_check_is_answered_by_any_name(
    settings: Settings, host: str, path: str
) -> None:
    settings.ALLOWED_HOSTS = ["hep.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path, headers={"host": host}).status_code in {200, 503}
    # Every other page still asks for our name.
    assert Client().get("/admin/login/", headers={"host": "evil.example"}, secure=True).status_code == 400  # fmt: skip


def test_prometheus_reads_the_figures_by_any_name_and_with_its_token_alone(
    settings: Settings,
) -> None:
    """It asks the web server itself, without TLS; once that was refused, and no alarm could ring."""
    settings.ALLOWED_HOSTS = ["hep.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    settings.METRICS_TOKEN = "for-prometheus"  # made up
    asked = {"host": "web:8000", "authorization": "Bearer for-prometheus"}
    assert b"hep_texting_on" in Client().get("/metrics", headers=asked).content
    assert Client().get("/metrics", headers={"host": "web:8000"}).status_code == 401
    settings.METRICS_TOKEN = ""
    settings.DEBUG = False
    answer = Client().get("/metrics", headers={"host": "hep.example.org"}, secure=True)
    assert answer.status_code == 404


def test_ready_when_database_broker_and_tick_are_there() -> None:
    everything_ticks(now=timezone.now())
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["ready"] is True


def test_not_ready_before_the_first_tick() -> None:
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["ticks"] == "no tick yet"


@pytest.mark.parametrize("name", TICKS)
def test_each_tick_that_stopped_is_named_with_its_lane(name: str) -> None:
    now = timezone.now()
    everything_ticks(now=now)
    late_after = timedelta(seconds=TICKS[name].late_after)
    beat(name, seconds=0.1, now=now - late_after + timedelta(seconds=5))
    assert Client().get("/readyz").status_code == 200
    beat(name, seconds=0.1, now=now - late_after - timedelta(seconds=1))
    response = Client().get("/readyz")
    assert response.status_code == 503
    detail = response.json()["checks"]["ticks"]
    assert detail.startswith(f"late: {name} ({TICKS[name].lane.name} lane, ")
    assert "," not in detail.removeprefix(f"late: {name} ({TICKS[name].lane.name} lane,")


def test_a_worker_that_starts_expects_every_tick_from_then_on() -> None:
    a_day_ago = timezone.now() - timedelta(days=1)
    Heartbeat.objects.create(name="due", at=a_day_ago)
    Heartbeat.objects.create(name="forget", at=a_day_ago)
    expect_ticks()
    marks = dict(Heartbeat.objects.values_list("name", "at"))
    assert set(marks) == set(TICKS)
    # A quick tick has to prove itself; a rare one gets its interval.
    assert marks["due"] == a_day_ago
    assert marks["forget"] > a_day_ago


class TestSoleRun:
    """Sweeps and look-ups run one at a time."""

    LASTS = timedelta(minutes=2)

    def test_a_second_run_is_told_that_one_is_under_way(self) -> None:
        now = timezone.now()
        with sole_run("unknown", lasts=self.LASTS, now=now) as first:
            with sole_run("unknown", lasts=self.LASTS, now=now) as second:
                assert (first, second) == (True, False)
            with sole_run("held", lasts=self.LASTS, now=now) as another:
                assert another
            with sole_run("unknown", lasts=self.LASTS, now=now) as third:
                assert not third
        with sole_run("unknown", lasts=self.LASTS, now=now) as after:
            assert after

    def test_a_run_that_died_holds_nobody_up_for_ever(self) -> None:
        now = timezone.now()
        Heartbeat.objects.create(name="unknown", at=now, taken_until=now + self.LASTS)
        with sole_run(
            "unknown", lasts=self.LASTS, now=now + self.LASTS - timedelta(seconds=1)
        ) as mine:
            assert not mine
        with sole_run("unknown", lasts=self.LASTS, now=now + self.LASTS) as mine:
            assert mine


def test_no_statement_of_a_request_or_a_task_runs_without_end() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("30s",)


def test_not_ready_without_a_broker(settings: Settings) -> None:
    everything_ticks(now=timezone.now())
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["checks"]["broker"]) == (503, "unreachable")


def test_the_landing_page_leads_everywhere() -> None:
    page = Client().get("/").content.decode()
    for address in ("/admin/", "/api/docs/", "/api/schema/"):
        assert f'href="{address}"' in page
