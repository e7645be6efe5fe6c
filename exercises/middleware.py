"""Between a signed-in provider and the pages: the clinic's clock, and the second step."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from exercises.models import Clinic, Look, Program, User
from exercises.services.second_step import NEEDED, PASSED, has_second_step
from hep.auditing import Trace, traced
from hep.caller import caller_address
from hep.problems import PROBLEM_TYPE, problem

KEY = "clinic_time_zone"
ON_THE_WAY = ("second-step", "admin:login", "admin:logout", "still-here")


class ClinicClockMiddleware:
    """Show the admin in the zone of the signed-in provider's clinic, read once a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only for people with a session: an API speaks UTC."""
        if not request.path.startswith("/admin/") or not request.user.is_authenticated:
            return self.get_response(request)
        name = request.session.get(KEY)
        if name is None:
            clinic = Clinic.objects.visible_to(request.user).first()
            name = clinic.time_zone if clinic else timezone.get_default_timezone_name()
            request.session[KEY] = name
        with timezone.override(ZoneInfo(name)):
            return self.get_response(request)


class LookMiddleware:
    """Keep whose records an answer was built from, by whom and from where; refused looks as well,
    and every try to sign in or out, whether it led in or not.

    Outside the API's and the admin's own code: no page has to remember it, and none can forget.
    """

    # What has an id of something in it, but for the static parts of the admin.
    ABOUT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
    REFUSED = frozenset({403, 404})
    ACTS = frozenset({"POST", "DELETE"})
    # Ways in and out: the admin, the API (asking for a code is none), the patient's own page.
    WAY = re.compile(
        r"/(?:admin/(?:login|logout)/"
        r"|api/v1/auth/(?:login|session|otp/verify|logout|logout-everywhere)/"
        r"|p/(?:(?:confirm|out)/|[A-Za-z0-9_-]{22}/?))"
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing for who is not signed in: such an answer shows nobody's record."""
        if not request.path.startswith(("/admin/", "/api/", "/p/")):
            return self.get_response(request)
        is_way = request.method in self.ACTS and self.WAY.fullmatch(request.path) is not None
        # Whoever signs out is nobody afterwards.
        before: Any = request.user if is_way and request.user.is_authenticated else None
        with traced() as trace:
            response = self.get_response(request)
        user: Any = trace.user or request.user
        user = user if user.is_authenticated else before
        if user is not None or is_way:
            self._keep(request, response, user, self._patients(trace), is_way=is_way)
        return response

    def _keep(
        self,
        request: HttpRequest,
        response: HttpResponse,
        user: User | None,
        patients: set[UUID],
        *,
        is_way: bool,
    ) -> None:
        is_refused = response.status_code in self.REFUSED
        if user is not None and user.patient_id is not None and not is_refused:
            patients.add(user.patient_id)
        if not patients and not is_way and not (is_refused and self.ABOUT.search(request.path)):
            return
        Look.objects.create(
            at=timezone.now(),
            user=user.pk if user else Look.NOBODY,
            address=caller_address(request),
            method=str(request.method)[:7],
            # A link's token is nobody's to read.
            path="/p/" if request.path.startswith("/p/") else request.path[:300],
            status=response.status_code,
            patients=sorted(patients),
        )

    @staticmethod
    def _patients(trace: Trace) -> set[UUID]:
        found = trace.patients | {trace.known[pk] for pk in trace.programs & set(trace.known)}
        unknown = trace.programs - set(trace.known)
        if unknown:
            rows = Program.objects.filter(pk__in=unknown)
            found |= set(rows.values_list("patient_id", flat=True))
        return found


class SecondStepMiddleware:
    """With `SECOND_STEP_REQUIRED`, a session that showed no code sets one up before anything else.

    Tokens are looked at where they are read (`api.access.DeviceAuthentication`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page of the second step; the API answers 403."""
        if not settings.SECOND_STEP_REQUIRED or self._may_pass(request):
            return self.get_response(request)
        if isinstance(request.user, User) and has_second_step(request.user):
            # A session from before it was required, or without its code: in again, with one.
            logout(request)
            return self.get_response(request)
        if request.path.startswith("/api/"):
            body = problem(403, "second_step_needed", NEEDED)
            return JsonResponse(body, status=403, content_type=PROBLEM_TYPE)
        return redirect("second-step")

    def _may_pass(self, request: HttpRequest) -> bool:
        if not request.path.startswith(("/admin/", "/api/")) or not request.user.is_authenticated:
            return True
        on_the_way = {reverse(name) for name in ON_THE_WAY}
        return request.path in on_the_way or PASSED in request.session
