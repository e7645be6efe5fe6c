"""The floor of receiving: Django without middleware, a view that does one insert."""

from __future__ import annotations

import os
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hep.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = get_wsgi_application()


def insert(request: HttpRequest) -> HttpResponse:
    """Keep the form, believe everything."""
    from notifications.models import InboundMessage  # noqa: PLC0415  # Django must be set up

    InboundMessage.objects.create(
        message_sid=request.POST["MessageSid"],
        from_phone=request.POST["From"],
        to_phone=request.POST["To"],
        body=request.POST["Body"],
        received_at=timezone.now(),
    )
    return HttpResponse()


def check_ins(request: HttpRequest, program_id: UUID) -> HttpResponse:
    """A page of check-ins for whoever asks: one query, no serializer."""
    from exercises.models import CheckIn  # noqa: PLC0415  # Django must be set up

    rows = CheckIn.objects.filter(program=program_id).values("id", "kind", "local_date", "score")
    return JsonResponse({"results": list(rows[:50])})


def healthz(request: HttpRequest) -> HttpResponse:
    """Up."""
    return HttpResponse("ok")


urlpatterns = [
    path("", insert),
    path("check-ins/<uuid:program_id>", check_ins),
    path("healthz", healthz),
]
