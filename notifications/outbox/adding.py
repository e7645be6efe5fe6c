"""New rows: occurrences, replies, postponed questions, confirmations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exercises.models import Clinic, PageLink, Patient, Schedule, SignInCode, User
from exercises.rules.questions import ASKING, MainQuestion, wording_of
from exercises.rules.recurrence import Occurrence
from hep.sql import array_cursor, plain_array
from notifications.models import ConsentEvent, InboundMessage, OutboundMessage
from notifications.wording import SAFETY_WORDINGS


class Priority:
    """Who goes first while a sender is busy."""

    # The answer to a red flag: before everything else of its sender.
    SAFETY = 0
    REPLY = 5
    MESSAGE = 10
    CHECK_IN = 20
    REMINDER = 30


# By kind of schedule.
PRIORITY: dict[str, int] = {
    Schedule.Kind.CHECK_IN: Priority.CHECK_IN,
    Schedule.Kind.AVERAGE: Priority.CHECK_IN,
    Schedule.Kind.NUDGE: Priority.CHECK_IN,
    Schedule.Kind.EXERCISE: Priority.REMINDER,
    Schedule.Kind.SPLINT: Priority.REMINDER,
    Schedule.Kind.SIGNS: Priority.CHECK_IN,
    Schedule.Kind.PASS: Priority.CHECK_IN,
    Schedule.Kind.WEEK: Priority.CHECK_IN,
}


# The words with which a text asks the question of its program.
WORDINGS = {
    f"{kind} {question}": wording_of(kind, question) for kind in ASKING for question in MainQuestion
}
# One statement for a batch: who it is for comes from the schedule, what is due from the caller.
INSERT_OCCURRENCES = """
INSERT INTO notifications_outboundmessage (
    clinic_id, patient_id, to_phone, kind, schedule_id, local_date, slot, wording, names, body,
    due_at, not_before, priority, status, skip_reason, sid, created_at, updated_at)
SELECT patient.clinic_id, patient.id, patient.phone, schedule.kind, schedule.id, due.local_date,
       due.slot, COALESCE(%s::jsonb ->> (schedule.kind || ' ' || program.question), schedule.kind),
       '', '', due.due_at, due.due_at,
       (%s::jsonb ->> schedule.kind)::smallint, 'waiting', '', '', %s, %s
  FROM unnest(%s::bigint[], %s::date[], %s::smallint[], %s::timestamptz[])
       AS due(schedule_id, local_date, slot, due_at)
  JOIN exercises_schedule AS schedule ON schedule.id = due.schedule_id
  JOIN exercises_program AS program ON program.id = schedule.program_id
  JOIN exercises_patient AS patient ON patient.id = program.patient_id
ON CONFLICT ON CONSTRAINT outbound_once_per_occurrence DO NOTHING
"""


def add_occurrences(occurrences: Sequence[tuple[int, Occurrence]], *, now: datetime) -> None:
    """Insert (schedule id, occurrence) pairs as waiting; one that is there already stays as is."""
    if not occurrences:
        return
    with array_cursor() as cursor:
        cursor.execute(
            INSERT_OCCURRENCES,
            [
                json.dumps(WORDINGS),
                json.dumps(PRIORITY),
                now,
                now,
                plain_array(schedule_id for schedule_id, _ in occurrences),
                plain_array(occurrence.local_date for _, occurrence in occurrences),
                plain_array(occurrence.slot for _, occurrence in occurrences),
                plain_array(occurrence.due_at for _, occurrence in occurrences),
            ],
        )


def add_reply(
    *,
    inbound: InboundMessage,
    clinic: Clinic,
    patient: Patient | None,
    wording: str,
    now: datetime,
    names: str = "",
    detail: str = "",
    body: str = "",
    opens: PageLink | None = None,
) -> None:
    """Answer `inbound` once: the inbound row is the key, so handling it twice answers once.

    `body`: words that are known already.
    """
    OutboundMessage.objects.get_or_create(
        answers=inbound,
        defaults={
            "clinic": clinic,
            "patient": patient,
            "to_phone": inbound.from_phone,
            "kind": OutboundMessage.Kind.REPLY,
            "wording": wording,
            "names": names,
            "detail": detail,
            "body": body,
            "opens": opens,
            "due_at": now,
            "not_before": now,
            "priority": Priority.SAFETY if wording in SAFETY_WORDINGS else Priority.REPLY,
        },
    )


def add_postponed(
    *, inbound: InboundMessage, question: OutboundMessage, due_at: datetime
) -> OutboundMessage:
    """Ask `question` again at `due_at`, once for each LATER. No slot: its occurrence was sent."""
    message, _ = OutboundMessage.objects.get_or_create(
        postponed_by=inbound,
        defaults={
            "clinic_id": question.clinic_id,
            "patient_id": question.patient_id,
            "to_phone": question.to_phone,
            "kind": question.kind,
            "schedule_id": question.schedule_id,
            "local_date": question.local_date,
            "wording": question.wording,
            "due_at": due_at,
            "not_before": due_at,
            "priority": question.priority,
        },
    )
    return message


def add_confirmation(*, event: ConsentEvent, patient: Patient, due_at: datetime) -> None:
    """Confirm a recorded consent, once."""
    OutboundMessage.objects.get_or_create(
        confirms=event,
        defaults={
            "clinic_id": patient.clinic_id,
            "patient": patient,
            "to_phone": str(patient.phone),
            "kind": OutboundMessage.Kind.NOTICE,
            "wording": "welcome",
            "due_at": due_at,
            "not_before": due_at,
            "priority": Priority.REPLY,
        },
    )


def add_message(
    *, patient: Patient, body: str, client_id: UUID, written_by: User, due_at: datetime
) -> OutboundMessage:
    """Text what somebody of the clinic wrote, once for each `client_id`."""
    message, _ = OutboundMessage.objects.get_or_create(
        client_id=client_id,
        defaults={
            "clinic_id": patient.clinic_id,
            "patient": patient,
            "to_phone": str(patient.phone),
            "kind": OutboundMessage.Kind.MESSAGE,
            "written_by": written_by,
            "wording": "message",
            "body": body,
            "due_at": due_at,
            "not_before": due_at,
            "priority": Priority.MESSAGE,
        },
    )
    return message


def add_link(*, link: PageLink, patient: Patient, due_at: datetime) -> OutboundMessage:
    """Text a link to a patient's own page. While one waits to leave, it is that one."""
    waiting = OutboundMessage.objects.filter(
        opens=link, patient=patient, status=OutboundMessage.Status.WAITING
    ).first()
    return waiting or OutboundMessage.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        to_phone=str(patient.phone),
        kind=OutboundMessage.Kind.NOTICE,
        wording="link",
        opens=link,
        due_at=due_at,
        not_before=due_at,
        priority=Priority.REPLY,
    )


def add_code(*, code: SignInCode, clinic: Clinic, language: str) -> None:
    """Text a code to its phone, once. It is for the phone: whose app it is, is not known yet."""
    OutboundMessage.objects.get_or_create(
        signs_in=code,
        defaults={
            "clinic": clinic,
            "to_phone": code.phone,
            "kind": OutboundMessage.Kind.CODE,
            "wording": "code",
            # The detail itself, the code, is put in when the text leaves and is not kept.
            "detail": language,
            "due_at": code.created_at,
            "not_before": code.created_at,
            "priority": Priority.REPLY,
        },
    )
