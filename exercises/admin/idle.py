"""How long a signed-in browser still has, for the script that warns before the idle log-out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_http_methods

from hep.middleware import IdleMiddleware


@require_http_methods(["GET", "POST"])
def still_here(request: HttpRequest) -> JsonResponse:
    """Who is signed in, the seconds left, and from how many on to warn; 0 for who is signed out.

    A GET only looks, a POST says that somebody is here.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0})
    return JsonResponse(
        {
            "who": request.user.pk,
            "seconds": max(1, IdleMiddleware.seconds_left(request)),
            "warn": min(60, int(settings.IDLE_LOGOUT.total_seconds()) // 2),
            "token": get_token(request),
        }
    )
