"""Pages of a clinic tell times on the clinic's clock."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from exercises.models import Clinic

KEY = "clinic_time_zone"


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
