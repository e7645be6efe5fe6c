"""What `/metrics` tells of texts. No figure speaks of a patient."""

from __future__ import annotations

from django.db.models import Count, Min
from django.utils import timezone

from hep.health import Metric, metrics_source
from notifications.models import InboundMessage, OutboundMessage, Sender

Status = OutboundMessage.Status
# States that partial indexes cover: counting them costs the same with a million texts behind.
WATCHED = (Status.WAITING, Status.ATTEMPTING, Status.UNKNOWN)


@metrics_source
def texts() -> list[Metric]:
    """Open texts by status, how long the oldest due one has waited (seconds), unread texts."""
    now = timezone.now()
    rows = OutboundMessage.objects.filter(status__in=WATCHED).values_list("status")
    counts = dict(rows.annotate(Count("pk")).order_by())
    oldest = OutboundMessage.objects.filter(status=Status.WAITING).aggregate(at=Min("not_before"))
    dwell = (now - oldest["at"]).total_seconds() if oldest["at"] else 0.0
    unread = InboundMessage.objects.filter(state=InboundMessage.State.RECEIVED).count()
    stopped = Sender.objects.exclude(stopped_at=None).count()
    return [
        *(
            Metric("hep_texts", counts.get(status, 0), (("status", status.value),))
            for status in WATCHED
        ),
        Metric("hep_oldest_waiting_seconds", max(0.0, dwell)),
        Metric("hep_unread_texts", unread),
        Metric("hep_stopped_senders", stopped),
    ]
