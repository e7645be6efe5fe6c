"""What a text may be the answer to: the newest open question of each patient on a phone."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from exercises.models import CheckIn, Measure, Patient, Program
from exercises.reads.days import told_days
from notifications.models import ASKS, OutboundMessage
from notifications.wording import PRAISE

Kind = OutboundMessage.Kind
# A reply answers yesterday's question until the next one is asked, and at most this long.
QUESTION_OPEN = timedelta(hours=20)
# A question a patient may have on the screen: also one whose sending we have not heard of yet.
ON_THE_PHONE = [
    status
    for status in OutboundMessage.Status
    if status not in {OutboundMessage.Status.WAITING, OutboundMessage.Status.SKIPPED}
]
SCORES = frozenset(CheckIn.Kind.values)
YES_OR_NO = frozenset(Measure.YES_OR_NO)
ASK_WHY = "ask_why"
ASK_DURING = "ask_during"


@dataclass(frozen=True, slots=True)
class Question:
    """Something a patient was asked. `about`: a kind of check-in or log, or an instrument."""

    patient: Patient
    program: Program
    about: str
    local_date: date
    message: OutboundMessage
    answered: bool


def questions_of(patients: Collection[Patient], *, now: datetime) -> list[Question]:
    """Everything asked of `patients` that a text at `now` may answer, newest first. Three queries.

    What was answered on an earlier day of the patient's is closed: a number the next morning is no
    correction of last evening's.
    """
    asked = (
        OutboundMessage.objects.filter(
            patient__in=patients,
            kind__in=ASKS,
            schedule__isnull=False,
            status__in=ON_THE_PHONE,
            attempted_at__gt=now - QUESTION_OPEN,
            attempted_at__lte=now,
        )
        .select_related("patient__clinic", "schedule__program__patient__clinic")
        .order_by("-due_at", "-pk")
    )
    rows = list(asked)
    programs = {row.schedule.program_id for row in rows if row.schedule}
    dates = {row.local_date for row in rows if row.local_date}
    known = told_days(programs=programs, dates=dates)
    questions = [
        Question(
            patient=row.patient,
            program=row.schedule.program,
            about=ASKS[row.kind],
            local_date=row.local_date,
            message=row,
            answered=(row.schedule.program_id, row.local_date, ASKS[row.kind]) in known,
        )
        for row in rows
        if row.patient and row.schedule and row.local_date and row.wording != PRAISE
    ]
    return [
        question
        for question in questions
        if not question.answered
        or question.local_date == now.astimezone(question.patient.zone).date()
    ]


LEFT = re.compile(r"\b(?:left|izquierd[oa]|izq|lft)\b")
RIGHT = re.compile(r"\b(?:right|derech[oa]|der|rt)\b")
BOTH = re.compile(r"\b(?:both|ambos|ambas|los dos|las dos)\b")


def of_sides(questions: Sequence[Question], about: Collection[str]) -> dict[str, Question]:
    """The open questions of one patient by side, where programs for two sides ask the same."""
    sides: dict[str, Question] = {}
    for question in questions:
        if question.about in about and not question.answered:
            sides.setdefault(question.program.side, question)
    kinds = {question.about for question in sides.values()}
    return sides if len(sides) > 1 and len(kinds) == 1 else {}


def side_in(words: str) -> str:
    """Which side `words` (from `plain`) name; empty: none, or more than one."""
    named = {"left": LEFT, "right": RIGHT, "both": BOTH}
    found = [side for side, pattern in named.items() if pattern.search(words)]
    return found[0] if len(found) == 1 else ""


def open_ones(questions: Sequence[Question], about: Collection[str]) -> list[Question]:
    """The newest question about one of these for each patient.

    A question that is not answered goes before one that is, so that a second answer is a
    correction only when nothing else is open.
    """
    newest: dict[object, Question] = {}
    for question in questions:
        if question.about in about:
            held = newest.setdefault(question.patient.pk, question)
            if held.answered and not question.answered:
                newest[question.patient.pk] = question
    unanswered = [question for question in newest.values() if not question.answered]
    return unanswered or list(newest.values())


def newest_of_each(questions: Sequence[Question]) -> list[Question]:
    """The newest question of each patient."""
    newest: dict[object, Question] = {}
    for question in questions:
        newest.setdefault(question.patient.pk, question)
    return list(newest.values())
