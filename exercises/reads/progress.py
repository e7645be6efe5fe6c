"""A program's course as its patient reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from exercises.content.files import progress_words
from exercises.models import Program
from exercises.reads.course import course_of
from exercises.reads.days import days_done
from exercises.rules.course import Course
from exercises.rules.pain import Trend
from exercises.rules.questions import MainQuestion

LONGEST_STREAK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Progress:
    """`streak` counts days in a row with exercises done, up to today, or yesterday if today is
    still open; `words` tell the change of first-step pain.
    """

    program: Program
    course: Course
    streak: int
    words: str


def progress_of(program: Program, *, on: date) -> Progress:
    """How `program` goes on `on`. A constant number of queries."""
    course = course_of(program, on=on)
    done = days_done(program, since=on - LONGEST_STREAK)
    words = in_words(
        course.first_step, language=program.patient.language, question=program.question
    )
    return Progress(program, course, streak(done, on=on), words)


def streak(done: set[date], *, on: date) -> int:
    """Days in a row up to `on`; a day that is not over yet breaks nothing. Pure."""
    day = on if on in done else on - timedelta(days=1)
    count = 0
    while day in done:
        count += 1
        day -= timedelta(days=1)
    return count


def in_words(trend: Trend, *, language: str, question: str = MainQuestion.FIRST_STEP) -> str:
    """The change since the start in a sentence, about what the program asks. Pure."""
    words = progress_words()[language]
    if trend.change is None or trend.baseline is None or trend.current is None:
        return words.early
    sentence = words.same
    if trend.matters:
        sentence = words.better if trend.change < 0 else words.worse
    what = words.what[MainQuestion(question)]
    return sentence.format(what=what, first=f"{trend.baseline:g}", now=f"{trend.current:g}")
