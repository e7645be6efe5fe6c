"""What patients set on their own page: hours and language of texts, a rest, STOP, open pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from exercises.content.page import page_words
from exercises.models import DeviceToken, Program
from exercises.page.visitor import Visitor, for_visitors, page_view, see_other, show
from exercises.page.words import day_in_words
from exercises.reads.holds import on_hold
from exercises.rules.validators import ASKED_HOURS
from exercises.services.wishes import end_rest, rest_until, set_hours, set_language
from hep.errors import ConflictError, InvalidInputError
from notifications import consent
from notifications.models import ConsentEvent, PhoneConsent

# What is kept as the patient's words when they set other hours themselves.
ON_THE_PAGE = "Set on the patient's own page"
RESTS = (3, 7, 14)
HALF_AN_HOUR = timedelta(minutes=30)
Act = Callable[[HttpRequest, Visitor], None]
# Why something was not kept, as the key of its words.
WHY = {"quiet_hours": "wrong_hours", "text_left_out": "text_left_out", "ended": "rest_none"}


@page_view("GET", "POST")
@for_visitors(DeviceToken.Level.CONFIRMED)
def wishes(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What is set, or set one thing of it."""
    if request.method == "GET":
        return _page(request, visitor)
    act = ACTS.get(request.POST.get("do", ""))
    try:
        if act is None:
            raise InvalidInputError("do", "Load the page again.", code="invalid")
        act(request, visitor)
    except InvalidInputError as error:
        visitor.patient.refresh_from_db()
        return _page(request, visitor, status=400, error=WHY.get(error.code, "error"))
    return see_other(f"{reverse('page-settings')}?kept=1")


def _set_hours(request: HttpRequest, visitor: Visitor) -> None:
    offered = {f"{at:%H:%M}": at for at in _hours_offered(*visitor.patient.texting_hours)}
    first, last = (offered.get(request.POST.get(name, "")) for name in ("from", "until"))
    if first is None or last is None:
        raise InvalidInputError("from", "Choose a time of the list.", code="invalid_choice")
    set_hours(patient=visitor.patient, first=first, last=last, where=ON_THE_PAGE, now=visitor.now)


def _clinics_hours(request: HttpRequest, visitor: Visitor) -> None:
    set_hours(patient=visitor.patient, first=None, last=None, where=ON_THE_PAGE, now=visitor.now)


def _set_language(request: HttpRequest, visitor: Visitor) -> None:
    language = request.POST.get("language", "")
    set_language(patient=visitor.patient, language=language, now=visitor.now)


def _rest(request: HttpRequest, visitor: Visitor) -> None:
    days = request.POST.get("days", "")
    if days not in map(str, RESTS):
        raise InvalidInputError("days", "Choose one of the buttons.", code="invalid_choice")
    until = visitor.today + timedelta(days=int(days))
    rested = rest_until(
        patient=visitor.patient, programs=list(visitor.programs), until=until, now=visitor.now
    )
    _refuse_nothing(rested)


def _go_on(request: HttpRequest, visitor: Visitor) -> None:
    _refuse_nothing(end_rest(programs=list(visitor.programs), now=visitor.now))


def _refuse_nothing(changed: Sequence[Program]) -> None:
    """Nobody is told that something was kept where the clinic's pause stays."""
    if not changed:
        raise ConflictError("do", "Only the clinic can change this.", code="ended")


def _stop(request: HttpRequest, visitor: Visitor) -> None:
    consent.stop_in_app(
        patient=visitor.patient, by=visitor.user, now=visitor.now, how=ConsentEvent.How.WEB
    )


def _close(request: HttpRequest, visitor: Visitor) -> None:
    """Another phone or browser; one that is closed already is closed."""
    try:
        device = UUID(request.POST.get("device", ""))
    except ValueError as error:
        raise InvalidInputError("device", "Load the page again.", code="invalid") from error
    DeviceToken.rows.visible_to(visitor.user).filter(public_id=device).delete()


ACTS: dict[str, Act] = {
    "hours": _set_hours,
    "clinic_hours": _clinics_hours,
    "language": _set_language,
    "rest": _rest,
    "go_on": _go_on,
    "stop": _stop,
    "close": _close,
}


def _page(
    request: HttpRequest, visitor: Visitor, *, status: int = 200, error: str = ""
) -> HttpResponse:
    patient = visitor.patient
    first, last = patient.texting_hours
    state = consent.of(patient)
    return show(
        request, "settings", language=patient.language, status=status, patient=patient,
        error=error, is_kept=not error and "kept" in request.GET,
        hours=_hours_offered(first, last), first=first, last=last,
        is_own=patient.texts_from is not None,
        languages=[(code, words["language"]) for code, words in page_words().items()],
        is_texted=state == PhoneConsent.State.GRANTED,
        is_stopped=state == PhoneConsent.State.REVOKED, may_start=_may_start(visitor),
        is_held=bool(on_hold([patient.pk])), rests=RESTS, devices=_devices(visitor),
        **_rest_now(list(visitor.programs), visitor),
    )  # fmt: skip  # a call


def _hours_offered(*own: time) -> list[time]:
    """Every half hour that the law leaves to a patient who asked, and what is set now."""
    first, last = (timedelta(hours=at.hour) for at in ASKED_HOURS)
    count = (last - first) // HALF_AN_HOUR
    minutes = [(first + HALF_AN_HOUR * n) // timedelta(minutes=1) for n in range(count + 1)]
    return sorted({*own, *(time(*divmod(minute, 60)) for minute in minutes)})


def _may_start(visitor: Visitor) -> bool:
    """START brings back what somebody once agreed to, and nothing else."""
    agreed = consent.history(visitor.patient).filter(state=PhoneConsent.State.GRANTED)
    return agreed.exists()


def _rest_now(programs: Sequence[Program], visitor: Visitor) -> dict[str, object]:
    """Whether something runs that can rest, and when each rest ends."""
    resting = [program for program in programs if program.is_patients_to_resume]
    zone = visitor.patient.zone
    ends = {row.resume_at.astimezone(zone).date() for row in resting if row.resume_at}
    return {
        "may_rest": any(program.status == Program.Status.ACTIVE for program in programs),
        "is_resting": bool(resting),
        "rests_until": [_named(day, visitor) for day in sorted(ends)],
    }


def _devices(visitor: Visitor) -> list[dict[str, object]]:
    """Where somebody is signed in as this patient, this browser first."""
    rows = DeviceToken.rows.visible_to(visitor.user).filter(expiry__gt=visitor.now)
    found = [
        {
            "id": row.public_id,
            "name": row.name,
            "is_page": row.link_id is not None,
            "is_here": row == visitor.device,
            "since": _named(row.created.astimezone(visitor.patient.zone).date(), visitor),
        }
        for row in rows.order_by("-created", "pk")
    ]
    return sorted(found, key=lambda row: not row["is_here"])


def _named(day: date, visitor: Visitor) -> str:
    return day_in_words(day, today=visitor.today, language=visitor.patient.language)
