"""Messages between a patient and the clinic: what either writes, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from exercises.models import Alert, PageLink, Patient, User
from exercises.rules.hours import next_texting_time
from exercises.services.links import link_for
from hep.errors import ConflictError, InvalidInputError
from hep.once import one_at_a_time, refuse_other_content
from notifications import consent, outbox
from notifications.incoming import inbox
from notifications.incoming.conversation.consent_words import hold_texts
from notifications.incoming.conversation.reading import read_words
from notifications.incoming.conversation.safety import danger_of
from notifications.incoming.conversation.turn import ONE_DAY, Turn, noted
from notifications.incoming.parsing import Kind, Reply
from notifications.models import (
    APP_SID,
    ClinicTexting,
    InboundMessage,
    InboxItem,
    OutboundMessage,
    PhoneConsent,
)
from notifications.thread import Bubble
from notifications.wording import ASK_STOP, SAFETY, Values, render, safety_wording, stopped_wording
from notifications.wording.gsm7 import to_gsm7
from notifications.wording.lint import message_problems

# Why a clinic may not write to a phone, by the state of its consent.
WHY_NOT: dict[str | None, str] = {
    None: "There is no consent on record for this phone: record it first.",
    PhoneConsent.State.REVOKED: "The patient opted out of texts.",
    PhoneConsent.State.HELD: "A text may have asked for no more: look at the phone's page first.",
}


def message_text(patient: Patient, words: str) -> str:
    """The text that `words` become, in GSM-7: with the clinic's short name, and with the patient's
    first name on a phone that patients of this clinic share. Whose else it is, is not told here.
    """
    here = Patient.objects.filter(phone=patient.phone, clinic=patient.clinic_id)
    shared = here.exclude(pk=patient.pk).exists()
    who = f" for {patient.first_name}" if shared else ""
    return to_gsm7(f"{patient.clinic.short_name}{who}: {words.strip()}")


def check_message(*, patient: Patient, words: str) -> str:
    """The text that would be sent. Raises InvalidInputError at `body` when it must not be."""
    if not words.strip():
        raise InvalidInputError("body", "Write something.", code="required")
    text = message_text(patient, words)
    found = message_problems(words, text)
    if found:
        raise InvalidInputError("body", " ".join(found), code="wording")
    _refuse_untexted(patient, "body")
    return text


def _refuse_untexted(patient: Patient, field: str) -> None:
    """Raise InvalidInputError at `field` where no text may leave to `patient`."""
    state = consent.of(patient)
    if state != PhoneConsent.State.GRANTED:
        raise InvalidInputError(field, WHY_NOT[state], code="no_consent")
    texting = ClinicTexting.objects.filter(clinic=patient.clinic_id).first()
    if texting is None or not texting.enabled:
        message = "The clinic's texts are switched off." if texting else "The clinic has no sender."
        raise InvalidInputError(field, message, code="texting_off")


@transaction.atomic
def write_message(
    *, patient: Patient, words: str, message_id: UUID, by: User, now: datetime
) -> OutboundMessage:
    """Text `words` to a patient at the next hour that suits, once for each `message_id`.

    Raises InvalidInputError at `body` for words that must not go out or a phone that may not be
    texted, ConflictError for an id that is another patient's or another wording's.
    """
    one_at_a_time(message_id)
    known = OutboundMessage.objects.filter(client_id=message_id).first()
    if known is not None:
        if known.patient_id != patient.pk:
            raise ConflictError("id", "This id is already used.", code="id_taken")
        if known.body != message_text(patient, words):
            message = "The first wording was sent already. Send this one as a new message."
            raise ConflictError("body", message, code="sent_already")
        return known
    return outbox.add_message(
        patient=patient,
        body=check_message(patient=patient, words=words),
        client_id=message_id,
        written_by=by,
        due_at=next_texting_time(now, patient.zone, patient.texting_hours),
    )


@transaction.atomic
def answer_patient(
    patient: Patient | None,
    *,
    words: str,
    message_id: UUID,
    seen: Collection[UUID],
    by: User,
    now: datetime,
) -> OutboundMessage:
    """Text a patient, which handles what of theirs was read before: the inbox items `seen` (ids).

    Raises as `write_message`, and InvalidInputError at `body` while nobody knows who wrote, and
    when a colleague has answered since.
    """
    if patient is None:
        raise InvalidInputError("body", "It is not clear yet who wrote.", code="unknown")
    one_at_a_time(message_id)
    is_repeat = OutboundMessage.objects.filter(client_id=message_id).exists()
    read = InboxItem.objects.filter(patient=patient, pk__in=seen)
    if not is_repeat:
        inbox.refuse_answered(read, by=by)
    sent = write_message(patient=patient, words=words, message_id=message_id, by=by, now=now)
    if not is_repeat:
        inbox.settle(read, by=by, now=now, answer=sent)
    return sent


@transaction.atomic
def text_link(*, patient: Patient, by: User, now: datetime) -> OutboundMessage:
    """Text a patient the link to their own page, at the next hour that suits.

    Raises InvalidInputError at `patient` for a phone that may not be texted.
    """
    _refuse_untexted(patient, "patient")
    link = link_for(patient=patient, made_for=PageLink.MadeFor.PROVIDER, by=by, now=now)
    due_at = next_texting_time(now, patient.zone, patient.texting_hours)
    return outbox.add_link(link=link, patient=patient, due_at=due_at)


@transaction.atomic
def take_back(message: OutboundMessage, *, now: datetime) -> bool:
    """Take a message back that still waits; what it answered stands in the inbox again. False when
    it is on its way already.
    """
    withdrawn = outbox.withdraw(message)
    if withdrawn:
        inbox.put_back_unanswered(now=now)
    return withdrawn


@transaction.atomic
def keep_message(
    *, patient: Patient, message_id: UUID, body: str, now: datetime
) -> tuple[Bubble, str]:
    """Keep what a patient wrote in the app, once, and the words to answer with.

    Words of a red flag open an alert, words of an opt-out stop the texts, doubtful ones hold them,
    as they do in a text. Anything else waits for the clinic to read: an app has its own ways to
    tell a score. Raises ConflictError for an id that is another's.
    """
    reply = read_words(body, [patient])
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
    if not is_new:
        # Under an id that is used other words would be answered and never heeded.
        refuse_other_content(row, {"body": body})
    else:
        _heed(row, reply, patient, now=now)
    return Bubble(str(row.pk), True, row.body, row.received_at), _answer(reply, patient, now=now)


class Notes:
    """Notes beside a score or a log: a message of the patient's like any other."""

    def heed(self, *, patient: Patient, words: str, told_as: str, now: datetime) -> str:
        """Keep the note as a message, once, and the words to answer with."""
        one = uuid5(NAMESPACE_OID, f"{patient.pk}:{told_as}:{words}")
        return keep_message(patient=patient, message_id=one, body=words, now=now)[1]


