"""How it goes: pain over the weeks with words, and days done against planned."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse

from exercises.content.files import handout_words
from exercises.content.page import page_words
from exercises.models import CheckIn, DeviceToken, Program
from exercises.page.visitor import Visitor, for_visitors, page_view, show
from exercises.page.words import day_in_words
from exercises.reads.days import scores_of
from exercises.reads.handout import in_words
from exercises.reads.progress import progress_of
from exercises.reads.weeks import week_count
from exercises.rules.curve import HEIGHT, WIDTH, curve, scale
from exercises.rules.questions import MainQuestion

# The whole of a program is on one screen; the table below has the newest days.
SHOWN = timedelta(weeks=26)
LISTED = 14


@page_view("GET")
@for_visitors(DeviceToken.Level.CONFIRMED)
def progress(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Each program's course, newest first."""
    patient = visitor.patient
    programs = list(visitor.programs)
    return show(
        request, "progress", language=patient.language, patient=patient,
        programs=[_shown(program, visitor.today) for program in programs],
        height=HEIGHT, width=WIDTH,
        has_sides=len({program.side for program in programs}) > 1,
    )  # fmt: skip  # a call


def _shown(program: Program, today: date) -> dict[str, object]:
    words = handout_words()[program.patient.language]
    found = progress_of(program, on=today)
    since = max(program.start_date, today - SHOWN)
    scores = scores_of(program, kind=CheckIn.Kind.FIRST_STEP, since=since)
    # With today, and by the rule of the week's count.
    week = week_count(program, on=today + timedelta(days=1))
    return {
        "name": words.pain[MainQuestion(program.question)],
        "side": page_words()[program.patient.language]["sides"][program.side],
        "week": found.course.week,
        "phase": in_words(found.course.phase, words),
        "words": found.words,
        "planned": week.planned,
        "done": week.done,
        "curve": curve(scores, since=since, until=today),
        "lines": scale(),
        "listed": [
            (day_in_words(day, today=today, language=program.patient.language), score)
            for day, score in sorted(scores.items(), reverse=True)[:LISTED]
        ],
    }
