"""The link: a page that shows nothing and changes nothing, and the button that opens."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from exercises.models import DeviceToken
from exercises.page.visitor import (
    COOKIE,
    PATH,
    Visitor,
    for_visitors,
    page_view,
    see_other,
    show,
    visitor_of,
)
from exercises.services.links import open_link
from hep.auditing import acts_as
from hep.caller import caller_network
from hep.throttling import Throttle

# From the page that opens to the tap.
TAP, TAP_SECONDS = "hep_tap", 600


# Its address holds the token, so the browser tells no origin, not even to us. What is checked is
# that no other site's form sent it; it changes nothing for who is signed in anywhere.
@csrf_exempt
@page_view("GET", "HEAD", "POST")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Looked at, by a person or by what previews links, it is the same for every address; only the
    button opens, and a link that does not work is closed in the same words whatever the reason.
    """
    response = _link(request, token)
    # The token stands in the address of every one of these answers.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _link(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _with_tap(request, show(request, "open"))
    if not Throttle().allow("link", str(caller_network(request))):
        return show(request, "message", status=429, heading="closed_title", lead="too_many")
    now = timezone.now()
    here = visitor_of(request, now=now)
    tap = request.COOKIES.get(TAP, "")[:64]
    opened = open_link(token=token, now=now, known=here.device if here else None, tap=tap)
    if opened is None:
        return show(request, "message", status=404, heading="closed_title", lead="closed_lead")
    response = see_other("page-today")
    acts_as(opened.device.user)
    if not opened.token:
        return response  # this browser is known
    # Whoever had the page here before left a day and perhaps taps behind; they are somebody else's,
    # and a page that is opened in the next second without a network would still show them.
    response["Clear-Site-Data"] = '"storage"'
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(settings.PAGE_LONGEST.total_seconds()),
        path=PATH,
        secure=settings.SERVED_OVER_TLS,
        httponly=True,
        # With Strict, a tap in the messages app would arrive without it each time.
        samesite="Lax",
    )
    return response


def _with_tap(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell this browser from others until its tap came, without a row of it."""
    if TAP not in request.COOKIES:
        response.set_cookie(
            TAP, secrets.token_urlsafe(16), max_age=TAP_SECONDS, path=PATH,
            secure=settings.SERVED_OVER_TLS, httponly=True, samesite="Lax",
        )  # fmt: skip  # a call
    return response


@page_view("POST")
@for_visitors(*DeviceToken.Level.values)
def leave(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Close the page in this browser."""
    device = visitor.device
    device.delete()
    response = show(
        request, "message", heading="signed_out_title", lead="signed_out_lead",
        language=visitor.patient.language, forget=True,
    )  # fmt: skip  # a call
    response.delete_cookie(COOKIE, path=PATH)
    # Whatever this browser keeps of the page goes too.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
