"""What a batch of messages needs to know before it leaves, in a constant number of queries."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from exercises.models import Clinic, Patient, Program, Schedule
from exercises.models.people import Language
from exercises.selectors import answered_days
from notifications import consent
from notifications.guards import LATELY, Facts
from notifications.models import ClinicTexting, OutboundMessage, Sender
from notifications.wording import render

logger = logging.getLogger(__name__)

# No local day is longer; a little slack for days on which clocks go back.
LONGEST_DAY = timedelta(hours=26)


class BatchFacts:
    """The facts of a batch, fetched once.

    The patients are locked until the transaction ends, so that two workers cannot both find room
    under the same patient's daily cap; the order of locking keeps them from a deadlock.
    """

    def __init__(self, messages: Sequence[OutboundMessage], *, now: datetime) -> None:
        self._now = now
        clinic_ids = {message.clinic_id for message in messages}
        patient_ids = {message.patient_id for message in messages if message.patient_id}
        schedule_ids = {message.schedule_id for message in messages if message.schedule_id}
        self._clinics: dict[int, Clinic] = Clinic.objects.in_bulk(clinic_ids)
        self._patients: dict[UUID, Patient] = {
            patient.pk: patient
            for patient in Patient.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=patient_ids)
            .order_by("pk")
            # Not the phone: reading it would parse it, and the message has it.
            .only("clinic", "first_name", "language", "time_zone", "texts_from", "texts_until")
        }
        for patient in self._patients.values():
            patient.clinic = self._clinics[patient.clinic_id]
        self._texting: dict[int, ClinicTexting] = {
            row.clinic_id: row
            for row in ClinicTexting.objects.select_related("sender").filter(clinic__in=clinic_ids)
        }
        self._schedules: dict[int, Schedule] = Schedule.objects.select_related("program").in_bulk(
            schedule_ids
        )
        self._consents = consent.states(
            phones={message.to_phone for message in messages}, clinics=clinic_ids
        )
        self._answered = answered_days(
            programs={row.program_id for row in self._schedules.values()},
            dates={message.local_date for message in messages if message.local_date},
        )
        self._texts_today: Counter[UUID] = Counter()
        self._same_text: Counter[tuple[str, str]] = Counter()
        self._count_texts({message.to_phone for message in messages})

    def _count_texts(self, phones: Collection[str]) -> None:
        """Texts tried since each patient's midnight, and the same words lately. One query."""
        recent = OutboundMessage.objects.filter(
            Q(patient__in=self._patients.keys()) | Q(to_phone__in=phones),
            attempted_at__gt=self._now - LONGEST_DAY,
            # No text is tried later than this, and the index is by due time.
            due_at__gt=self._now - 2 * LONGEST_DAY,
        ).values_list("patient_id", "to_phone", "body", "attempted_at")
        for patient_id, to_phone, body, attempted_at in recent:
            if attempted_at is None:
                continue
            self._same_text[to_phone, body] += attempted_at > self._now - LATELY
            if patient_id in self._patients:
                zone = self._patients[patient_id].zone
                today = self._now.astimezone(zone).date()
                self._texts_today[patient_id] += attempted_at.astimezone(zone).date() == today

    def count_text(self, message: OutboundMessage) -> None:
        """Take a place under the patient's cap, for the next message of this batch."""
        self._same_text[message.to_phone, message.body] += 1
        if message.patient_id:
            self._texts_today[message.patient_id] += 1

    def sender(self, message: OutboundMessage) -> Sender:
        """Whom the clinic texts from; only asked for messages that passed the guards."""
        return self._texting[message.clinic_id].sender

    def facts(self, message: OutboundMessage) -> Facts:
        """What is true of `message` now; also sets its body, if the wording has no mistake."""
        clinic = self._clinics[message.clinic_id]
        patient = self._patient(message)
        schedule = self._schedules.get(message.schedule_id) if message.schedule_id else None
        texting = self._texting.get(clinic.pk)
        message.body = self._body(message)
        return Facts(
            kind=message.kind,
            due_at=message.due_at,
            local_date=message.local_date,
            zone=patient.zone if patient else ZoneInfo(clinic.time_zone),
            hours=patient.texting_hours if patient else (clinic.texts_from, clinic.texts_until),
            consent=self._consents.get((message.to_phone, clinic.pk)),
            has_sender=texting is not None,
            texting_on=texting is None or texting.enabled,
            program_active=schedule is None or schedule.program.status == Program.Status.ACTIVE,
            answered=self._is_answered(message, schedule),
            texts_today=self._texts_today[patient.pk] if patient else 0,
            daily_cap=settings.TEXTS_PER_PATIENT_PER_DAY,
            same_text_lately=self._same_text[message.to_phone, message.body],
            worded=bool(message.body),
        )

    def _is_answered(self, message: OutboundMessage, schedule: Schedule | None) -> bool:
        if schedule is None or message.kind != OutboundMessage.Kind.CHECK_IN:
            return False
        return (schedule.program_id, message.local_date) in self._answered

    def _body(self, message: OutboundMessage) -> str:
        """The words, in the patient's language; empty when they cannot be put together."""
        patient = self._patient(message)
        try:
            return message.body or render(
                message.wording,
                language=patient.language if patient else Language.ENGLISH,
                first_name=patient.first_name if patient else "",
                clinic=self._clinics[message.clinic_id].short_name,
                names=message.names,
            )
        except (KeyError, IndexError, ValueError) as error:
            # One bad wording must not hold up the batch it is in.
            logger.error("no words for message=%s: %s", message.pk, type(error).__name__)  # noqa: TRY400  # the traceback may quote the text
            return ""

    def _patient(self, message: OutboundMessage) -> Patient | None:
        return self._patients.get(message.patient_id) if message.patient_id else None
