"""What `/metrics` tells of texts. No figure speaks of a patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import accumulate

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily

from hep.health import metrics_source
from notifications.models import Heartbeat, Histogram, InboundMessage, OutboundMessage, Sender
from notifications.models.histograms import BUCKETS
from notifications.monitoring.heartbeat import TICK, late_ticks
from notifications.outgoing import senders
from notifications.outgoing.sending import LAG

Status = OutboundMessage.Status
# States that partial indexes cover: counting them costs the same with a million texts behind.
WATCHED = (Status.WAITING, Status.ATTEMPTING, Status.UNKNOWN)


@metrics_source
def texts() -> Iterator[Metric]:
    """Texts that are not over, unread texts, senders, and how long ticks and texts take."""
    now = timezone.now()
    rows = OutboundMessage.objects.filter(status__in=WATCHED).values_list("status")
    counts = dict(rows.annotate(Count("pk")).order_by())
    open_texts = GaugeMetricFamily("hep_texts", "Texts that are not over.", labels=["status"])
    for status in WATCHED:
        open_texts.add_metric([status.value], counts.get(status, 0))
    yield open_texts
    oldest = OutboundMessage.objects.filter(status=Status.WAITING).aggregate(at=Min("not_before"))
    waited = (now - oldest["at"]).total_seconds() if oldest["at"] else 0.0
    yield _gauge(
        "hep_oldest_waiting_seconds", "How long the oldest due text waits.", max(0.0, waited)
    )
    unread = InboundMessage.objects.filter(state=InboundMessage.State.RECEIVED).count()
    yield _gauge("hep_unread_texts", "Texts received that no task has read yet.", unread)
    # Of a day: nothing says that a person has read one, and an old one must not hide the next.
    parked = InboundMessage.objects.filter(
        state=InboundMessage.State.PARKED, received_at__gt=now - timedelta(days=1)
    ).count()
    yield _gauge("hep_parked_texts", "Texts of a day that could not be read.", parked)
    stopped = Sender.objects.exclude(stopped_at=None).count()
    yield _gauge("hep_stopped_senders", "Senders that wait for a person.", stopped)
    yield _gauge("hep_texting_on", "1 while texts may leave.", float(senders.texting_is_on()))
    yield _ages(now)
    late = len(late_ticks(now=now))
    yield _gauge("hep_late_ticks", "Ticks that should have run; /readyz names them.", late)
    yield from _histograms(Histogram.objects.all())


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _ages(now: datetime) -> Metric:
    family = GaugeMetricFamily("hep_tick_age_seconds", "Since the tick last ran.", labels=["tick"])
    for row in Heartbeat.objects.order_by("name"):
        family.add_metric([row.name], max(0.0, (now - row.at).total_seconds()))
    return family


def _histograms(rows: Iterable[Histogram]) -> Iterator[Metric]:
    """How long each tick takes, and how late texts leave."""
    ticks = HistogramMetricFamily("hep_tick_seconds", "How long a tick took.", labels=["tick"])
    for row in rows:
        ends = [*(str(end) for end in BUCKETS), "+Inf"]
        buckets = list(zip(ends, map(float, accumulate(row.counts)), strict=True))
        if row.name == LAG:
            about = "From due to accepted by Twilio."
            yield HistogramMetricFamily("hep_lag_seconds", about, buckets, row.total)
        else:
            ticks.add_metric([row.name.removeprefix(TICK)], buckets, row.total)
    yield ticks
