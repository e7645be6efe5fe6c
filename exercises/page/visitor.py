"""Who looks at the page: a browser with a cookie, how far it got, and what every answer carries."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_http_methods
from knox.crypto import hash_token

from exercises.content.page import page_words
from exercises.models import DeviceToken, Patient, Program, User
from exercises.services.links import is_over
from hep.auditing import acts_as
from hep.throttling import Throttle

COOKIE = "hep_page"
PATH = "/p/"
Level = DeviceToken.Level
# Two writes of an expiry are at least so far apart.
RENEWED_EVERY = timedelta(hours=12)
# Nothing but our own files, no script in the page, and no form that leads elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that opened a link, and whose page it is."""

    device: DeviceToken
    user: User
    patient: Patient
    now: datetime

    @property
    def today(self) -> date:
        """On the patient's calendar."""
        return self.now.astimezone(self.patient.zone).date()

    @property
    def programs(self) -> QuerySet[Program]:
        """Those that have not ended, newest first."""
        rows: QuerySet[Program] = Program.objects.visible_to(self.user)
        open_ones = rows.exclude(status=Program.Status.ENDED).select_related("patient__clinic")
        return open_ones.order_by("-created_at", "pk")

    @property
    def mark(self) -> str:
        """What tells this browser's visit from another's, for what a phone keeps of the page."""
        return hashlib.sha256(f"page {self.device.pk}".encode()).hexdigest()[:16]

    @property
    def is_confirmed(self) -> bool:
        """Whether it has shown who it is."""
        return self.device.level == Level.CONFIRMED


def visitor_of(request: HttpRequest, *, now: datetime) -> Visitor | None:
    """Whose cookie this is; None without one that still works. One query, and one for programs."""
    token = request.COOKIES.get(COOKIE, "")
    # What is no token of ours is not looked for.
    if not re.fullmatch(r"[0-9a-f]{64}", token):
        return None
    rows = DeviceToken.objects.select_related("user__patient__clinic", "link")
    device: DeviceToken | None = rows.filter(digest=hash_token(token), expiry__gt=now).first()
    if device is None or device.link is None or device.user.patient is None:
        return None
    patient = device.user.patient
    ended = device.link.revoked_at is not None or device.link.phone != str(patient.phone)
    too_long = now - device.created > settings.PAGE_LONGEST
    if ended or too_long or not device.user.is_active or is_over(patient, now=now):
        return None
    _renew(device, now=now)
    acts_as(device.user)
    return Visitor(device, device.user, patient, now)


def _renew(device: DeviceToken, *, now: datetime) -> None:
    """Used, it lasts; a write once in a while is enough."""
    expiry = now + settings.PAGE_IDLE
    if device.expiry is None or expiry - device.expiry > RENEWED_EVERY:
        DeviceToken.objects.filter(pk=device.pk).update(expiry=expiry)


View = Callable[..., HttpResponse]


def page_view(*methods: str) -> Callable[[View], View]:
    """A view of the page: its methods, and an answer that nobody keeps, frames or is sent on to."""

    def wrap(view: View) -> View:
        checked = require_http_methods(list(methods))(view)

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = checked(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            # To nobody else; with "no-referrer" a browser hides its origin from our own forms too.
            response.setdefault("Referrer-Policy", "same-origin")
            response["Content-Security-Policy"] = POLICY
            # Django would log the address, and a link's token stands in it.
            response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
            return response

        return answer

    return wrap


def for_visitors(*levels: str) -> Callable[[View], View]:
    """Only for who got so far: who has to show who it is goes there, anybody else needs a link."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            visitor = visitor_of(request, now=timezone.now())
            if visitor is None:
                return closed_here(request)
            if request.method == "POST" and not Throttle().allow("page", str(visitor.user.pk)):
                return show(
                    request, "message", language=visitor.patient.language, status=429,
                    heading="title", lead="too_many",
                )  # fmt: skip  # a call
            if visitor.device.level not in levels:
                return see_other("page-confirm")
            return view(request, visitor, *args, **kwargs)

        return answer

    return wrap


# Pages one may go to from today: the name of an address and the key of its words. Another app adds
# its own when it is ready, without our knowing of it.
MENU: list[tuple[str, str]] = [("page-progress", "progress")]


def language_asked(request: HttpRequest) -> str:
    """The language that the browser asks for, where we have it."""
    language = translation.get_language_from_request(request).split("-")[0]
    return language if language in page_words() else "en"


def show(
    request: HttpRequest,
    template: str,
    *,
    language: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page in `language`, else in the one that the browser asks for."""
    language = language or language_asked(request)
    shown = {"w": page_words()[language], "language": language, "menu": MENU, **context}
    return render(request, f"page/{template}.html", shown, status=status)


def see_other(address: str) -> HttpResponse:
    """On to `address` by GET, so that a reload sends nothing twice."""
    response = redirect(address)
    response.status_code = 303
    return response


def closed_here(request: HttpRequest) -> HttpResponse:
    """No cookie that works: what one needs is a link."""
    words = {"heading": "not_open_title", "lead": "not_open_lead"}
    response = show(request, "message", status=403, forget=True, **words)
    response.delete_cookie(COOKIE, path=PATH)
    # For the script that tells: nothing it keeps may stay.
    response["X-Page"] = "closed"
    return response


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without our token. On the page it says so in its own words, elsewhere in Django's."""
    if not request.path.startswith(PATH):
        return csrf_failure(request, reason)
    return show(request, "message", status=403, heading="title", lead="error")
