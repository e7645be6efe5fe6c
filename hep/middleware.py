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

KB = 1024
# Webhooks, and pages that anybody may open.
SMALL = 64 * KB
# Tables to import, and pictures.
LARGEST_UPLOAD = 10 * KB * KB
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
    """Sign out whoever made no request for a while: a screen in a clinic is left alone. And after a
    working day, whatever was done: a session has an end.
    """

    KEY = "seen_at"
    BEGAN = "began_at"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing for who has no session."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            allowed = int(settings.IDLE_LOGOUT.total_seconds())
            left = self.seconds_left(request)
            began = request.session.setdefault(self.BEGAN, int(time.time()))
            is_over = time.time() - began > settings.LONGEST_SESSION.total_seconds()
            looks = request.method == "GET" and request.path in map(str, settings.LOOKING_URLS)
            if left < 0 or is_over:
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


class BodyMiddleware:
    """A body that is larger than its path ever needs is refused before a byte of it is read.

    Only who is signed in to the admin sends files; it stands where that is known.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """413 above the limit."""
        # Cut: Python reads no number of thousands of digits, and twenty are too many as well.
        length = (request.META.get("CONTENT_LENGTH") or "0")[:20]
        if not length.isdecimal() or int(length) <= SMALL:
            return self.get_response(request)
        most = self.most(request)
        if int(length) <= most:
            return self.get_response(request)
        told = f"A request to this address holds at most {most // KB:,} kB."
        if request.path.startswith("/api/"):
            body = problem(413, "too_large", told)
            return JsonResponse(body, status=413, content_type=PROBLEM_TYPE)
        return HttpResponse(told, status=413, content_type="text/plain")

    @staticmethod
    def most(request: HttpRequest) -> int:
        """The bytes that a body to this path may have."""
        if request.path.startswith("/api/"):
            return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.path.startswith("/admin/") and request.user.is_authenticated:
            return LARGEST_UPLOAD
        return SMALL


class ApiMiddleware:
    """The API's answers are one person's: nothing on the way or in a browser keeps them."""

    # The same for everybody.
    SHARED = ("/api/schema/", "/api/docs/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """An app may still ask "has it changed?" with the tag it keeps."""
        response = self.get_response(request)
        if request.path.startswith("/api/"):
            shared = request.path.startswith(self.SHARED)
            response.setdefault("Cache-Control", "private, no-cache" if shared else "no-store")
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
