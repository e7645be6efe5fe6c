"""What a reading does: the record, the programs, consent and alerts, and the one answer.

`handle` runs inside the transaction that marks the text as handled, so that each effect and the
answer happen once with it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import formats, translation

from exercises.alerts import open_alert
from exercises.models import Alert, CheckIn, Patient, Program, SessionLog
from exercises.models.people import Language
from exercises.models.records import MOST_SPLINT_HOURS
from exercises.recurrence import instant_of
from exercises.services import (
    LogSpec,
    give_reason,
    heard_from,
    log_session,
    pause_program,
    record_check_in,
    resume_program,
    take_back,
)
from notifications import consent, outbox
from notifications.models import InboundMessage, OutboundMessage
from notifications.parsing import Kind, Reply, parse
from notifications.parsing.plain import plain
from notifications.questions import ASK_WHY, SCORES, Question, open_ones, questions_of

logger = logging.getLogger(__name__)

# Twilio answers these itself; a second answer would be one too many.
TWILIO_ANSWERS = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
    | {"start", "yes", "unstop", "help", "info"}
)
# Advanced Opt-Out tells how Twilio read the text, also with a clinic's own keywords.
BY_TWILIO = {"STOP": Kind.OPT_OUT, "START": Kind.OPT_IN, "HELP": Kind.HELP}
REASONS = SessionLog.Reason.values
# What stands around a name that is said alone.
NAMING = re.compile(r"\b(?:it'?s|is|this|for|about|me|i'?m|es|soy|para|de|sobre)\b")
LOGS = frozenset(SessionLog.Kind.values)
# How far back UNDO reaches, and how long a name alone completes the text before it.
ONE_DAY = timedelta(days=1)
# Readings whose effect can be taken back.
UNDOABLE = [Kind.SCORE, Kind.RED_FLAG, Kind.DONE, Kind.SKIP, Kind.PAUSE]


def handle(
    inbound: InboundMessage,
    patients: Sequence[Patient],
    *,
    sharing: Sequence[Patient],
    now: datetime,
) -> None:
    """Do what the text asks for, once, and answer it at most once.

    `sharing` has everybody with this phone, whom an opt-out is for; `patients` those of them whose
    clinic texts from the number that was answered. A stranger's text is kept and not answered.
    """
    reply = _read(inbound, patients)
    news = reply.kind is Kind.OPT_OUT and consent.opt_out(
        inbound=inbound, patients=sharing, now=now
    )
    _Turn(inbound, reply, list(patients), now, consent_changed=news).take()


def _read(inbound: InboundMessage, patients: Sequence[Patient]) -> Reply:
    """The reading; Twilio's own word on consent comes first, and a name hides no STOP."""
    if inbound.opt_out_type in BY_TWILIO:
        return Reply(BY_TWILIO[inbound.opt_out_type])
    language = patients[0].language if patients else "en"
    reply = parse(inbound.body, language=language)
    named = _named(inbound.body, patients)
    if named is not None and reply.kind is not Kind.OPT_OUT:
        rest = parse(named[1], language=language)
        if rest.kind in {Kind.OPT_OUT, Kind.HELP}:
            return rest
    return reply


