"""Messages between a patient's app and the clinic, beside the texts of the same conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from exercises.alerts import open_alert
from exercises.models import Alert, Patient, Program, User
from exercises.services import heard_from
from hep.errors import ConflictError
from notifications.consent import stop_in_app
from notifications.models import InboundMessage, OutboundMessage
from notifications.parsing import Kind, parse
from notifications.wording import Values, render

# Twilio's own begin with SM or MM.
SID = "AP"


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the conversation; `from_patient` or from the clinic."""

    id: str
    from_patient: bool
    body: str
    at: datetime


@transaction.atomic
def keep_message(
    *, patient: Patient, message_id: UUID, body: str, by: User, now: datetime
) -> tuple[Bubble, str]:
    """Keep what a patient wrote in the app, once, and the words to answer with.

    Words of a red flag open an alert, words of an opt-out stop the texts, as they do in a text.
    Anything else waits for the clinic to read: an app has its own ways to tell a score. Raises
    ConflictError for an id that is another's.
    """
    reply = parse(body, language=patient.language)
    row, is_new = InboundMessage.objects.get_or_create(
        message_sid=f"{SID}{message_id.hex}",
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
        programs = list(patient.programs.exclude(status=Program.Status.ENDED))
        for program in programs:
            heard_from(program=program, now=now)
        if reply.flags:
            open_alert(
                patient=patient,
                program=programs[0] if programs else None,
                reason=Alert.Reason.RED_FLAG,
                detail=f"Words like: {', '.join(reply.flags)}",
                now=now,
            )
        if reply.kind is Kind.OPT_OUT:
            stop_in_app(patient=patient, by=by, now=now)
    wording = "red_flag" if reply.flags else "noted"
    if reply.kind is Kind.OPT_OUT and not reply.flags:
        wording = "stopped"
    values = Values(first_name=patient.first_name, clinic=patient.clinic.short_name)
    answer = render(wording, language=patient.language, values=values)
    return Bubble(str(row.pk), True, row.body, row.received_at), answer


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
