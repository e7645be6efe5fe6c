"""From a received text to a check-in, a change of consent, a reply or a note."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from exercises.models import CheckIn, Clinic, Patient
from exercises.selectors import answered_days
from exercises.services import record_check_in
from notifications import consent, outbox
from notifications.models import ClinicTexting, InboundMessage, OutboundMessage
from notifications.parsing import Kind, Reply, parse

logger = logging.getLogger(__name__)

# A reply answers yesterday's question until the next one is asked, and at most this long.
QUESTION_OPEN = timedelta(hours=20)
# A question a patient may have on the screen: also one whose sending we have not heard of yet.
ON_THE_PHONE = [
    status
    for status in OutboundMessage.Status
    if status not in {OutboundMessage.Status.WAITING, OutboundMessage.Status.SKIPPED}
]
READ_AT_ONCE = 100


def read_inbound(*, now: datetime) -> int:
    """Read what no task has read yet; returns how many. A text that cannot be read is parked."""
    waiting = InboundMessage.objects.filter(state=InboundMessage.State.RECEIVED)
    sids = list(
        waiting.order_by("received_at").values_list("message_sid", flat=True)[:READ_AT_ONCE]
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
            if inbound is None:
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


def _handle(inbound: InboundMessage, *, now: datetime) -> None:
    patients = list(
        Patient.objects.select_related("clinic").filter(phone=inbound.from_phone).order_by("pk")
    )
    reply = parse(inbound.body, language=patients[0].language if patients else "en")
    inbound.reading = reply.kind
    logger.info("reply %s inbound=%s", reply.kind, inbound.pk)
    if reply.kind is Kind.OPT_OUT:
        consent.opt_out(inbound=inbound, patients=patients, now=now)
    elif reply.kind is Kind.OPT_IN:
        consent.opt_in(inbound=inbound, patients=patients, now=now)
    elif reply.kind is not Kind.HELP and patients:
        _answer(inbound, reply, _texted_by(inbound, patients), now=now)
    if inbound.patient is None and len(patients) == 1:
        inbound.patient = patients[0]


def _texted_by(inbound: InboundMessage, patients: Sequence[Patient]) -> Sequence[Patient]:
    """Those of the phone's patients whose clinic texts from the number that was answered."""
    clinics = set(
        ClinicTexting.objects.filter(sender__phone=inbound.to_phone).values_list(
            "clinic_id", flat=True
        )
    )
    # A messaging service may answer from a number we do not list: then anyone may be meant.
    return [patient for patient in patients if patient.clinic_id in clinics] or patients


def _answer(
    inbound: InboundMessage, reply: Reply, patients: Sequence[Patient], *, now: datetime
) -> None:
    """A score for an open question becomes a check-in; anything else is asked about or kept."""
    questions = open_questions(patients, now=now)
    if (named := _named(inbound.body, patients)) is not None:
        patient, rest = named
        questions = [row for row in questions if row.patient_id == patient.pk]
        reply = parse(rest, language=patient.language)
        inbound.reading = reply.kind
    question = _the_question(questions)
    if question is not None and reply.score is not None:
        _record(inbound, question, reply.score, now=now)
    elif questions and question is None:
        _reply(inbound, patients[0].clinic, None, "ask_who", now=now, names=_names(questions))
    elif question is not None and reply.kind is Kind.CLARIFY:
        _reply(inbound, patients[0].clinic, question.patient, "ask_again", now=now)
    elif not _noted_today(inbound, now=now):
        _reply(inbound, patients[0].clinic, patients[0], "noted", now=now)


def _names(questions: Sequence[OutboundMessage]) -> str:
    """The first names to choose from."""
    return " / ".join(sorted({row.patient.first_name for row in questions if row.patient}))


def open_questions(patients: Collection[Patient], *, now: datetime) -> list[OutboundMessage]:
    """The newest check-in of each patient that a text now may answer: not answered before
    answered ones, so that a second score is a correction only when nothing else is open.
    """
    asked = (
        OutboundMessage.objects.filter(
            patient__in=patients,
            kind=OutboundMessage.Kind.CHECK_IN,
            status__in=ON_THE_PHONE,
            attempted_at__gt=now - QUESTION_OPEN,
        )
        .select_related("patient__clinic", "schedule__program")
        .order_by("patient_id", "-due_at")
        .distinct("patient_id")
    )
    questions = list(asked)
    answered = answered_days(
        programs={row.schedule.program_id for row in questions if row.schedule},
        dates={row.local_date for row in questions if row.local_date},
    )
    unanswered = [
        row
        for row in questions
        if row.schedule and (row.schedule.program_id, row.local_date) not in answered
    ]
    return unanswered or questions


def _the_question(questions: Sequence[OutboundMessage]) -> OutboundMessage | None:
    """The one question that can be meant, or None when there is none or a choice."""
    return questions[0] if len(questions) == 1 else None


def _named(body: str, patients: Sequence[Patient]) -> tuple[Patient, str] | None:
    """The patient whose first name stands in the text, and the text without it."""
    found = []
    for patient in patients:
        name = re.compile(rf"\b{re.escape(patient.first_name)}\b[\s,:.-]*", re.IGNORECASE)
        if name.search(body):
            found.append((patient, name.sub("", body)))
    return found[0] if len(found) == 1 and len(patients) > 1 else None


def _record(
    inbound: InboundMessage, question: OutboundMessage, score: int, *, now: datetime
) -> None:
    if question.schedule is None or question.local_date is None or question.patient is None:
        raise ValueError("a check-in question has a schedule, a date and a patient")
    recorded = record_check_in(
        program=question.schedule.program,
        local_date=question.local_date,
        score=score,
        source=CheckIn.Source.SMS,
        client_id=f"sms:{inbound.message_sid}",
    )
    inbound.patient = question.patient
    wording = "corrected" if recorded.corrected else "recorded"
    logger.info("check-in %s inbound=%s", wording, inbound.pk)
    _reply(inbound, question.patient.clinic, question.patient, wording, now=now)


def _reply(
    inbound: InboundMessage,
    clinic: Clinic,
    patient: Patient | None,
    wording: str,
    *,
    now: datetime,
    names: str = "",
) -> None:
    outbox.add_reply(
        inbound=inbound, clinic=clinic, patient=patient, wording=wording, now=now, names=names
    )


def _noted_today(inbound: InboundMessage, *, now: datetime) -> bool:
    """Whether the fixed acknowledgement went out in the last day: an auto-responder gets one."""
    return OutboundMessage.objects.filter(
        to_phone=inbound.from_phone, wording="noted", due_at__gt=now - timedelta(days=1)
    ).exists()
