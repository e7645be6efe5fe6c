"""What the operator's monitoring reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from notifications.models import OutboundMessage
from notifications.models.histograms import BUCKETS, Histogram, observe
from notifications.monitoring.heartbeat import beat
from notifications.outgoing.sending import LAG
from tests import factories

pytestmark = pytest.mark.django_db
Labels = tuple[tuple[str, str], ...]


@pytest.fixture(autouse=True)
def _with_token(settings: Settings) -> None:
    settings.METRICS_TOKEN = "for-prometheus"  # made up


def scrape() -> tuple[str, dict[tuple[str, Labels], float]]:
    """The page, and its samples as Prometheus' own format is read."""
    page = Client().get("/metrics", headers={"authorization": "Bearer for-prometheus"})
    assert page.status_code == 200
    text = page.content.decode()
    return text, {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_tell_what_waits_and_for_how_long() -> None:
    message = factories.asked(factories.program(), status="waiting")
    OutboundMessage.objects.update(not_before=timezone.now() - timedelta(minutes=2))
    page, figures = scrape()
    assert figures["hep_texts", (("status", "waiting"),)] == 1
    assert figures["hep_texts", (("status", "unknown"),)] == 0
    assert 120 <= figures["hep_oldest_waiting_seconds", ()] < 180
    assert str(message.to_phone) not in page
    assert "Maria" not in page


def test_every_figure_says_what_it_is() -> None:
    observe(LAG, [1.0])
    beat("due", seconds=0.1, now=timezone.now())
    page, figures = scrape()
    names = {line.split()[2] for line in page.splitlines() if line.startswith("# HELP ")}
    kinds = {line.split()[2] for line in page.splitlines() if line.startswith("# TYPE ")}
    assert names == kinds
    assert {"hep_texts", "hep_lag_seconds", "hep_tick_seconds", "hep_tick_age_seconds"} <= names
    assert len(figures) > 30


def test_how_late_texts_left_and_how_long_ticks_took_are_histograms() -> None:
    observe(LAG, [0.2, 0.25, 3.0])
    observe(LAG, [1_000.0])
    beat("due", seconds=0.3, now=timezone.now())
    _, figures = scrape()
    by_end = {
        dict(labels)["le"]: value
        for (name, labels), value in figures.items()
        if name == "hep_lag_seconds_bucket"
    }
    assert [by_end[end] for end in ("0.1", "0.25", "2.5", "5.0", "300.0", "+Inf")] == [
        0,
        2,
        2,
        3,
        3,
        4,
    ]
    assert figures["hep_lag_seconds_count", ()] == 4
    assert figures["hep_lag_seconds_sum", ()] == pytest.approx(1003.45)
    assert figures["hep_tick_seconds_count", (("tick", "due"),)] == 1


def test_a_large_figure_loses_no_digit() -> None:
    Histogram.objects.create(name=LAG, counts=[1_234_567] + [0] * len(BUCKETS), total=1_234_567)
    _, figures = scrape()
    assert figures["hep_lag_seconds_count", ()] == 1_234_567


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        ("", "", 404),
        ("", "Bearer ", 404),
        ("right", "", 401),
        ("right", "Bearer wrong", 401),
        ("right", "Bearer right", 200),
    ],
)
def test_metrics_are_not_open_to_the_world(
    settings: Settings, token: str, given: str, status: int
) -> None:
    settings.METRICS_TOKEN, settings.DEBUG = token, False
    headers = {"authorization": given} if given else {}
    assert Client().get("/metrics", headers=headers).status_code == status
