"""Today: what there is to do, one tap to tell it, and pain."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_date

from exercises.content.page import page_words
from exercises.models import DeviceToken, Program
from exercises.page.acts import SCORES, Told, keep
from exercises.page.visitor import Visitor, for_visitors, page_view, see_other, show
from exercises.page.words import day_in_words
from exercises.reads.cards import cards_of
from exercises.reads.page_day import PageDay, page_day
from exercises.reads.page_week import weeks_asked
from hep.errors import ConflictError, InvalidInputError

OPENED = (DeviceToken.Level.OPEN, DeviceToken.Level.CONFIRMED)
# As far as one may look back and ahead.
AROUND = timedelta(days=7)
# What the script says as the page does.
ALSO_TOLD = ("undo", "is_done", "is_skipped", "done_all")


@page_view("GET", "POST")
@for_visitors(*OPENED)
def today(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A day's exercises, or keep what was told of it."""
    here = visitor.today
    if request.method == "POST":
        return _told(request, visitor)
    day = _asked_day(request.GET.get("day", ""), today=here)
    if day != here and not visitor.is_confirmed:
        return see_other("page-confirm")
    return _page(request, visitor, day)


def _told(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Keep what a form or the page's script tells, and answer each in its way."""
    here = visitor.today
    # Of the day that the page showed: midnight may have passed since.
    told = request.POST.get("day", str(here))
    day = _asked_day(told, today=here)
    if abs(day - here) > timedelta(days=1) and not visitor.is_confirmed:
        return see_other("page-confirm")
    by_script = request.accepts("application/json") and not request.accepts("text/html")
    try:
        if str(day) != told:
            raise InvalidInputError("day", "Load the page again.", code="invalid")
        place = keep(Told(request.POST, visitor, day))
    except (InvalidInputError, ConflictError) as error:
        if by_script:
            return JsonResponse({"kept": False, "why": _why(error, visitor)})
        # Nobody sees an earlier day by an error either.
        shown = day if visitor.is_confirmed else here
        return _page(request, visitor, shown, status=400, error="error")
    if by_script:
        return JsonResponse({"kept": True, "place": place})
    # Who has not shown who it is sees today alone.
    back = _link(day, here) if visitor.is_confirmed else reverse("page-today")
    return see_other(f"{back}#{place}")


def _why(error: InvalidInputError | ConflictError, visitor: Visitor) -> str:
    """Why something was not kept, in the patient's words."""
    words = page_words()[visitor.patient.language]
    if error.code == "red_flag":
        return str(words["hold"]).format(clinic=visitor.patient.clinic.name)
    return str(words["not_kept"])


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
    programs = list(visitor.programs)
    found = page_day(patient, programs, day)
    is_counted = day == here and not found.is_held
    return show(
        request, "today", language=patient.language, status=status,
        day=found, patient=patient, scores=SCORES, error=error,
        heading=day_in_words(day, today=here, language=patient.language),
        cards=cards_of(programs, day) if visitor.is_confirmed else [],
        weeks=weeks_asked(programs, day, language=patient.language) if is_counted else [],
        is_ahead=day > here, is_confirmed=visitor.is_confirmed, waits=_waits(found),
        owner=visitor.mark, telling=_telling(patient.language),
        earlier=_link(day - timedelta(days=1), here), later=_link(day + timedelta(days=1), here),
    )  # fmt: skip  # a call


def _telling(language: str) -> dict[str, str]:
    """The words that the script puts on the page."""
    words = page_words()[language]
    return {**words["telling"], **{key: words[key] for key in ALSO_TOLD}}


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
