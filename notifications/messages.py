"""Messages between a patient and the clinic, beside the texts of the same conversation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from exercises.models import Alert, PageLink, Patient, User
from exercises.rules.hours import next_texting_time
from exercises.services.links import link_for
from hep.errors import ConflictError, InvalidInputError
from hep.once import one_at_a_time, refuse_other_content
from notifications import consent, outbox
from notifications.incoming import inbox
from notifications.incoming.conversation.consent_words import hold_texts
from notifications.incoming.conversation.reading import read_words
from notifications.incoming.conversation.turn import Turn, noted
from notifications.incoming.parsing import Kind, Reply
from notifications.models import (
    APP_SID,
    ClinicTexting,
    InboundMessage,
    InboxItem,
    OutboundMessage,
    PhoneConsent,
)
from notifications.wording import ASK_STOP, Values, render, safety_wording
from notifications.wording.gsm7 import to_gsm7
from notifications.wording.lint import message_problems

# Why a clinic may not write to a phone, by the state of its consent.
WHY_NOT: dict[str | None, str] = {
    None: "There is no consent on record for this phone: record it first.",
    PhoneConsent.State.REVOKED: "The patient opted out of texts.",
    PhoneConsent.State.HELD: "A text may have asked for no more: look at the phone's page first.",
}


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the conversation; `from_patient` or from the clinic.

    `state` is what became of a text, in the provider's words; `author` who wrote it, if anybody;
    `waits` that it can still be taken back.
    """

    id: str
    from_patient: bool
    body: str
    at: datetime
    state: str = ""
    author: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert between the messages of a conversation: when, why, and the note that closed it."""

    at: datetime
    alert: Alert


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


@dataclass(frozen=True, slots=True)
class MessageToMany:
    """A message before it is sent: each patient's text, and who is skipped and why."""

    texts: Sequence[tuple[Patient, str]]
    skipped: Sequence[tuple[Patient, str]]


def look_at_many(patients: Sequence[Patient], words: str) -> MessageToMany:
    """What would be sent to whom; a shared phone gets it once for each patient, by name."""
    texts: list[tuple[Patient, str]] = []
    skipped: list[tuple[Patient, str]] = []
    for patient in patients:
        try:
            texts.append((patient, check_message(patient=patient, words=words)))
        except InvalidInputError as error:
            skipped.append((patient, error.message))
    return MessageToMany(texts, skipped)


def write_to_many(
    found: MessageToMany, *, batch_id: UUID, words: str, by: User, now: datetime
) -> tuple[int, list[tuple[Patient, str]]]:
    """Text `words` to each of `found`, once for each `batch_id`.

    Returns how many were written, and who could not be since the look, with why.
    """
    late: list[tuple[Patient, str]] = []
    for patient, _ in found.texts:
        message_id = uuid5(batch_id, str(patient.pk))
        try:
            write_message(patient=patient, words=words, message_id=message_id, by=by, now=now)
        except InvalidInputError as error:
            late.append((patient, error.message))
    return len(found.texts) - len(late), late


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


def _heed(row: InboundMessage, reply: Reply, patient: Patient, *, now: datetime) -> None:
    turn = Turn(row, reply, [patient], now)
    turn.heard(patient)
    # In the app a command or a number has its own button: what is written is for a person.
    inbox.stand_unread(row, reply, [patient], now=now, always=True)
    if reply.flags:
        turn.alert_all()
    if reply.kind is Kind.OPT_OUT:
        sharing = Patient.objects.filter(phone=patient.phone)
        consent.opt_out(inbound=row, patients=list(sharing), now=now)
    elif reply.doubtful:
        hold_texts(turn, by_phone=False)


def _answer(reply: Reply, patient: Patient, *, now: datetime) -> str:
    """What the app shows at once."""
    wording, detail = noted(patient, now=now)
    if reply.kind is Kind.OPT_OUT:
        wording = "stopped_flag" if reply.flags else "stopped"
    elif reply.flags:
        wording = safety_wording(reply.flags)
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


@dataclass(frozen=True, slots=True)
class Before:
    """A place in a conversation: what is older, and of the same instant what comes behind.

    Texts of one instant are usual: Twilio tells seconds, and a batch leaves at one time. They stand
    in the order of their keys, the patient's first.
    """

    at: datetime
    # Of the message the page before ended with: its key, and whether the patient wrote it.
    key: int | None = None
    from_patient: bool = False

    def of(self, time: str, *, from_patient: bool) -> Q:
        """The condition for messages of one end, whose instant is the field `time`."""
        older = Q((f"{time}__lt", self.at))
        if self.key is None or (from_patient and not self.from_patient):
            return older
        tied = Q((time, self.at))
        if from_patient == self.from_patient:
            tied &= Q(pk__lt=self.key)
        return older | tied

    @staticmethod
    def behind(bubble: Bubble) -> Before:
        """What comes behind a message."""
        return Before(bubble.at, int(bubble.id), bubble.from_patient)


def conversation(*, patient: Patient, user: User, before: Before, at_most: int) -> list[Bubble]:
    """The newest messages before `before`, newest first. Two queries.

    Of texts that were never tried, only what somebody wrote.
    """
    received = InboundMessage.objects.visible_to(user).filter(
        before.of("received_at", from_patient=True), patient=patient
    )
    written = Q(kind=OutboundMessage.Kind.MESSAGE)
    if user.patient_id is not None:
        # What was taken back, or never left, is the clinic's to see.
        written &= Q(status=OutboundMessage.Status.WAITING)
    tried_or_written = Q(attempted_at__isnull=False) | written
    sent = (
        OutboundMessage.objects.visible_to(user)
        .filter(tried_or_written, patient=patient)
        .annotate(at=Coalesce("attempted_at", "due_at"))
        .filter(before.of("at", from_patient=False))
    )
    bubbles = [
        Bubble(str(row.pk), True, row.body, row.received_at)
        for row in received.order_by("-received_at", "-pk")[:at_most]
    ]
    bubbles += [
        bubble_of(row) for row in sent.select_related("written_by").order_by("-at", "-pk")[:at_most]
    ]
    return sorted(bubbles, key=_place, reverse=True)[:at_most]


def _place(bubble: Bubble) -> tuple[datetime, bool, int]:
    return bubble.at, bubble.from_patient, int(bubble.id)


def thread(
    *, patient: Patient, user: User, now: datetime, at_most: int
) -> list[Bubble | AlertLine]:
    """The conversation as a provider reads it, the oldest first, with what waits to leave and the
    alerts of its time. Three queries.
    """
    bubbles = conversation(
        patient=patient, user=user, before=Before(now + timedelta(days=2)), at_most=at_most
    )
    since = bubbles[-1].at if len(bubbles) == at_most else None
    alerts = Alert.objects.visible_to(user).filter(patient=patient)
    if since is not None:
        alerts = alerts.filter(opened_at__gte=since)
    rows = alerts.select_related("acknowledged_by").order_by("-opened_at")[:at_most]
    lines = [AlertLine(row.opened_at, row) for row in rows]
    return sorted([*bubbles, *lines], key=lambda row: row.at)


def bubble_of(row: OutboundMessage) -> Bubble:
    """A text to the patient as the conversation shows it."""
    reason = f": {row.get_skip_reason_display()}" if row.skip_reason else ""
    return Bubble(
        str(row.pk),
        False,
        row.body,
        row.attempted_at or row.due_at,
        state=f"{row.get_status_display()}{reason}",
        author=str(row.written_by) if row.written_by else "",
        waits=row.kind == row.Kind.MESSAGE and row.status == row.Status.WAITING,
    )
