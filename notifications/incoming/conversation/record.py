"""What the patient tells: scores, what was done or not and why, hours, and taking back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from exercises.models import CheckIn, Program, SessionLog
from exercises.models.records import MOST_SPLINT_HOURS
from exercises.reads.course import is_loading_day
from exercises.reads.holds import held_since
from exercises.services import (
    LogSpec,
    log_session,
    record_check_in,
    take_back,
    take_barrier_back,
)
from notifications.incoming.conversation.pauses import resume
from notifications.incoming.conversation.turn import ONE_DAY, Turn, client_id
from notifications.incoming.parsing import Kind, Reply
from notifications.incoming.parsing.answers import is_fraction, is_part, is_yes
from notifications.incoming.parsing.plain import plain
from notifications.incoming.questions import (
    ASK_DURING,
    ASK_WHY,
    SCORES,
    Question,
    of_sides,
    open_ones,
    questions_of,
    side_in,
)
from notifications.models import InboundMessage

LOGS = frozenset(SessionLog.Kind.values)
# Readings whose effect can be taken back.
UNDOABLE = [Kind.SCORE, Kind.RED_FLAG, Kind.DONE, Kind.PARTLY, Kind.SKIP, Kind.PAUSE, Kind.BARRIER]
# How hours may be written: "6", or "6 hours".
HOURS_AS = frozenset({Kind.SCORE, Kind.CLARIFY})


def score(turn: Turn) -> None:
    """A number for the open question."""
    candidates = open_ones(turn.questions, SCORES)
    question = turn.one(candidates)
    if question is not None and (sides := of_sides(_asked_of(turn, question), SCORES)):
        question = sides.get(side_in(plain(turn.inbound.body)))
        if question is None:
            turn.answer("ask_side", candidates[0].patient)
            return
    if question is not None and _would_overwrite_by_the_way(turn, question):
        turn.answer("ask_again", question.patient)
    elif question is not None and turn.reply.score is not None:
        corrected = record_score(turn, question, turn.reply.score)
        turn.answer("corrected" if corrected else "recorded", question.patient)
    elif not candidates:
        turn.note()


def _asked_of(turn: Turn, question: Question) -> list[Question]:
    """What the patient of `question` was asked of that day."""
    day = question.local_date
    own = [row for row in turn.questions if row.patient.pk == question.patient.pk]
    return [row for row in own if row.local_date == day]


def _would_overwrite_by_the_way(turn: Turn, question: Question) -> bool:
    """Whether a number among other words would change a day that is answered, or answer a question
    about pain when the newest thing we asked was something else.
    """
    if turn.reply.is_bare:
        return False
    return question.answered or turn.questions[0].about not in SCORES


def record_score(turn: Turn, question: Question, score: int) -> bool:
    """Keep `score` as the answer to `question`; True when it gave way to an earlier one."""
    recorded = record_check_in(
        program=question.program,
        local_date=question.local_date,
        kind=question.about,
        score=score,
        source=CheckIn.Source.SMS,
        client_id=client_id(turn.inbound),
        note=turn.reply.note,
        now=turn.now,
        said_at=turn.said_at,
    )
    turn.inbound.patient = question.patient
    return recorded.corrected


OUTCOMES = {
    Kind.DONE: SessionLog.Outcome.DONE,
    Kind.PARTLY: SessionLog.Outcome.PARTLY,
    Kind.SKIP: SessionLog.Outcome.SKIPPED,
}


def says_yes(turn: Turn) -> bool:
    """YES or a thumb right after a reminder is DONE."""
    asked = turn.questions or questions_of(turn.patients, now=turn.said_at)
    if not is_yes(turn.said) or not _asked_to_do(asked, LOGS):
        return False
    turn.questions = asked
    _log_as(turn, Kind.DONE)
    return True


def says_part(turn: Turn) -> bool:
    """Some of it was done. "2 of 5" and "half" are that only where exercises were asked last."""
    words = plain(turn.said)
    doing = _asked_to_do(turn.questions, {SessionLog.Kind.EXERCISE})
    if turn.reply.kind not in {Kind.CLARIFY, Kind.NOTE} or turn.reply.doubtful:
        return False
    if not (is_part(words) or (doing and is_fraction(words))):
        return False
    _log_as(turn, Kind.PARTLY)
    return True


def _asked_to_do(questions: Sequence[Question], about: Collection[str]) -> bool:
    """Whether the newest thing we asked is open and about one of these."""
    return bool(questions) and not questions[0].answered and questions[0].about in about


def _log_as(turn: Turn, kind: Kind) -> None:
    turn.reply = Reply(kind)
    turn.inbound.reading = kind
    log(turn)


def log(turn: Turn) -> None:
    """DONE or SKIP, for the newest reminder or for today."""
    outcome = OUTCOMES[turn.reply.kind]
    candidates = open_ones(turn.questions, LOGS)
    question = turn.one(candidates)
    if question is not None:
        target = (question.program, question.about, question.local_date)
    elif candidates or (program := turn.only_program()) is None:
        return
    else:
        today = turn.said_at.astimezone(program.patient.zone).date()
        target = (program, SessionLog.Kind.EXERCISE, today)
    since = held_since([target[0].patient_id]).get(target[0].patient_id)
    if since is not None and turn.said_at >= since:
        # Exercises wait for a clinician, who must know of this; nothing is praised.
        turn.patients, turn.is_left_to_the_clinic = [target[0].patient], True
        turn.note()
        return
    told = turn.reply.score if outcome == SessionLog.Outcome.DONE else None
    pain = told if target[1] == SessionLog.Kind.EXERCISE else None
    _log(turn, *target, LogSpec(target[1], outcome, pain_during=pain))
    turn.answer(_after_log(turn, *target, pain=pain), target[0].patient)


def _after_log(
    turn: Turn, program: Program, kind: str, local_date: date, *, pain: int | None
) -> str:
    """What to ask next: why it was skipped, or how much it hurt on a day with load."""
    if turn.reply.kind is Kind.SKIP:
        return ASK_WHY
    is_exercise = kind == SessionLog.Kind.EXERCISE
    if is_exercise and pain is None and is_loading_day(program, local_date):
        return ASK_DURING
    return "partly" if turn.reply.kind is Kind.PARTLY else "done"


def _log(turn: Turn, program: Program, kind: str, local_date: date, log: LogSpec) -> None:
    log_session(
        program=program,
        local_date=local_date,
        log=replace(log, kind=kind),
        source=CheckIn.Source.SMS,
        client_id=client_id(turn.inbound),
        now=turn.now,
    )
    turn.inbound.patient = program.patient


def answers_hours(turn: Turn) -> bool:
    """Hours of the splint: "6" when that is the newest question, "6 hours" while it is open."""
    splint = [row for row in turn.questions if row.about == SessionLog.Kind.SPLINT]
    candidates = [row for row in open_ones(splint, LOGS) if not row.answered]
    if len(candidates) != 1 or turn.reply.kind not in HOURS_AS:
        return False
    question = candidates[0]
    if turn.reply.minutes is None and question is not turn.questions[0]:
        return False
    hours = Decimal(turn.reply.minutes) / 60 if turn.reply.minutes else turn.reply.score
    if hours is None or hours > MOST_SPLINT_HOURS:
        turn.answer("ask_hours", question.patient)
        return True
    # "None" is a night without it.
    outcome = SessionLog.Outcome.DONE if hours else SessionLog.Outcome.SKIPPED
    log = LogSpec(question.about, outcome, hours=round(Decimal(hours), 1))
    _log(turn, question.program, question.about, question.local_date, log)
    # A score by another name: UNDO finds it.
    turn.inbound.reading = Kind.SCORE
    turn.answer("hours_kept", question.patient)
    return True


def undo(turn: Turn) -> None:
    """Take back what the newest text of this phone did."""
    before = (
        InboundMessage.objects.filter(
            from_phone=turn.inbound.from_phone,
            received_at__gt=turn.now - ONE_DAY,
            reading__in=UNDOABLE,
            patient__in=turn.patients,
        )
        .exclude(pk=turn.inbound.pk)
        .select_related("patient__clinic")
        .order_by("-received_at", "-pk")
    )
    last = before.first()
    if last is None or last.patient is None:
        turn.answer("nothing_to_undo", turn.patients[0])
    elif last.reading == Kind.BARRIER:
        take_barrier_back(patient=last.patient, now=turn.now)
        turn.answer("undone", last.patient)
    elif last.reading == Kind.PAUSE:
        turn.patients = [last.patient]
        resume(turn)
    else:
        undone = take_back(client_id=client_id(last), patient=last.patient, now=turn.now)
        turn.inbound.patient = last.patient
        # A sign cannot be taken back: a person looks.
        left = "flag_stands" if last.reading == Kind.RED_FLAG else "nothing_to_undo"
        turn.answer("undone" if undone else left, last.patient)


def clarify(turn: Turn) -> None:
    """Something about pain, but no one number: ask, if there is a question it could answer."""
    candidates = open_ones(turn.questions, SCORES)
    if not candidates:
        turn.note()
    elif (question := turn.one(candidates)) is not None:
        turn.answer("ask_again", question.patient)
