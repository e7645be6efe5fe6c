"""What got in the way of the week: read right after it was asked, kept, and answered by a tip."""

from __future__ import annotations

from exercises.models import CheckIn, Schedule
from exercises.rules.coaching import Barrier
from exercises.services import tell_barrier
from notifications.incoming.conversation.turn import Turn
from notifications.incoming.parsing import Kind
from notifications.incoming.parsing.barriers import barrier_in
from notifications.incoming.questions import SCORES, newest_of_each, open_ones
from notifications.wording.gsm7 import to_gsm7

# How an answer may be read by itself; a command, a sign or a wish is none.
ANSWERED_AS = frozenset({Kind.SCORE, Kind.CLARIFY, Kind.REASON, Kind.NOTE})
# A longer answer tells more than the barrier, and a person reads it too.
ALL_READ = 40
# What is said where no tip is given.
WITHOUT_TIP = {Barrier.PAIN: "week_pain", Barrier.OTHER: "week_other"}


def answers_week(turn: Turn) -> bool:
    """A number from 1 to 6, or words, while "what got in the way?" is the newest question; again on
    the same day it is a correction.
    """
    if not turn.questions or turn.questions[0].about != Schedule.Kind.WEEK:
        return False
    if turn.reply.kind not in ANSWERED_AS:
        return False
    what = barrier_in(turn.said)
    if what is None:
        return _asks_again(turn)
    asked = [row for row in turn.questions if row.about == Schedule.Kind.WEEK]
    question = turn.one(newest_of_each([row for row in asked if not row.answered] or asked))
    if question is None:
        return True
    tip = tell_barrier(
        program=question.program,
        local_date=question.local_date,
        what=what,
        source=CheckIn.Source.SMS,
        now=turn.now,
    )
    turn.inbound.patient = question.patient
    # Nothing that UNDO could mean: said again it is corrected.
    turn.inbound.reading = Kind.REASON
    turn.is_all_read = len(turn.said) <= ALL_READ
    words = to_gsm7(tip.in_language(question.patient.language)) if tip else ""
    wording = "tip" if tip else WITHOUT_TIP.get(what, "reason_kept")
    turn.answer(wording, question.patient, body=words)
    return True


def _asks_again(turn: Turn) -> bool:
    """A number that is none of the six, unless it answers a question about pain; words that say
    something else are for a person.
    """
    if turn.reply.kind is not Kind.SCORE or open_ones(turn.questions, SCORES):
        return False
    turn.answer("week_again", turn.questions[0].patient)
    return True
