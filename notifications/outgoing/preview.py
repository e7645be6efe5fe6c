"""Every text a patient would get in the next weeks, by the code that plans, checks and words them.

Nothing is sent or stored: occurrences come from the due scan's own rules, and each passes the
same guards, at its own moment, with what the texts before it would have changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from exercises.models import Patient, Program, Schedule
from exercises.rules.recurrence import Occurrence, following
from exercises.services import plan_next
from notifications.models import OutboundMessage
from notifications.outgoing.guards import reason_to_skip
from notifications.outgoing.send_facts import BatchFacts

WEEKS = 6
# What a preview tells of: a text that does not leave because of these was never meant to.
SAID_ALREADY = frozenset(
    {OutboundMessage.SkipReason.ANSWERED, OutboundMessage.SkipReason.NOT_ASKED}
)


@dataclass(frozen=True, slots=True)
class PlannedText:
    """A text at its moment: `body` when it would leave, else `skip_reason`.

    `local_date` and `local_time` are on the patient's clock.
    """

    due_at: datetime
    local_date: date
    local_time: time
    kind: str
    body: str
    skip_reason: str

    @property
    def why_not(self) -> str:
        """The reason in the provider's words."""
        return str(OutboundMessage.SkipReason(self.skip_reason).label) if self.skip_reason else ""

    @property
    def what(self) -> str:
        """The kind in the provider's words."""
        return str(OutboundMessage.Kind(self.kind).label)


def planned_texts(
    patient: Patient, *, now: datetime, weeks: int = WEEKS, answers: bool = True
) -> list[PlannedText]:
    """The texts of the next `weeks`, in order, if the patient answers each one (or none of them).

    A constant number of queries. What somebody changes meanwhile is not foreseen.
    """
    messages = _occurrences(patient, now=now, until=now + timedelta(weeks=weeks))
    if not messages:
        return []
    known = BatchFacts(messages, now=now, lock=False)
    planned = []
    for message in messages:
        message.body = known.body_of(message)
        facts = known.facts(message, body=message.body, now=message.due_at)
        reason = reason_to_skip(facts, now=message.due_at) or ""
        if reason not in SAID_ALREADY:
            planned.append(_planned(message, patient, reason))
        if not reason:
            known.count_text(message, now=message.due_at)
            if answers:
                known.count_answer(message)
                known.count_text(_thanks(message), now=message.due_at)
    return planned


def _planned(message: OutboundMessage, patient: Patient, reason: str) -> PlannedText:
    local = message.due_at.astimezone(patient.zone)
    return PlannedText(
        due_at=message.due_at,
        local_date=local.date(),
        local_time=local.time(),
        kind=message.kind,
        body="" if reason else message.body,
        skip_reason=reason,
    )


def _thanks(message: OutboundMessage) -> OutboundMessage:
    """Our answer to an answer: it counts towards the day's texts."""
    return OutboundMessage(
        patient_id=message.patient_id,
        to_phone=message.to_phone,
        kind=OutboundMessage.Kind.REPLY,
        body="",
    )


def _occurrences(patient: Patient, *, now: datetime, until: datetime) -> list[OutboundMessage]:
    """The occurrences of the patient's running schedules as messages that are not saved."""
    schedules = Schedule.objects.filter(program__patient=patient).select_related("program")
    found = []
    for schedule in schedules.order_by("pk"):
        first = _first(schedule, patient, now=now)
        if first is None:
            continue
        for occurrence in following(schedule.rule, patient.zone, first):
            if occurrence.due_at > until:
                break
            found.append(_message(schedule, patient, occurrence))
    return sorted(found, key=lambda message: message.due_at)


def _first(schedule: Schedule, patient: Patient, *, now: datetime) -> Occurrence | None:
    """The schedule's next occurrence; of a pause for some days, the first after it."""
    program = schedule.program
    if program.status == Program.Status.PAUSED and program.resume_at:
        plan_next(schedule, zone=patient.zone, now=max(now, program.resume_at))
    if schedule.next_due_at is None or schedule.next_local_date is None:
        return None
    return Occurrence(schedule.next_local_date, schedule.next_slot, schedule.next_due_at)


def _message(schedule: Schedule, patient: Patient, occurrence: Occurrence) -> OutboundMessage:
    return OutboundMessage(
        clinic_id=patient.clinic_id,
        patient=patient,
        to_phone=str(patient.phone),
        kind=schedule.kind,
        schedule_id=schedule.pk,
        local_date=occurrence.local_date,
        slot=occurrence.slot,
        wording=schedule.kind,
        due_at=occurrence.due_at,
    )


def warnings_of(patient: Patient, texts: Sequence[PlannedText]) -> list[str]:
    """What a provider should change before patients find out."""
    found = []
    if any(text.skip_reason == OutboundMessage.SkipReason.PROMPT_LIMIT for text in texts):
        found.append(
            f"More texts are planned on a day than the {patient.clinic.prompts_per_day} your "
            "patients agreed to: the last ones of the day are left out."
        )
    if any(text.skip_reason == OutboundMessage.SkipReason.NO_CONSENT for text in texts):
        found.append("There is no consent on record for this phone: nothing will be sent.")
    return found
