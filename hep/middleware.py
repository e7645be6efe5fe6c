"""Middleware of our own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from auditlog.middleware import AuditlogMiddleware
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse

from hep.caller import caller_address
from hep.logging import scrub
from hep.problems import PROBLEM_TYPE, problem

SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIdMiddleware:
    """Only an id that cannot forge a log line reaches django-guid, which makes one otherwise.

    django-guid sends it back and keeps it for the log; before it in the list.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Drop what is no safe id, or might be somebody's phone."""
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        if not SAFE_ID.fullmatch(given) or scrub(given) != given:
            request.META.pop("HTTP_X_REQUEST_ID", None)
        return self.get_response(request)


class IdleMiddleware:
    """Sign out whoever made no request for a while: a screen in a clinic is left alone."""

    KEY = "seen_at"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing for who has no session."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            allowed = int(settings.IDLE_LOGOUT.total_seconds())
            left = self.seconds_left(request)
            looks = request.method == "GET" and request.path in map(str, settings.LOOKING_URLS)
            if left < 0:
                logout(request)
            # Noted once in a while, so that most requests write nothing.
            elif self.KEY not in request.session or (
                not looks and allowed - left >= min(60, allowed // 4)
            ):
                request.session[self.KEY] = int(time.time())
        return self.get_response(request)

    @classmethod
    def seconds_left(cls, request: HttpRequest) -> int:
        """Until the session ends unless somebody does something; below 0: over."""
        now = int(time.time())
        seen_at: int = request.session.get(cls.KEY, now)
        return seen_at + int(settings.IDLE_LOGOUT.total_seconds()) - now


class ApiMiddleware:
    """The API's own: a body that is too large is refused unread, and answers stay private."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """413 above the limit; no shared cache keeps an answer."""
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            body = problem(413, "too_large", "A request holds at most 1 MB.")
            return JsonResponse(body, status=413, content_type=PROBLEM_TYPE)
        response = self.get_response(request)
        response.setdefault("Cache-Control", "private, no-cache")
        return response


class AuditMiddleware(AuditlogMiddleware):  # type: ignore[misc]  # auditlog has no type stubs
    """auditlog's, which keeps who made a change; nobody is signed in to a webhook.

    It connects signals anew for each request, a tenth of a webhook's time.
    """

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        """auditlog's own believes whatever `X-Forwarded-For` says, even what is no address."""
        return caller_address(request)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Past webhooks, straight on."""
        if request.path.startswith("/webhooks/"):
            webhook: HttpResponse = self.get_response(request)
            return webhook
        answer: HttpResponse = super().__call__(request)
        return answer
