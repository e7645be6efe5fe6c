"""Today: what there is to do, one tap to tell it, and pain."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_date

from exercises.models import DeviceToken, Program, SessionLog
from exercises.page.visitor import Visitor, for_visitors, page_view, see_other, show
from exercises.page.words import day_in_words
from exercises.reads.holds import on_hold
from exercises.reads.page_day import PageDay, key_of, mark_of, page_day
from exercises.services.day_log import (
    Round,
    tell_all_done,
    tell_pain,
    tell_round,
    tell_worst_pain,
    undo_round,
)
from hep.errors import ConflictError, InvalidInputError

OPENED = (DeviceToken.Level.OPEN, DeviceToken.Level.CONFIRMED)
# As far as one may look back and ahead.
AROUND = timedelta(days=7)
SCORES = tuple(range(11))
WORD = re.compile(r"[a-z0-9_-]{1,60}")


@page_view("GET", "POST")
@for_visitors(*OPENED)
def today(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A day's exercises, or keep what was told of it."""
    here = visitor.today
    if request.method == "POST":
        # Of the day that the page showed: midnight may have passed since.
        told = request.POST.get("day", str(here))
        day = _asked_day(told, today=here)
        if str(day) != told:
            return _page(request, visitor, here, status=400, error="error")
        if abs(day - here) > timedelta(days=1) and not visitor.is_confirmed:
            return see_other("page-confirm")
        return _keep(request, visitor, day)
    day = _asked_day(request.GET.get("day", ""), today=here)
    if day != here and not visitor.is_confirmed:
        return see_other("page-confirm")
    return _page(request, visitor, day)


def _asked_day(told: str, *, today: date) -> date:
    """The day that was told, else today; nothing too far away."""
    try:
        day = parse_date(told) or today
    except ValueError:  # "2026-02-31"
        return today
    return day if abs(day - today) <= AROUND else today


def _page(
    request: HttpRequest, visitor: Visitor, day: date, *, status: int = 200, error: str = ""
) -> HttpResponse:
    patient, here = visitor.patient, visitor.today
    found = page_day(patient, list(visitor.programs), day)
    return show(
        request, "today", language=patient.language, status=status,
        day=found, patient=patient, scores=SCORES, error=error,
        heading=day_in_words(day, today=here, language=patient.language),
        is_ahead=day > here, is_confirmed=visitor.is_confirmed, waits=_waits(found),
        earlier=_link(day - timedelta(days=1), here), later=_link(day + timedelta(days=1), here),
    )  # fmt: skip  # a call


def _waits(day: PageDay) -> str:
    """Why there is nothing to do, as the key of its words; empty: there is."""
    if day.is_held:
        return "hold"
    if not day.programs:
        return "no_program"
    if all(row.program.status == Program.Status.PAUSED for row in day.programs):
        return "paused"
    running = [row for row in day.programs if row.program.status == Program.Status.ACTIVE]
    return "" if any(row.rounds for row in running) else "nothing"


def _link(day: date, today: date) -> str:
    """The address of another day, empty beyond what one may look at."""
    if abs(day - today) > AROUND:
        return ""
    base = reverse("page-today")
    return base if day == today else f"{base}?day={day}"


def _keep(request: HttpRequest, visitor: Visitor, day: date) -> HttpResponse:
    try:
        place = ACTS.get(request.POST.get("do", ""), _unknown)(request.POST, visitor, day)
    except (InvalidInputError, ConflictError):
        # Nobody sees an earlier day by an error either.
        shown = day if visitor.is_confirmed else visitor.today
        return _page(request, visitor, shown, status=400, error="error")
    # Who has not shown who it is sees today alone.
    back = _link(day, visitor.today) if visitor.is_confirmed else reverse("page-today")
    return see_other(f"{back}{place}")


def _program(data: QueryDict, visitor: Visitor) -> Program:
    try:
        named = visitor.programs.filter(pk=UUID(data.get("program", "")))
    except ValueError:
        named = visitor.programs.none()
    program = named.first()
    if program is None:
        raise InvalidInputError("program", "No such program.", code="does_not_exist")
    return program


def _word(data: QueryDict, name: str) -> str:
    """A word of ours that the form carries back."""
    told: str = data.get(name, "")
    if not WORD.fullmatch(told):
        raise InvalidInputError(name, "Load the page again.", code="invalid")
    return told


def _round(data: QueryDict, visitor: Visitor, day: date) -> Round:
    return Round(_program(data, visitor), day, _word(data, "exercise"), _word(data, "slot"))


def _score(data: QueryDict) -> int:
    told = data.get("score", "")[:3]
    if not (told.isascii() and told.isdecimal()):
        raise InvalidInputError("score", "Pain is a number from 0 to 10.", code="out_of_range")
    return int(told)


def _place(what: Round) -> str:
    return f"#{key_of(what.program.pk, what.exercise, what.slot)}"


def _refuse_held(visitor: Visitor) -> None:
    """An older tab may still show what waits now."""
    if on_hold([visitor.patient.pk]):
        raise ConflictError("do", "The exercises wait until somebody has looked.", code="red_flag")


def _done(data: QueryDict, visitor: Visitor, day: date) -> str:
    _refuse_held(visitor)
    what = _round(data, visitor, day)
    tell_round(what, outcome=SessionLog.Outcome.DONE, now=visitor.now)
    return _place(what)


def _skip(data: QueryDict, visitor: Visitor, day: date) -> str:
    what, reason = _round(data, visitor, day), data.get("reason", "")
    if reason not in SessionLog.Reason.values:
        raise InvalidInputError("reason", "Choose one of the reasons.", code="invalid")
    tell_round(what, outcome=SessionLog.Outcome.SKIPPED, reason=reason, now=visitor.now)
    return _place(what)


def _undo(data: QueryDict, visitor: Visitor, day: date) -> str:
    what = _round(data, visitor, day)
    undo_round(what, now=visitor.now)
    return _place(what)


def _all(data: QueryDict, visitor: Visitor, day: date) -> str:
    _refuse_held(visitor)
    program = _program(data, visitor)
    tell_all_done(program, day, now=visitor.now)
    return f"#exercises-{mark_of(program.pk)}"


def _pain(data: QueryDict, visitor: Visitor, day: date) -> str:
    program = _program(data, visitor)
    tell_pain(program, day, score=_score(data), by=visitor.user, now=visitor.now)
    return f"#pain-{mark_of(program.pk)}"


def _during(data: QueryDict, visitor: Visitor, day: date) -> str:
    program, score = _program(data, visitor), _score(data)
    if score not in SCORES:
        raise InvalidInputError("score", "Pain is a number from 0 to 10.", code="out_of_range")
    tell_worst_pain(program, day, pain=score, now=visitor.now)
    return f"#exercises-{mark_of(program.pk)}"


def _unknown(data: QueryDict, visitor: Visitor, day: date) -> str:
    raise InvalidInputError("do", "No such action.", code="invalid")


ACTS: dict[str, Any] = {
    "done": _done, "skip": _skip, "undo": _undo, "all": _all, "pain": _pain, "during": _during,
}  # fmt: skip  # a table
