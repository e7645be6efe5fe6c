"""Messages with the clinic on the patient's own page."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from exercises.models import DeviceToken
from exercises.page.visitor import Visitor, for_visitors, page_view, show
from hep.errors import ConflictError
from notifications.messages import keep_message
from notifications.thread import Before, conversation

SHOWN = 40
LONGEST = 1_000


@page_view("GET", "POST")
@for_visitors(DeviceToken.Level.CONFIRMED)
def messages(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What was said, and a box to write in. Signs are answered at once, as by text."""
    if request.method == "GET":
        return _page(request, visitor)
    body = request.POST.get("body", "").replace("\x00", "").strip()
    if not body or len(body) > LONGEST:
        return _page(request, visitor, status=400, error="write_something", body=body[:LONGEST])
    try:
        key = uuid.UUID(request.POST.get("id", ""))
        _, answer = keep_message(
            patient=visitor.patient, message_id=key, body=body, now=visitor.now
        )
    except (ValueError, ConflictError):
        return _page(request, visitor, status=400, error="error", body=body)
    return _page(request, visitor, answer=answer)


def _page(
    request: HttpRequest,
    visitor: Visitor,
    *,
    status: int = 200,
    error: str = "",
    answer: str = "",
    body: str = "",
) -> HttpResponse:
    # With what was just written, and without what waits for its hour.
    before = Before(visitor.now + timedelta(seconds=1))
    bubbles = conversation(patient=visitor.patient, user=visitor.user, before=before, at_most=SHOWN)
    zone = visitor.patient.zone
    return show(
        request, "messages", language=visitor.patient.language, status=status,
        patient=visitor.patient, error=error, answer=answer, body=body, form_id=uuid.uuid4(),
        bubbles=[(row, row.at.astimezone(zone).replace(tzinfo=None)) for row in reversed(bubbles)],
        longest=LONGEST,
    )  # fmt: skip  # a call
