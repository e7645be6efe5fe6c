"""Messages between a patient's app and the clinic, beside the texts of the same conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from exercises.models import Patient, User
from hep.errors import ConflictError
from notifications import consent
from notifications.conversation.leaving import hold
from notifications.conversation.turn import Turn
from notifications.models import APP_SID, InboundMessage, OutboundMessage
from notifications.parsing import Kind, Reply, parse
from notifications.wording import Values, render


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the conversation; `from_patient` or from the clinic."""

    id: str
    from_patient: bool
    body: str
    at: datetime


@transaction.atomic
def keep_message(
    *, patient: Patient, message_id: UUID, body: str, now: datetime
) -> tuple[Bubble, str]:
    """Keep what a patient wrote in the app, once, and the words to answer with.

    Words of a red flag open an alert, words of an opt-out stop the texts, doubtful ones hold them,
    as they do in a text. Anything else waits for the clinic to read: an app has its own ways to
    tell a score. Raises ConflictError for an id that is another's.
    """
    reply = parse(body, language=patient.language)
    row, is_new = InboundMessage.objects.get_or_create(
        message_sid=f"{APP_SID}{message_id.hex}",
        defaults={
            "from_phone": str(patient.phone),
            "to_phone": "",
            "body": body,
            "received_at": now,
            "state": InboundMessage.State.HANDLED,
            "reading": reply.kind,
            "patient": patient,
        },
    )
    if row.patient_id != patient.pk:
        raise ConflictError("id", "This id is already used.", code="id_taken")
    if is_new:
        _heed(row, reply, patient, now=now)
    return Bubble(str(row.pk), True, row.body, row.received_at), _answer(reply, patient)


def _heed(row: InboundMessage, reply: Reply, patient: Patient, *, now: datetime) -> None:
    turn = Turn(row, reply, [patient], now)
    turn.heard(patient)
    if reply.flags:
        turn.alert_all()
    if reply.kind is Kind.OPT_OUT:
        sharing = Patient.objects.filter(phone=patient.phone)
        consent.opt_out(inbound=row, patients=list(sharing), now=now)
    elif reply.doubtful:
        hold(turn)


def _answer(reply: Reply, patient: Patient) -> str:
    """What the app shows at once."""
    wording = "noted"
    if reply.flags:
        wording = "red_flag"
    elif reply.kind is Kind.OPT_OUT:
        wording = "stopped"
    values = Values(first_name=patient.first_name, clinic=patient.clinic.short_name)
    return render(wording, language=patient.language, values=values)


def conversation(*, patient: Patient, user: User, before: datetime, at_most: int) -> list[Bubble]:
    """The newest messages before `before`, newest first. Two queries."""
    received = InboundMessage.objects.visible_to(user).filter(
        patient=patient, received_at__lt=before
    )
    sent = OutboundMessage.objects.visible_to(user).filter(patient=patient, attempted_at__lt=before)
    bubbles = [
        Bubble(str(row.pk), True, row.body, row.received_at)
        for row in received.order_by("-received_at")[:at_most]
    ]
    bubbles += [
        Bubble(str(row.pk), False, row.body, row.attempted_at)
        for row in sent.order_by("-attempted_at")[:at_most]
        if row.attempted_at is not None
    ]
    return sorted(bubbles, key=lambda bubble: bubble.at, reverse=True)[:at_most]
