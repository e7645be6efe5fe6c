"""From a received text to its handling: each row once, one bad row hiding none behind it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet

from exercises.models import Patient
from hep.celery import NOW
from notifications import consent
from notifications.incoming.conversation import handle
from notifications.incoming.inbox import stand_unread
from notifications.models import ClinicTexting, InboundMessage, OutboundMessage

logger = logging.getLogger(__name__)

READ_AT_ONCE = 100
# How long one text may take before another process may try it: longer than any task of its lane
# lives, so that no two ever read the same text at once.
LEASE = timedelta(seconds=NOW.hard + 5)
# The database is away, or the run was out of time.
NOT_ITS_FAULT = (OperationalError, InterfaceError, SoftTimeLimitExceeded)


def read_inbound(*, now: datetime) -> int:
    """Read what no task has read yet; returns how many. A text that cannot be read is parked."""
    waiting = _unread(now=now).order_by("received_at", "pk")
    sids = list(waiting.values_list("message_sid", flat=True)[:READ_AT_ONCE])
    return sum(read_one(sid, now=now) for sid in sids)


def read_one(message_sid: str, *, now: datetime) -> bool:
    """Read one text, once. False when it was read already or another process is at it.

    The try is committed before the text is looked at: if looking at it ends this process, the row
    says so, and after `MOST_TRIES` it is parked for a person.
    """
    found = _unread(now=now).filter(message_sid=message_sid).first()
    if found is None or _waits_for_another(found, now=now):
        return False
    if found.tries >= InboundMessage.MOST_TRIES:
        return _park(message_sid, "It could not be read in three tries.", now=now)
    claimed = _unread(now=now).filter(pk=found.pk, tries=found.tries)
    if not claimed.update(tries=found.tries + 1, leased_until=now + LEASE):
        return False
    return _read_claimed(message_sid, now=now)


def _read_claimed(message_sid: str, *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            # The lease is ours, so whoever holds the row is only finding that out: to skip it here
            # would leave the text until the lease ends.
            inbound = (
                InboundMessage.objects.select_for_update(of=("self",))
                .filter(message_sid=message_sid, state=InboundMessage.State.RECEIVED)
                .first()
            )
            if inbound is None:
                return False
            _handle(inbound, now=now)
            inbound.state = InboundMessage.State.HANDLED
            inbound.save(update_fields=["state", "reading", "patient", "body", "from_phone"])
    except NOT_ITS_FAULT:
        raise  # it stays unread; the lease ends, and the try is counted
    except Exception as error:  # one bad text must not hide those behind it
        logger.exception("parked an inbound text")
        return _park(message_sid, type(error).__name__, now=now)
    return True


@transaction.atomic
def _park(message_sid: str, reason: str, *, now: datetime) -> bool:
    """What we cannot read a person has to."""
    unread = InboundMessage.objects.filter(
        message_sid=message_sid, state=InboundMessage.State.RECEIVED
    )
    if not unread.update(state=InboundMessage.State.PARKED, parked_reason=reason):
        return False
    parked = InboundMessage.objects.get(message_sid=message_sid)
    stand_unread(parked, None, _who_may_have_written(parked)[1], now=now)
    return True


def _unread(*, now: datetime) -> QuerySet[InboundMessage]:
    """What nobody has read, and nobody is reading."""
    nobody_is_at_it = Q(leased_until=None) | Q(leased_until__lte=now)
    return InboundMessage.objects.filter(nobody_is_at_it, state=InboundMessage.State.RECEIVED)


def _waits_for_another(inbound: InboundMessage, *, now: datetime) -> bool:
    """Whether an earlier text of the phone is still to be read: "2" after SKIP is no pain.

    Not one that failed once: what comes after it may be urgent.
    """
    earlier = Q(received_at__lt=inbound.received_at) | Q(
        received_at=inbound.received_at, pk__lt=inbound.pk
    )
    untried = Q(tries=0) | Q(leased_until__gt=now)
    unread = InboundMessage.objects.filter(
        earlier,
        untried,
        from_phone=inbound.from_phone,
        state=InboundMessage.State.RECEIVED,
    )
    return unread.exists()


def _handle(inbound: InboundMessage, *, now: datetime) -> None:
    sharing, patients = _who_may_have_written(inbound)
    handle(inbound, patients, sharing=sharing, now=now)


def _who_may_have_written(
    inbound: InboundMessage,
) -> tuple[Sequence[Patient], Sequence[Patient]]:
    """Everybody with this phone, and those of them whose clinic texts from the number that was
    answered: where several clinics share it, of the one that texted last.
    """
    patients = list(
        Patient.objects.select_related("clinic").filter(phone=inbound.from_phone).order_by("pk")
    )
    clinics = set(
        ClinicTexting.objects.filter(sender__phone=inbound.to_phone).values_list(
            "clinic_id", flat=True
        )
    )
    # A messaging service may answer from a number we do not list: then anyone may be meant.
    reached = [row for row in patients if row.clinic_id in clinics] or patients
    return patients, _of_one_clinic(reached, inbound)


def _of_one_clinic(patients: Sequence[Patient], inbound: InboundMessage) -> Sequence[Patient]:
    """Any clinic may write any phone into a record; only one whose texts somebody agreed to, and
    of several the one that texted last, can be answered.
    """
    if len({row.clinic_id for row in patients}) < 2:
        return patients
    phone = inbound.from_phone
    agreed = consent.agreed(phones=[phone], patients=[row.pk for row in patients])
    clinics = {row.clinic_id for row in patients if (phone, row.pk) in agreed}
    if not clinics:
        return patients
    texted = OutboundMessage.objects.filter(
        to_phone=phone, clinic__in=clinics, attempted_at__lte=inbound.received_at
    )
    last = texted.order_by("-attempted_at", "-pk").values_list("clinic_id", flat=True).first()
    meant = clinics if last is None else {last}
    return [row for row in patients if row.clinic_id in meant]