@dataclass
class _Turn:
    """One text and what is known around it."""

    inbound: InboundMessage
    reply: Reply
    patients: list[Patient]
    now: datetime
    consent_changed: bool = False
    questions: list[Question] = field(default_factory=list)
    # When it was said: a text that is read late speaks of its own day.
    said_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Twilio's clock may be ahead of ours."""
        self.said_at = min(self.inbound.received_at, self.now)

    def take(self) -> None:
        """Keywords of consent, or what the one patient who is meant has to say."""
        self.inbound.reading = self.reply.kind
        logger.info("reply %s inbound=%s", self.reply.kind, self.inbound.pk)
        if not self.patients:
            return
        if self.reply.kind in CONSENT:
            CONSENT[self.reply.kind](self)
        else:
            self._hear_patient()
        if self.inbound.patient is None and len(self.patients) == 1:
            self.inbound.patient = self.patients[0]

    # --- consent ------------------------------------------------------------------------------
    def opt_out(self) -> None:
        """Confirm once, unless Twilio does. The clinic still hears of a red flag."""
        if self.reply.flags:
            self._alert_all()
        if self.consent_changed and not self._twilio_answers():
            self.answer("stopped", self.patients[0])

    def opt_in(self) -> None:
        """Resume; a YES that resumes nothing is no answer to anything either."""
        changed = consent.opt_in(inbound=self.inbound, patients=self.patients, now=self.now)
        if changed and not self._twilio_answers():
            self.answer("started", self.patients[0])
        elif not changed:
            self._note()

    def help(self) -> None:
        """Who we are and how to stop, unless Twilio tells."""
        if not self._twilio_answers():
            self.answer("help", self.patients[0])

    def _twilio_answers(self) -> bool:
        # Twilio wants the bare word; "Stop." it leaves to us.
        word = self.inbound.body.strip().casefold()
        return bool(self.inbound.opt_out_type) or word in TWILIO_ANSWERS

    # --- the patient who is meant -------------------------------------------------------------
    def _hear_patient(self) -> None:
        self._resolve_name()
        self.questions = questions_of(self.patients, now=self.said_at)
        if len(self.patients) == 1:
            self._heard(self.patients[0])
        if self.reply.doubtful:
            self._hold()
        elif self.reply.kind is Kind.RED_FLAG:
            self._red_flag()
        elif not (self._answers_why() or self._answers_hours()):
            COMMANDS.get(self.reply.kind, _Turn._note)(self)

    def _resolve_name(self) -> None:
        """On a shared phone a first name tells who is meant; alone it completes the text before."""
        named = _named(self.inbound.body, self.patients)
        if named is None:
            return
        patient, rest = named
        if not re.search(r"\w", NAMING.sub("", rest)):
            asked = OutboundMessage.objects.filter(
                to_phone=self.inbound.from_phone,
                wording="ask_who",
                due_at__gt=self.now - ONE_DAY,
            ).select_related("answers")
            newest = asked.order_by("-due_at", "-pk").first()
            before = newest.answers if newest else None
            # Once: what has found its patient is not counted for the next.
            if before is not None and before.patient_id is None:
                rest = before.body
                self.said_at = min(before.received_at, self.said_at)
                before.patient = patient
                before.save(update_fields=["patient"])
        self.patients = [patient]
        self.reply = parse(rest, language=patient.language)
        self.inbound.reading = self.reply.kind

    def _heard(self, patient: Patient) -> None:
        self.inbound.patient = patient
        for program in patient.programs.filter(status=Program.Status.ACTIVE):
            heard_from(program=program, now=self.now)

    def _one(self, questions: Sequence[Question]) -> Question | None:
        """The one question meant; asks who is meant when two patients have one."""
        if len(questions) > 1:
            self._ask_who([question.patient for question in questions])
            return None
        return questions[0] if questions else None

    def _ask_who(self, patients: Collection[Patient]) -> None:
        names = " / ".join(sorted({patient.first_name for patient in patients}))
        self.answer("ask_who", self.patients[0], names=names)

    # --- readings -----------------------------------------------------------------------------
    def _hold(self) -> None:
        """Perhaps an opt-out: text nothing more until somebody has looked."""
        consent.hold(inbound=self.inbound, patients=self.patients, now=self.now)
        for patient in self.patients:
            self._alert(patient, Alert.Reason.DOUBTFUL_OPT_OUT)

    def _red_flag(self) -> None:
        """Tell the clinic and the patient at once; a score in the same text counts too."""
        self._alert_all()
        scored = open_ones(self.questions, SCORES)
        if self.reply.score is not None and len(scored) == 1:
            self._record(scored[0], self.reply.score)
        self.answer("red_flag", self.patients[0])

    def _alert_all(self) -> None:
        """Nobody is left out when it is not clear who is meant."""
        detail = f"Words like: {', '.join(self.reply.flags)}"
        for patient in self.patients:
            self._alert(patient, Alert.Reason.RED_FLAG, detail)

    def _alert(self, patient: Patient, reason: str, detail: str = "") -> None:
        program = patient.programs.exclude(status=Program.Status.ENDED).first()
        open_alert(patient=patient, program=program, reason=reason, detail=detail, now=self.now)

    def score(self) -> None:
        """A number for the open question."""
        candidates = open_ones(self.questions, SCORES)
        question = self._one(candidates)
        if question is not None and self.reply.score is not None:
            corrected = self._record(question, self.reply.score)
            self.answer("corrected" if corrected else "recorded", question.patient)
        elif not candidates:
            self._note()

    def _record(self, question: Question, score: int) -> bool:
        recorded = record_check_in(
            program=question.program,
            local_date=question.local_date,
            kind=question.about,
            score=score,
            source=CheckIn.Source.SMS,
            client_id=_client_id(self.inbound),
            note=self.reply.note,
            now=self.now,
        )
        self.inbound.patient = question.patient
        return recorded.corrected

    def log(self) -> None:
        """DONE or SKIP, for the newest reminder or for today."""
        outcome = (
            SessionLog.Outcome.DONE if self.reply.kind is Kind.DONE else SessionLog.Outcome.SKIPPED
        )
        candidates = open_ones(self.questions, LOGS)
        question = self._one(candidates)
        if question is not None:
            target = (question.program, question.about, question.local_date)
        elif candidates or (program := self._only_program()) is None:
            return
        else:
            today = self.said_at.astimezone(program.patient.zone).date()
            target = (program, SessionLog.Kind.EXERCISE, today)
        self._log(*target, LogSpec(target[1], outcome))
        skipped = outcome == SessionLog.Outcome.SKIPPED
        self.answer(ASK_WHY if skipped else "done", target[0].patient)

    def _log(self, program: Program, kind: str, local_date: date, log: LogSpec) -> None:
        log_session(
            program=program,
            local_date=local_date,
            log=replace(log, kind=kind),
            source=CheckIn.Source.SMS,
            client_id=_client_id(self.inbound),
            now=self.now,
        )
        self.inbound.patient = program.patient

    def _only_program(self) -> Program | None:
        """The active program of the one patient; otherwise says what is missing."""
        programs = [
            program
            for patient in self.patients
            for program in patient.programs.filter(status=Program.Status.ACTIVE)[:1]
        ]
        if len(programs) > 1:
            self._ask_who(self.patients)
        elif not programs:
            self._note()
        return programs[0] if len(programs) == 1 else None

    def _answers_why(self) -> bool:
        """A number from 1 to 5, or words, right after we asked why something was skipped."""
        asked = self._why_asked()
        if asked is None or asked.patient is None or asked.answers is None:
            return False
        number = self.reply.score
        if self.reply.kind is Kind.SCORE and number and number <= len(REASONS):
            reason = REASONS[number - 1]
        elif self.reply.kind is Kind.REASON:
            reason = self.reply.note
        elif self.reply.kind is Kind.SCORE and self._asked_for_pain():
            return False  # 0 and 6 to 10 are no reasons, so they are the pain that is still open
        elif self.reply.kind in {Kind.SCORE, Kind.CLARIFY}:
            self.answer(ASK_WHY, asked.patient)
            return True
        else:
            return False
        self.inbound.reading = Kind.REASON
        self.inbound.patient = asked.patient
        give_reason(client_id=_client_id(asked.answers), patient=asked.patient, reason=reason)
        self.answer("reason_kept", asked.patient)
        return True

    def _asked_for_pain(self) -> bool:
        return any(not row.answered for row in open_ones(self.questions, SCORES))

    def _why_asked(self) -> OutboundMessage | None:
        """The newest "why?", if it is the last thing we asked and still waits for its answer."""
        newest = self.questions[0].message.attempted_at if self.questions else None
        asked = (
            OutboundMessage.objects.filter(
                to_phone=self.inbound.from_phone,
                wording=ASK_WHY,
                patient__in=self.patients,
                due_at__gt=self.now - ONE_DAY,
            )
            .select_related("answers", "patient__clinic")
            .order_by("-due_at", "-pk")
        )
        for message in asked:
            if newest is not None and message.due_at < newest:
                return None
            log = SessionLog.objects.filter(
                program__patient=message.patient,
                client_id=_client_id(message.answers) if message.answers else "",
                undone_at=None,
            ).first()
            # A "why?" that was asked again hangs on the reply that could not be read.
            if log is not None:
                return None if log.reason else message
        return None

    def _answers_hours(self) -> bool:
        """Hours of the splint: "6" when that is the newest question, "6 hours" while it is open."""
        splint = [row for row in self.questions if row.about == SessionLog.Kind.SPLINT]
        candidates = [row for row in open_ones(splint, LOGS) if not row.answered]
        if len(candidates) != 1 or self.reply.kind not in HOURS_AS:
            return False
        question = candidates[0]
        if self.reply.minutes is None and question is not self.questions[0]:
            return False
        hours = Decimal(self.reply.minutes) / 60 if self.reply.minutes else self.reply.score
        if hours is None or hours > MOST_SPLINT_HOURS:
            self.answer("ask_hours", question.patient)
            return True
        # "None" is a night without it.
        outcome = SessionLog.Outcome.DONE if hours else SessionLog.Outcome.SKIPPED
        log = LogSpec(question.about, outcome, hours=round(Decimal(hours), 1))
        self._log(question.program, question.about, question.local_date, log)
        # A score by another name: UNDO finds it.
        self.inbound.reading = Kind.SCORE
        self.answer("hours_kept", question.patient)
        return True

    def later(self) -> None:
        """Ask once more in a while, if that is still today and within the patient's hours."""
        unanswered = [question for question in self.questions if not question.answered]
        newest = {question.patient.pk: question for question in reversed(unanswered)}
        question = self._one(list(newest.values()))
        if question is None:
            if not newest:
                self._note()
            return
        due_at = self.now + timedelta(minutes=self.reply.minutes or 0)
        patient = question.patient
        local = due_at.astimezone(patient.zone)
        first, until = patient.texting_hours
        self.inbound.patient = patient
        if local.date() != question.local_date or not first <= local.time() < until:
            self.answer("too_late", patient)
            return
        outbox.add_postponed(inbound=self.inbound, question=question.message, due_at=due_at)
        self.answer("later", patient, detail=_clock(local.time(), patient))

    def pause(self) -> None:
        """No texts for some days; another length while it lasts replaces it."""
        running = [
            program
            for patient in self.patients
            for program in patient.programs.exclude(status=Program.Status.ENDED)
            if program.status == Program.Status.ACTIVE or program.resume_at is not None
        ]
        who = {program.patient_id: program.patient for program in running}
        if len(who) != 1:
            self._ask_who(self.patients) if who else self._note()
            return
        patient = running[0].patient
        until = self.said_at.astimezone(patient.zone).date() + timedelta(days=self.reply.days or 0)
        while instant_of(until, time.min, patient.zone) is None:
            until += ONE_DAY
        for program in running:
            pause_program(program=program, until=until)
        self.inbound.patient = patient
        self.answer("paused", patient, detail=_day(until, patient))

    def resume(self) -> None:
        """Go on before the pause is over."""
        paused = [
            program
            for patient in self.patients
            for program in patient.programs.filter(
                status=Program.Status.PAUSED, resume_at__isnull=False
            ).select_related("patient__clinic")
        ]
        who = {program.patient_id: program.patient for program in paused}
        if len(who) > 1:
            self._ask_who(list(who.values()))
            return
        if not paused:
            self._note()
            return
        for program in paused:
            resume_program(program=program, now=self.now)
        self.inbound.patient = paused[0].patient
        self.answer("resumed", paused[0].patient)

    def undo(self) -> None:
        """Take back what the newest text of this phone did."""
        before = (
            InboundMessage.objects.filter(
                from_phone=self.inbound.from_phone,
                received_at__gt=self.now - ONE_DAY,
                reading__in=UNDOABLE,
                patient__in=self.patients,
            )
            .exclude(pk=self.inbound.pk)
            .select_related("patient__clinic")
            .order_by("-received_at", "-pk")
        )
        last = before.first()
        if last is None or last.patient is None:
            self.answer("nothing_to_undo", self.patients[0])
        elif last.reading == Kind.PAUSE:
            self.patients = [last.patient]
            self.resume()
        else:
            undone = take_back(client_id=_client_id(last), patient=last.patient, now=self.now)
            self.inbound.patient = last.patient
            self.answer("undone" if undone else "nothing_to_undo", last.patient)

    def clarify(self) -> None:
        """Something about pain, but no one number: ask, if there is a question it could answer."""
        candidates = open_ones(self.questions, SCORES)
        if not candidates:
            self._note()
        elif (question := self._one(candidates)) is not None:
            self.answer("ask_again", question.patient)

    def _note(self) -> None:
        """Kept for the clinic, with one fixed acknowledgement a day."""
        only_picture = self.inbound.media_count and not self.inbound.body.strip()
        wording = "no_pictures" if only_picture else "noted"
        lately = OutboundMessage.objects.filter(
            to_phone=self.inbound.from_phone, wording=wording, due_at__gt=self.now - ONE_DAY
        )
        if not lately.exists():
            self.answer(wording, self.patients[0])

    def answer(self, wording: str, patient: Patient, *, names: str = "", detail: str = "") -> None:
        """The one answer to this text."""
        outbox.add_reply(
            inbound=self.inbound,
            clinic=patient.clinic,
            patient=patient,
            wording=wording,
            names=names,
            detail=detail,
            now=self.now,
        )


