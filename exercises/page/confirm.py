"""The second step: the birth year, or the code that the phone gets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from exercises.models import DeviceToken
from exercises.page.visitor import Visitor, closed_here, page_view, see_other, show, visitor_of
from exercises.services import ask_for_code
from exercises.services.links import (
    confirm_by_code,
    confirm_by_year,
    may_tell_year,
    shares_phone,
)
from hep.caller import caller_network
from hep.errors import InvalidInputError
from hep.throttling import Throttle

# Of each way: the digits it has, and the key of the words for a wrong one.
WAYS = {"birth_year": (4, "wrong_birth_year"), "code": (6, "wrong_code")}


@page_view("GET", "POST")
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask who it is, text a code, or look at what was told."""
    visitor = visitor_of(request, now=timezone.now())
    if visitor is None:
        return closed_here(request)
    if visitor.is_confirmed:
        return see_other("page-today")
    if request.method == "GET":
        return ask_who(request, visitor)
    if not Throttle().allow("code", str(caller_network(request))):
        return ask_who(request, visitor, status=429, error="too_many")
    if request.POST.get("do") == "send":
        ask_for_code(phone=str(visitor.patient.phone), now=visitor.now)
        return ask_who(request, visitor, sent=True)
    return _look_at(request, visitor)


def _look_at(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    by_code = request.POST.get("do") == "code"
    name = "code" if by_code else "birth_year"
    digits, wrong = WAYS[name]
    told = "".join(request.POST.get(name, "")[:20].split())
    if not (told.isascii() and told.isdecimal() and len(told) == digits):
        # Nobody meant this, so it is no try.
        return ask_who(request, visitor, status=400, error=wrong, sent=by_code)
    try:
        if by_code:
            first_name = request.POST.get("first_name", "")[:100]
            confirm_by_code(
                device=visitor.device, code=told, first_name=first_name, now=visitor.now
            )
        else:
            confirm_by_year(device=visitor.device, year=int(told), now=visitor.now)
    except InvalidInputError:
        if visitor_of(request, now=visitor.now) is None:
            return show(
                request, "message", status=403, heading="closed_title", lead="closed_lead",
                language=visitor.patient.language,
            )  # fmt: skip  # a call
        return ask_who(request, visitor, status=400, error=wrong, sent=by_code)
    return see_other("page-today")


def ask_who(
    request: HttpRequest,
    visitor: Visitor,
    *,
    status: int = 200,
    error: str = "",
    sent: bool = False,
) -> HttpResponse:
    """The page that asks; it names nobody."""
    is_first = visitor.device.level == DeviceToken.Level.PENDING
    return show(
        request, "confirm", language=visitor.patient.language, status=status,
        lead="confirm_lead" if is_first else "confirm_more", is_first=is_first,
        by_year=may_tell_year(visitor.patient), error=error, sent=sent,
        is_shared=shares_phone(visitor.patient),
    )  # fmt: skip  # a call
