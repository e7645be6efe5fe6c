"""Between a signed-in provider and the pages: the clinic's clock, and the second step."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from exercises.models import Clinic, User
from exercises.services.second_step import NEEDED, PASSED, has_second_step
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