def _heed(row: InboundMessage, reply: Reply, patient: Patient, *, now: datetime) -> None:
    turn = Turn(row, reply, [patient], now)
    turn.heard(patient)
    # In the app a command or a number has its own button: what is written is for a person.
    inbox.stand_unread(row, reply, [patient], now=now, always=True)
    danger = danger_of([patient], now=now)
    if reply.flags:
        turn.alert_all()
    elif danger is not None and danger.is_open:
        turn.alert(patient, Alert.Reason.RED_FLAG, urgency=danger.urgency)
    if reply.kind is Kind.OPT_OUT:
        sharing = Patient.objects.filter(phone=patient.phone)
        consent.opt_out(inbound=row, patients=list(sharing), now=now)
    elif reply.doubtful:
        hold_texts(turn, by_phone=False)


def _answer(reply: Reply, patient: Patient, *, now: datetime) -> str:
    """What the app shows at once."""
    wording, detail = noted(patient, now=now)
    danger = danger_of([patient], now=now)
    known = danger.urgency if danger and now < danger.last_at + ONE_DAY else None
    if reply.kind is Kind.OPT_OUT:
        wording = stopped_wording(reply.flags, known=known)
    elif reply.flags:
        wording = safety_wording(reply.flags, known=known)
    elif known:
        wording = SAFETY[known]
    elif reply.doubtful:
        wording = ASK_STOP
    clinic = patient.clinic
    values = Values(
        first_name=patient.first_name,
        clinic=clinic.short_name,
        phone=str(clinic.phone),
        detail=detail,
    )
    return render(wording, language=patient.language, values=values)
