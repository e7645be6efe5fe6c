"""Questions with two answers: the weekly one for warning signs, and whether it is well enough."""

from __future__ import annotations

from dataclasses import replace

from exercises.models import Measure
from exercises.services import record_yes_or_no
from notifications.incoming.conversation.safety import red_flag
from notifications.incoming.conversation.turn import Turn
from notifications.incoming.parsing import Kind
from notifications.incoming.parsing.answers import is_no, is_thumb, is_yes
from notifications.incoming.questions import (
    YES_OR_NO,
    Question,
    newest_of_each,
    questions_of,
)

Instrument = Measure.Instrument
# What a yes to the weekly question is told as; which of them it is, a person finds out.
WEEKLY_SIGNS = "weekly_signs"


def answers_yes_or_no(turn: Turn) -> bool:
    """Y or N while such a question is the newest; the same day's again is a correction.

    A yes that may be meant for warning signs although something else was asked since is read by a
    person: to take it for "done" would lose it.
    """
    yes, no = is_yes(turn.said), is_no(turn.said)
    if not (yes or no):
        return False
    # Twilio reads YES as a word of consent, before anybody looked at what was asked.
    turn.questions = turn.questions or questions_of(turn.patients, now=turn.said_at)
    asked = [row for row in turn.questions if row.about in YES_OR_NO]
    if turn.questions and turn.questions[0].about in YES_OR_NO:
        open_ones = [row for row in asked if not row.answered]
        question = turn.one(newest_of_each(open_ones or asked))
        if question is not None:
            _answer(turn, question, yes=yes, no=no)
        return True
    if not yes or not _signs_are_open(asked):
        return False
    turn.is_left_to_the_clinic = True
    turn.note()
    return True


def _signs_are_open(asked: list[Question]) -> bool:
    return any(row.about == Instrument.SIGNS and not row.answered for row in asked)


def _answer(turn: Turn, question: Question, *, yes: bool, no: bool) -> None:
    if question.about == Instrument.PASS:
        _record(turn, question, yes=yes)
    elif is_thumb(turn.said):
        # "I have one" or "I am well": asked again, since nobody can tell.
        turn.answer("signs", question.patient)
    else:
        # "All good" is a yes to being well enough, and a no to signs.
        _record(turn, question, yes=not no)


def _record(turn: Turn, question: Question, *, yes: bool) -> None:
    record_yes_or_no(
        program=question.program,
        instrument=Instrument(question.about),
        local_date=question.local_date,
        yes=yes,
    )
    turn.inbound.patient = question.patient
    # Neither a score nor something done: nothing that UNDO could mean.
    turn.inbound.reading = Kind.REASON
    if question.about == Instrument.SIGNS and yes:
        turn.patients = [question.patient]
        turn.reply = replace(turn.reply, kind=Kind.RED_FLAG, flags=(WEEKLY_SIGNS,))
        red_flag(turn)
        return
    turn.is_all_read = True
    turn.answer("no_signs" if question.about == Instrument.SIGNS else "recorded", question.patient)
