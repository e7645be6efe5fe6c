"""What refusals mean beyond their own text: for the sender, and for the phone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from hep.health import Readiness, readiness_check
from notifications import consent
from notifications.models import OutboundMessage, Sender, TextingSwitch
from notifications.outbox import ENDED, AttemptResult
from notifications.outgoing.pacing import Line
from notifications.transports.base import Decision

logger = logging.getLogger(__name__)

# How long a sender rests after "too many requests".
PAUSE = timedelta(seconds=2)
# And after a carrier's limit for a day: it is not known when that day ends.
LONG_PAUSE = timedelta(hours=1)
# As many texts to an end within this time, all with one unlisted code: it is not the patients'.
FEWEST_ALIKE = 5
LATELY = timedelta(minutes=15)


def open_lines(*, now: datetime) -> list[Line]:
    """The lines of senders that may send now. Two queries."""
    if not texting_is_on():
        return []
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    senders = Sender.objects.filter(rested, stopped_at=None)
    return [Line(sender.pk, sender.segments_per_second) for sender in senders]


def texting_is_on() -> bool:
    """Whether neither the setting nor the operator's switch has stopped every text."""
    return settings.TEXTING_ENABLED and not TextingSwitch.objects.filter(is_on=False).exists()


def apply_refusals(results: Sequence[AttemptResult], *, now: datetime) -> None:
    """Act on refusals that concern more than one text; the texts themselves are settled."""
    by_decision: dict[Decision, list[AttemptResult]] = {}
    for result in results:
        if result.decision is not None:
            by_decision.setdefault(result.decision, []).append(result)
    for decision, refused in by_decision.items():
        messages = OutboundMessage.objects.filter(
            attempts__in=[result.attempt_id for result in refused]
        )
        apply_refusal(decision, messages, code=refused[0].error_code, now=now)


def apply_refusal(
    decision: Decision, messages: QuerySet[OutboundMessage], *, code: int | None, now: datetime
) -> None:
    """Act on one decision about `messages`: for their senders, or for their phones."""
    senders = Sender.objects.filter(clinics__clinic__messages__in=messages)
    if decision is Decision.STOP_SENDER:
        stop(senders, code=code, now=now)
    elif decision is Decision.SLOW_DOWN:
        Sender.objects.filter(pk__in=senders.values("pk")).update(paused_until=now + PAUSE)
    elif decision is Decision.DAY_IS_FULL:
        Sender.objects.filter(pk__in=senders.values("pk")).update(paused_until=now + LONG_PAUSE)
        logger.error("a carrier takes no more texts today (error %s)", code)
    elif decision is Decision.UNLISTED:
        ours = [row.pk for row in senders.distinct() if _every_text_gets(code, row, now=now)]
        stop(Sender.objects.filter(pk__in=ours), code=code, now=now)
    elif decision is Decision.OPTED_OUT:
        for phone in messages.values_list("to_phone", flat=True).distinct().order_by("to_phone"):
            consent.opt_out_at_carrier(phone=phone, now=now)
    elif decision is Decision.FILTERED:
        logger.error("a carrier filtered texts (error %s): look at the wording", code)


def _every_text_gets(code: int | None, sender: Sender, *, now: datetime) -> bool:
    """Whether all texts of this sender that came to an end lately ended with `code`."""
    ended = OutboundMessage.objects.filter(
        clinic__texting__sender=sender, attempted_at__gt=now - LATELY, status__in=ENDED
    )
    codes = list(ended.values_list("error_code", flat=True)[: FEWEST_ALIKE * 20])
    return len(codes) >= FEWEST_ALIKE and set(codes) == {code}


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
    if not texting_is_on():
        return Readiness(ok=True, detail="texting is switched off")
    stopped = Sender.objects.exclude(stopped_at=None).count()
    a_while = timezone.now() + 2 * PAUSE
    full = Sender.objects.filter(stopped_at=None, paused_until__gt=a_while).count()
    said = {"stopped": stopped, "at a carrier's limit for the day": full}
    detail = ", ".join(f"{count} {what}" for what, count in said.items() if count)
    return Readiness(ok=not detail, detail=detail or "ok")
