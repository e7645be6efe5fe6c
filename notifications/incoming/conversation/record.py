"""What the patient tells: scores, what was done or not and why, hours, and taking back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from exercises.models import CheckIn, Program, SessionLog
from exercises.models.records import MOST_SPLINT_HOURS
from exercises.reads.course import is_loading_day
from exercises.services import (
    LogSpec,
    give_reason,
    log_session,
    record_check_in,
    take_back,
    take_barrier_back,
    tell_pain_during,
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
from notifications.models import InboundMessage, OutboundMessage

REASONS = SessionLog.Reason.values
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


def answers_during(turn: Turn) -> bool:
    """A number from 0 to 10 right after we asked how much the exercises hurt."""
    if turn.reply.kind is not Kind.SCORE or turn.reply.score is None:
        return False
    for message in _asked_last(turn, ASK_DURING):
        if message.patient is None or message.answers is None:
            continue
        kept = tell_pain_during(
            client_id=client_id(message.answers),
            patient=message.patient,
            pain=turn.reply.score,
            now=turn.now,
        )
        # Told on the page meanwhile, it is still the answer to this and to nothing else.
        if kept or not _answered_by_text(turn, message):
            # No score of a day: UNDO takes back what was done, with its pain.
            turn.inbound.reading = Kind.REASON
            turn.inbound.patient = message.patient
            turn.answer("recorded", message.patient)
            return True
    return False


def _answered_by_text(turn: Turn, asked: OutboundMessage) -> bool:
    """Whether a number has come in for `asked` since."""
    since = InboundMessage.objects.filter(
        from_phone=turn.inbound.from_phone,
        received_at__gte=asked.due_at,
        reading=Kind.REASON,
    )
    return since.exclude(pk=turn.inbound.pk).exists()


def _asked_last(turn: Turn, wording: str) -> Iterator[OutboundMessage]:
    """Our questions back of this wording, the newest first, as long as nothing was asked since.

    While a question about pain is open, only such as had left when this was said: who knows the
    way writes "skip" and "2" in one go, but a score is not lost to what still waits to be sent.
    """
    score_is_open = _asked_for_pain(turn)
    newest = turn.questions[0].message.attempted_at if turn.questions else None
    asked = (
        OutboundMessage.objects.filter(
            to_phone=turn.inbound.from_phone,
            wording=wording,
            patient__in=turn.patients,
            due_at__gt=turn.now - ONE_DAY,
        )
        .select_related("answers", "patient__clinic")
        .order_by("-due_at", "-pk")
    )
    for message in asked:
        if newest is not None and message.due_at < newest:
            return
        has_left = message.attempted_at is not None and message.attempted_at <= turn.said_at
        if has_left or not score_is_open:
            yield message


def answers_why(turn: Turn) -> bool:
    """A number from 1 to 5, or words, right after we asked why something was skipped."""
    asked = _why_asked(turn)
    if asked is None or asked.patient is None or asked.answers is None:
        return False
    number = turn.reply.score
    if turn.reply.kind is Kind.SCORE and number and number <= len(REASONS):
        reason = REASONS[number - 1]
    elif turn.reply.kind is Kind.REASON:
        reason = turn.reply.note
    elif turn.reply.kind is Kind.SCORE and _asked_for_pain(turn):
        return False  # 0 and 6 to 10 are no reasons, so they are the pain that is still open
    elif turn.reply.kind in {Kind.SCORE, Kind.CLARIFY}:
        turn.answer(ASK_WHY, asked.patient)
        return True
    else:
        return False
    turn.inbound.reading = Kind.REASON
    turn.inbound.patient = asked.patient
    give_reason(
        client_id=client_id(asked.answers), patient=asked.patient, reason=reason, now=turn.now
    )
    turn.answer("reason_kept", asked.patient)
    return True


def _asked_for_pain(turn: Turn) -> bool:
    return any(not row.answered for row in open_ones(turn.questions, SCORES))


def _why_asked(turn: Turn) -> OutboundMessage | None:
    """The newest "why?", if it is the last thing we asked and still waits for its answer."""
    for message in _asked_last(turn, ASK_WHY):
        log = SessionLog.objects.filter(
            program__patient=message.patient,
            client_id=client_id(message.answers) if message.answers else "",
            undone_at=None,
        ).first()
        # A "why?" that was asked again hangs on the reply that could not be read.
        if log is not None:
            return None if log.reason or _done_since(log) else message
    return None


def _done_since(skipped: SessionLog) -> bool:
    """Whether the patient did it after all: then nobody wonders why not."""
    return SessionLog.objects.filter(
        program=skipped.program_id,
        kind=skipped.kind,
        local_date=skipped.local_date,
        outcome=SessionLog.Outcome.DONE,
        created_at__gt=skipped.created_at,
        undone_at=None,
    ).exists()


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
        turn.answer("undone" if undone else "nothing_to_undo", last.patient)


def clarify(turn: Turn) -> None:
    """Something about pain, but no one number: ask, if there is a question it could answer."""
    candidates = open_ones(turn.questions, SCORES)
    if not candidates:
        turn.note()
    elif (question := turn.one(candidates)) is not None:
        turn.answer("ask_again", question.patient)
