"""What `/metrics` tells of texts. No figure speaks of a patient."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone

from hep.health import Metric, metrics_source
from notifications.models import Heartbeat, InboundMessage, OutboundMessage, Sender
from notifications.outgoing import senders

Status = OutboundMessage.Status
# States that partial indexes cover: counting them costs the same with a million texts behind.
WATCHED = (Status.WAITING, Status.ATTEMPTING, Status.UNKNOWN)


@metrics_source
def texts() -> list[Metric]:
    """Open texts by status, how long the oldest due one has waited (seconds), unread texts,
    ticks and lag."""
    now = timezone.now()
    rows = OutboundMessage.objects.filter(status__in=WATCHED).values_list("status")
    counts = dict(rows.annotate(Count("pk")).order_by())
    oldest = OutboundMessage.objects.filter(status=Status.WAITING).aggregate(at=Min("not_before"))
    dwell = (now - oldest["at"]).total_seconds() if oldest["at"] else 0.0
    unread = InboundMessage.objects.filter(state=InboundMessage.State.RECEIVED).count()
    ticks = {row.name: row.seconds for row in Heartbeat.objects.all()}
    stopped = Sender.objects.exclude(stopped_at=None).count()
    return [
        *(
            Metric("hep_texts", counts.get(status, 0), (("status", status.value),))
            for status in WATCHED
        ),
        Metric("hep_oldest_waiting_seconds", max(0.0, dwell)),
        Metric("hep_unread_texts", unread),
        Metric("hep_stopped_senders", stopped),
        Metric("hep_texting_on", float(senders.texting_is_on())),
        *(Metric("hep_tick_seconds", took, (("tick", name),)) for name, took in ticks.items()),
        *_lag(),
    ]


# By id, so that the newest attempts are read without an index on their time.
LAG = """
SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
           ORDER BY extract(epoch FROM recent.finished_at - message.due_at))
  FROM (SELECT message_id, finished_at FROM notifications_sendattempt
         WHERE outcome = 'accepted' ORDER BY id DESC LIMIT 1000) AS recent
  JOIN notifications_outboundmessage AS message ON message.id = recent.message_id
"""


def _lag() -> list[Metric]:
    """Seconds from due to accepted, of the last thousand accepted texts."""
    with connection.cursor() as cursor:
        cursor.execute(LAG)
        (lags,) = cursor.fetchone()
    quantiles = zip(("0.5", "0.99"), lags or (), strict=False)
    return [Metric("hep_lag_seconds", lag, (("quantile", name),)) for name, lag in quantiles]
