"""What a batch of messages needs to know before it leaves, in a constant number of queries."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from exercises.models import Clinic, Patient, Program, Schedule, SignInCode
from exercises.models.people import Language
from exercises.reads.days import day_plans, told_days
from exercises.reads.holds import on_hold
from exercises.rules.plan import DayPlan
from hep.logging import HIDDEN_LINK
from notifications import consent
from notifications.models import ASKS, ClinicTexting, ClinicWording, OutboundMessage, Sender
from notifications.outgoing import asked
from notifications.outgoing.guards import ANSWERS, PROMPTS, Facts
from notifications.outgoing.page_links import PageLinks
from notifications.outgoing.recent_texts import RecentTexts
from notifications.outgoing.weeks_told import WeeksTold
from notifications.wording import FIXED, Values, render, side_said

logger = logging.getLogger(__name__)

Kind = OutboundMessage.Kind
# Texts that speak of the plan of their day.
REMINDERS = frozenset({Kind.EXERCISE, Kind.SPLINT})
# What the facts read of schedules and their programs.
OF_SCHEDULES = (
    "kind",
    "program__status",
    "program__resume_at",
    "program__side",
)
# Whether the patient has another running program, for another side.
OF_TWO_SIDES = Exists(
    Program.objects.filter(patient=OuterRef("program__patient"), status=Program.Status.ACTIVE)
    .exclude(pk=OuterRef("program"))
    .exclude(side=OuterRef("program__side"))
)


class BatchFacts:
    """The facts of a batch, fetched once.

    With `lock` the patients are locked until the transaction ends, so that two workers cannot both
    find room under the same patient's daily cap; the order of locking keeps them from a deadlock.
    """

    def __init__(
        self, messages: Sequence[OutboundMessage], *, now: datetime, lock: bool = True
    ) -> None:
        clinic_ids = {message.clinic_id for message in messages}
        patient_ids = {message.patient_id for message in messages if message.patient_id}
        schedule_ids = {message.schedule_id for message in messages if message.schedule_id}
        self._clinics: dict[int, Clinic] = Clinic.objects.in_bulk(clinic_ids)
        # Spelled out once: a phone number is parsed anew each time it is asked for.
        self._clinic_phones = {row.pk: str(row.phone) for row in self._clinics.values()}
        self._patients = self._fetch_patients(patient_ids, lock=lock)
        for message in messages:
            self._address_anew(message)
        phones = {message.to_phone for message in messages}
        self._texting: dict[int, ClinicTexting] = {
            row.clinic_id: row
            for row in ClinicTexting.objects.select_related("sender").filter(clinic__in=clinic_ids)
        }
        self._schedules: dict[int, Any] = (
            Schedule.objects.select_related("program")
            .only(*OF_SCHEDULES)
            .annotate(of_two_sides=OF_TWO_SIDES)
            .in_bulk(schedule_ids)
        )
        programs = {row.program_id for row in self._schedules.values()}
        self._unanswered = asked.unanswered(programs)
        self._on_hold = on_hold(patient_ids)
        self._consents = consent.states(phones=phones, clinics=clinic_ids)
        self._agreed = consent.agreed(phones=phones, patients=patient_ids)
        dates = {message.local_date for message in messages if message.local_date}
        self._answered = told_days(programs=programs, dates=dates)
        self._recent = RecentTexts(patients=self._patients.keys(), phones=phones, now=now)
        self._plans = self._day_plans(messages)
        self._weeks = WeeksTold(messages, self._schedules, patients=patient_ids)
        # Queried only where a text holds a code.
        codes = {message.signs_in_id for message in messages if message.signs_in_id}
        self._codes = SignInCode.objects.in_bulk(codes) if codes else {}
        patients: dict[UUID, Any] = dict(self._patients)
        self._links = PageLinks(
            messages,
            texting=self._texting,
            phones={pk: row.texted for pk, row in patients.items()},
            now=now,
            for_real=lock,
        )
        self._own_words: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
        for row in ClinicWording.objects.filter(clinic__in=clinic_ids).exclude(key__in=FIXED):
            self._own_words[row.clinic_id, row.language][row.key] = row.words

    def _fetch_patients(self, ids: Collection[UUID], *, lock: bool) -> dict[UUID, Patient]:
        rows = Patient.objects.filter(pk__in=ids).order_by("pk")
        if lock:
            rows = rows.select_for_update(of=("self",), no_key=True)
        names = ("clinic", "first_name", "language", "time_zone", "texts_from", "texts_until")
        # As text: a phone number is parsed each time it is read.
        texted = rows.only(*names).annotate(texted=Cast("phone", CharField()))
        patients: dict[UUID, Any] = {patient.pk: patient for patient in texted}
        for patient in patients.values():
            patient.clinic = self._clinics[patient.clinic_id]
        return patients

    def _address_anew(self, message: OutboundMessage) -> None:
        """To the phone that the patient has now; an answer goes to the phone that asked."""
        patient: Any = self._patients.get(message.patient_id) if message.patient_id else None
        if patient is not None and message.kind not in ANSWERS:
            message.to_phone = patient.texted

    def _plan_of(self, message: OutboundMessage, schedule: Schedule | None) -> DayPlan | None:
        """The plan that a reminder speaks of; None for every other text."""
        if schedule is None or message.local_date is None or message.kind not in REMINDERS:
            return None
        return self._plans.get((schedule.program_id, message.local_date))

    def _day_plans(self, messages: Sequence[OutboundMessage]) -> dict[tuple[UUID, date], DayPlan]:
        """What there is to do on the days that a reminder speaks of."""
        wanted: dict[UUID, set[date]] = defaultdict(set)
        for message in messages:
            if message.kind in REMINDERS and message.schedule_id and message.local_date:
                wanted[self._schedules[message.schedule_id].program_id].add(message.local_date)
        return day_plans(wanted)

    def count_text(self, message: OutboundMessage, *, now: datetime) -> None:
        """Take a place under the patient's limits, for the next message of this batch."""
        if message.kind == Kind.CHECK_IN and message.schedule_id and message.local_date:
            program = self._schedules[message.schedule_id].program_id
            self._unanswered.setdefault(program, set()).add(message.local_date)
        self._recent.keep(message, now=now)

    def count_answer(self, message: OutboundMessage) -> None:
        """Take `message` as answered, and its patient as heard from on that day."""
        if message.schedule_id and message.local_date:
            program = self._schedules[message.schedule_id].program
            self._answered.add((program.pk, message.local_date, ASKS[message.kind]))
            self._unanswered.pop(program.pk, None)
            self._weeks.count_done(message)

    def keep_asked(self, messages: Sequence[OutboundMessage]) -> None:
        """Keep what these texts tell of a week, in the transaction they leave by."""
        self._weeks.keep_asked(messages)

    def sender(self, message: OutboundMessage) -> Sender:
        """Whom the clinic texts from; only asked for messages that passed the guards."""
        return self._texting[message.clinic_id].sender

    def facts(self, message: OutboundMessage, *, body: str, now: datetime) -> Facts:
        """What is true of `message` now, if it left with these words (`body_of`)."""
        clinic = self._clinics[message.clinic_id]
        patient = self._patients.get(message.patient_id) if message.patient_id else None
        schedule = self._schedules.get(message.schedule_id) if message.schedule_id else None
        texting = self._texting.get(clinic.pk)
        zone = patient.zone if patient else ZoneInfo(clinic.time_zone)
        local_date = now.astimezone(zone).date()
        today = [
            text
            for text in self._recent.of_patient(message.patient_id)
            if patient is not None and text.at.astimezone(zone).date() == local_date
        ]
        return Facts(
            kind=message.kind,
            wording=message.wording,
            due_at=message.due_at,
            local_date=message.local_date,
            zone=zone,
            hours=patient.texting_hours if patient else (clinic.texts_from, clinic.texts_until),
            consent=self._consent_to(message),
            has_sender=texting is not None,
            texting_on=texting is None or texting.enabled,
            program_active=schedule is None or _is_active(schedule.program, now),
            on_hold=message.patient_id in self._on_hold,
            nothing_planned=self._is_nothing_planned(message),
            too_sore=self._weeks.of(message).is_sore,
            answered=self._is_answered(message, schedule),
            asked_today=any(
                text.kind == Kind.CHECK_IN and text.local_date == message.local_date
                for text in today
            ),
            silent_days=self._silent_days(message, schedule),
            prompts_today=sum(text.kind in PROMPTS for text in today),
            prompts_per_day=clinic.prompts_per_day,
            week_to_come=self._weeks.is_to_come(message.patient_id, now.astimezone(zone)),
            asked_for=message.postponed_by_id is not None,
            texts_today=len(today),
            daily_cap=settings.TEXTS_PER_PATIENT_PER_DAY,
            same_text_lately=self._recent.said_lately(message, body, now=now),
            worded=bool(body),
        )

    def _consent_to(self, message: OutboundMessage) -> str | None:
        """Of this person at this number; what stops texts to a phone stops them for everybody."""
        state = self._consents.get((message.to_phone, message.clinic_id))
        has_agreed = (message.to_phone, message.patient_id) in self._agreed
        if state == consent.State.GRANTED and message.patient_id and not has_agreed:
            return None
        return state

    def _is_nothing_planned(self, message: OutboundMessage) -> bool:
        """Whether that day's plan, or that week's, has nothing that this text could speak of."""
        if message.kind == Kind.WEEK:
            return not self._weeks.of(message).is_enough
        schedule = self._schedules.get(message.schedule_id) if message.schedule_id else None
        plan = self._plan_of(message, schedule)
        if plan is None:
            return False
        if message.kind == Kind.SPLINT:
            return len(plan.exercise_rounds) == len(plan.rounds)
        return not plan.exercise_rounds

    def _is_answered(self, message: OutboundMessage, schedule: Schedule | None) -> bool:
        answer = ASKS.get(message.kind)
        if schedule is None or answer is None or message.local_date is None:
            return False
        return (schedule.program_id, message.local_date, answer) in self._answered

    def _silent_days(self, message: OutboundMessage, schedule: Schedule | None) -> int:
        """Days before this one on which the patient was asked and did not answer anything."""
        if schedule is None or message.local_date is None:
            return 0
        asked = self._unanswered.get(schedule.program_id, ())
        return sum(day < message.local_date for day in asked)

    def body_of(self, message: OutboundMessage) -> str:
        """The words, in the patient's language; empty when they cannot be put together."""
        patient = self._patients.get(message.patient_id) if message.patient_id else None
        schedule = self._schedules.get(message.schedule_id) if message.schedule_id else None
        clinic = self._clinics[message.clinic_id]
        language = patient.language if patient else Language.ENGLISH
        detail, known = message.detail, message.body
        if message.kind == Kind.CODE:
            # What is kept of an earlier attempt has no code in it.
            code = self._codes.get(message.signs_in_id) if message.signs_in_id else None
            language, detail, known = message.detail, code.code if code else "", ""
        if HIDDEN_LINK in known:
            known = ""  # likewise: no link
        plan = self._plan_of(message, schedule)
        self._weeks.word(message)
        week = self._weeks.of(message)
        values = Values(
            first_name=patient.first_name if patient else "",
            clinic=clinic.short_name,
            names=message.names,
            detail=detail,
            phone=self._clinic_phones[clinic.pk],
            count=plan.count if plan else week.done,
            planned=week.planned,
            minutes=plan.minutes if plan else 0,
            limit=clinic.prompts_per_day,
            link=self._links.address(message),
        )
        own = self._own_words[clinic.pk, language]
        wording = self._links.wording(message, own)
        try:
            side = _side_of(schedule, language)
            return known or side + render(
                wording, language=language, values=values, own=own.get(wording)
            )
        except (KeyError, IndexError, ValueError) as error:
            # One bad wording must not hold up the batch it is in.
            logger.error("no words for message=%s: %s", message.pk, type(error).__name__)  # noqa: TRY400  # the traceback may quote the text
            return ""


def _side_of(schedule: Any, language: str) -> str:
    """Which side a text is about, where the patient has a program for each."""
    if schedule is None or not schedule.of_two_sides:
        return ""
    return side_said(schedule.program.side, language)


def _is_active(program: Program, now: datetime) -> bool:
    """Whether it texts at `now`; a pause for some days is over when its day comes."""
    if program.status == Program.Status.PAUSED:
        return program.resume_at is not None and program.resume_at <= now
    return program.status == Program.Status.ACTIVE
