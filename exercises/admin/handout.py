"""The printed handout of a program."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from exercises.models import Program
from exercises.reads.handout import handout_of
from exercises.rules.limits import LIMITS
from exercises.rules.plan import DAYS_IN_WEEK

LAST_WEEK = LIMITS["last_week"][1]


def handout_page(request: HttpRequest, program: Program) -> HttpResponse:
    """The week that `?week=` names, or the one of today; weeks are counted from 1."""
    today = timezone.now().astimezone(program.patient.zone).date()
    this_week = (today - program.start_date).days // DAYS_IN_WEEK + 1
    asked = request.GET.get("week", "")
    week = int(asked) if asked.isdecimal() and len(asked) < 4 else this_week
    week = min(max(1, week), LAST_WEEK)
    handout = handout_of(program, week=week)
    words = handout.words
    context = {
        "handout": handout,
        "who": words.for_.format(first_name=program.patient.first_name),
        "week": words.week.format(week=week),
        "phase": words.phase.format(phase=handout.phase),
        "before": week - 1,
        "after": week + 1,
    }
    return TemplateResponse(request, "admin/exercises/program/handout.html", context)
