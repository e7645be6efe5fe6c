"""From a received text to its handling: each row once, one bad row hiding none behind it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from exercises.models import Patient
from notifications.conversation import handle
from notifications.models import ClinicTexting, InboundMessage

logger = logging.getLogger(__name__)

READ_AT_ONCE = 100


def read_inbound(*, now: datetime) -> int:
    """Read what no task has read yet; returns how many. A text that cannot be read is parked."""
    waiting = InboundMessage.objects.filter(state=InboundMessage.State.RECEIVED)
    sids = list(
        waiting.order_by("received_at", "pk").values_list("message_sid", flat=True)[:READ_AT_ONCE]
    )
    return sum(read_one(sid, now=now) for sid in sids)


def read_one(message_sid: str, *, now: datetime) -> bool:
    """Read one text, once. False when it was read already or another process is at it."""
    try:
        with transaction.atomic():
            inbound = (
                InboundMessage.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(message_sid=message_sid, state=InboundMessage.State.RECEIVED)
                .first()
            )
            if inbound is None or _waits_for_another(inbound):
                return False
            _handle(inbound, now=now)
            inbound.state = InboundMessage.State.HANDLED
            inbound.save(update_fields=["state", "reading", "patient"])
    except (OperationalError, InterfaceError):
        raise  # the database is away, which is no fault of this text: it stays unread
    except Exception as error:  # one bad text must not hide those behind it
        logger.exception("parked an inbound text")
        InboundMessage.objects.filter(message_sid=message_sid).update(
            state=InboundMessage.State.PARKED, parked_reason=type(error).__name__
        )
    return True


def _waits_for_another(inbound: InboundMessage) -> bool:
    """Whether an earlier text of the phone is not read yet: "2" after SKIP is no pain."""
    earlier = Q(received_at__lt=inbound.received_at) | Q(
        received_at=inbound.received_at, pk__lt=inbound.pk
    )
    unread = InboundMessage.objects.filter(
        earlier, from_phone=inbound.from_phone, state=InboundMessage.State.RECEIVED
    )
    return unread.exists()


def _handle(inbound: InboundMessage, *, now: datetime) -> None:
    patients = list(
        Patient.objects.select_related("clinic").filter(phone=inbound.from_phone).order_by("pk")
    )
    handle(inbound, _texted_by(inbound, patients), sharing=patients, now=now)


def _texted_by(inbound: InboundMessage, patients: Sequence[Patient]) -> Sequence[Patient]:
    """Those of the phone's patients whose clinic texts from the number that was answered."""
    clinics = set(
        ClinicTexting.objects.filter(sender__phone=inbound.to_phone).values_list(
            "clinic_id", flat=True
        )
    )
    # A messaging service may answer from a number we do not list: then anyone may be meant.
    return [patient for patient in patients if patient.clinic_id in clinics] or patients
