"""What refusals mean beyond their own text: for the sender, and for the phone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from hep.health import Readiness, readiness_check
from notifications import consent
from notifications.models import OutboundMessage, Sender
from notifications.outbox import AttemptResult
from notifications.pacing import Line
from notifications.transports.base import Decision

logger = logging.getLogger(__name__)

# How long a sender rests after "too many requests".
PAUSE = timedelta(seconds=2)


def open_lines(*, now: datetime) -> list[Line]:
    """The lines of senders that may send now. One query."""
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    senders = Sender.objects.filter(rested, stopped_at=None)
    return [Line(sender.pk, sender.segments_per_second) for sender in senders]


def heed(results: Sequence[AttemptResult], *, now: datetime) -> None:
    """Act on refusals that concern more than one text; the texts themselves are settled."""
    for result in results:
        if result.decision is Decision.STOP_SENDER:
            stop(_sender_of(result), code=result.error_code, now=now)
        elif result.decision is Decision.SLOW_DOWN:
            _sender_of(result).update(paused_until=now + PAUSE)
        elif result.decision is Decision.OPTED_OUT:
            message = OutboundMessage.objects.get(attempts=result.attempt_id)
            consent.opt_out_at_carrier(phone=message.to_phone, now=now)


def _sender_of(result: AttemptResult) -> QuerySet[Sender]:
    return Sender.objects.filter(clinics__clinic__messages__attempts=result.attempt_id)


def stop(senders: QuerySet[Sender], *, code: int | None, now: datetime) -> None:
    """Let nothing leave from these senders until `restart`."""
    ids = list(senders.filter(stopped_at=None).values_list("pk", flat=True))
    if Sender.objects.filter(pk__in=ids).update(stopped_at=now, stopped_code=code):
        logger.error("stopped senders=%s after error %s: a person must look", ids, code)


def restart(senders: QuerySet[Sender]) -> int:
    """Let them send again; what waited is looked at once more before it leaves."""
    return senders.exclude(stopped_at=None).update(
        stopped_at=None, stopped_code=None, paused_until=None
    )


@readiness_check("senders")
def senders_are_running() -> Readiness:
    """Whether no sender is stopped."""
    stopped = Sender.objects.exclude(stopped_at=None).count()
    return Readiness(ok=not stopped, detail=f"{stopped} stopped" if stopped else "ok")