CONSENT: dict[Kind, Callable[[_Turn], None]] = {
    Kind.OPT_OUT: _Turn.opt_out,
    Kind.OPT_IN: _Turn.opt_in,
    Kind.HELP: _Turn.help,
}
COMMANDS: dict[Kind, Callable[[_Turn], None]] = {
    Kind.SCORE: _Turn.score,
    Kind.DONE: _Turn.log,
    Kind.SKIP: _Turn.log,
    Kind.LATER: _Turn.later,
    Kind.PAUSE: _Turn.pause,
    Kind.RESUME: _Turn.resume,
    Kind.UNDO: _Turn.undo,
    Kind.CLARIFY: _Turn.clarify,
    # "It hurts", when nobody asked why: about pain, but no number.
    Kind.REASON: _Turn.clarify,
}
# How hours may be written: "6", or "6 hours".
HOURS_AS = frozenset({Kind.SCORE, Kind.CLARIFY})


def _client_id(inbound: InboundMessage) -> str:
    return f"sms:{inbound.message_sid}"


def _named(body: str, patients: Sequence[Patient]) -> tuple[Patient, str] | None:
    """The patient whose first name stands in the text, accents or not, and the text without it."""
    words = plain(body)
    found = []
    for patient in patients:
        name = re.compile(rf"\b{re.escape(plain(patient.first_name))}\b[\s,:.-]*")
        if name.search(words):
            found.append((patient, name.sub("", words)))
    return found[0] if len(found) == 1 and len(patients) > 1 else None


def _clock(local_time: time, patient: Patient) -> str:
    with translation.override(patient.language):
        return formats.time_format(local_time, "TIME_FORMAT")


def _day(local_date: date, patient: Patient) -> str:
    """Such as "Mon Jan 12" or "lun 12 ene"."""
    with translation.override(patient.language):
        if patient.language == Language.SPANISH:
            return str(formats.date_format(local_date, "D j M")).lower()
        return str(formats.date_format(local_date, "D M j"))
