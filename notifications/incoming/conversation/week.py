"""What got in the way of the week: read after it was asked, kept, and answered by a tip."""

from __future__ import annotations

import re

from exercises.models import CheckIn, Schedule
from exercises.reads.holds import on_hold
from exercises.rules.coaching import Barrier
from exercises.services import tell_barrier
from notifications.incoming.conversation.turn import Turn
from notifications.incoming.parsing import Kind
from notifications.incoming.parsing.barriers import barrier_in, chosen, says_all
from notifications.incoming.parsing.plain import plain
from notifications.incoming.questions import (
    SCORES,
    Question,
    newest_of_each,
    of_sides,
    open_ones,
    side_in,
)
from notifications.wording.gsm7 import to_gsm7

WEEK = frozenset({str(Schedule.Kind.WEEK)})
# How an answer may be read by itself; a command, a sign or a wish is none.
ANSWERED_AS = frozenset({Kind.SCORE, Kind.CLARIFY, Kind.REASON, Kind.NOTE})
# What is said where no tip is given.
WITHOUT_TIP = {Barrier.PAIN: "week_pain", Barrier.OTHER: "week_other"}
# A number among such words is a score, unless the choice itself stands in front of them.
OF_PAIN = re.compile(
    r"\b(?:pain|dolor|hurts?|duele|level|nivel|scale|escala|morning|manana|today|hoy)\b"
)
CHOICE_IN_FRONT = re.compile(r"^\W*[1-6]\b")


def answers_week(turn: Turn) -> bool:
    """A number from 1 to 6, or words, while "what got in the way?" is the newest question. The
    choice and nothing else corrects it the same day, and answers it after something else was asked.
    """
    asked = [row for row in turn.questions if row.about in WEEK]
    if not asked or turn.reply.kind not in ANSWERED_AS:
        return False
    open_weeks = [row for row in asked if not row.answered]
    is_newest = turn.questions[0].about in WEEK
    what = barrier_in(turn.said) if is_newest and open_weeks else _choice(turn, is_newest=is_newest)
    if what is None:
        return is_newest and bool(open_weeks) and _asks_again(turn)
    if _is_score(turn):
        return False
    questions = newest_of_each(open_weeks or asked)
    if _may_be_anothers(turn, questions):
        return True
    question = turn.one(questions)
    if question is not None:
        _of_side(turn, question, asked, what)
    return True


def _choice(turn: Turn, *, is_newest: bool) -> Barrier | None:
    """The choice and nothing else. After something newer was asked its number is an answer to that,
    and pain is for the question about pain.
    """
    what = chosen(turn.said)
    has_words = re.search(r"[^\W\d_]", turn.said) is not None
    return what if is_newest or (has_words and what != Barrier.PAIN) else None


def _is_score(turn: Turn) -> bool:
    """Whether the number tells pain: a question about it is open, and the words are of pain."""
    if turn.reply.score is None or not open_ones(_unanswered(turn), SCORES):
        return False
    words = plain(turn.said)
    return OF_PAIN.search(words) is not None and CHOICE_IN_FRONT.match(words) is None


def _unanswered(turn: Turn) -> list[Question]:
    return [row for row in turn.questions if not row.answered]


def _may_be_anothers(turn: Turn, questions: list[Question]) -> bool:
    """Whether a number may be the score of somebody else on this phone: then it is asked who."""
    if turn.reply.score is None or len(turn.patients) < 2:
        return False
    meant = {question.patient.pk for question in questions}
    others = [row for row in open_ones(_unanswered(turn), SCORES) if row.patient.pk not in meant]
    if others:
        turn.ask_who([row.patient for row in (*questions, *others)])
    return bool(others)


def _of_side(turn: Turn, question: Question, asked: list[Question], what: Barrier) -> None:
    """Keep it for the side that was named, where two sides were asked about."""
    own = [row for row in asked if row.patient.pk == question.patient.pk]
    if sides := of_sides(own, WEEK):
        found = sides.get(side_in(plain(turn.inbound.body)))
        if found is None:
            turn.answer("ask_side", question.patient)
            return
        question = found
    _keep(turn, question, what)


def _keep(turn: Turn, question: Question, what: Barrier) -> None:
    tip = tell_barrier(
        program=question.program,
        local_date=question.local_date,
        what=what,
        source=CheckIn.Source.SMS,
        now=turn.now,
    )
    turn.inbound.patient = question.patient
    turn.inbound.reading = Kind.BARRIER
    turn.is_all_read = says_all(turn.said)
    if on_hold([question.patient.pk]):
        # No word about exercises while an alert holds them.
        turn.answer("reason_kept", question.patient)
        return
    words = to_gsm7(tip.in_language(question.patient.language)) if tip else ""
    turn.answer(
        "tip" if tip else WITHOUT_TIP.get(what, "reason_kept"), question.patient, body=words
    )


def _asks_again(turn: Turn) -> bool:
    """A number that is none of the six, unless it answers a question about pain; words that say
    something else are for a person.
    """
    if turn.reply.kind is not Kind.SCORE or open_ones(turn.questions, SCORES):
        return False
    turn.answer("week_again", turn.questions[0].patient)
    return True
