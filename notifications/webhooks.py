"""Twilio's webhooks: verify the signature, keep the row, answer. The work follows from the row."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator, get_signature_algorithm

from notifications.models import E164_LENGTH
from notifications.outgoing.delivery_status import apply_delivery_status
from notifications.tasks import read_inbound_messages

logger = logging.getLogger(__name__)

# What fits the key of a row.
ROW_KEY = re.compile(r"[0-9]{1,18}")
View = Callable[[HttpRequest], HttpResponse]
# One statement and its own transaction: the ORM's way to ignore a conflict takes three round trips.
KEEP = """
INSERT INTO notifications_inboundmessage (
    message_sid, from_phone, to_phone, body, media_count, opt_out_type, received_at, state,
    updated_at, parked_reason, reading)
VALUES (%s, %s, %s, %s, %s, %s, %s, 'received', %s, '', '')
ON CONFLICT (message_sid) DO NOTHING
"""
# An empty TwiML answer: replies go through the outbox, where they are kept and paced.
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def signed_by_twilio(view: View) -> View:
    """Answer 403 unless one of our tokens signed the public URL and the form.

    The URL is built from PUBLIC_BASE_URL because proxies change the one that arrives. Two tokens
    are valid while the token is rotated.
    """

    @csrf_exempt
    @require_POST
    @functools.wraps(view)
    def verified(request: HttpRequest) -> HttpResponse:
        url = f"{settings.PUBLIC_BASE_URL}{request.get_full_path()}"
        signature = request.headers.get("X-Twilio-Signature", "")
        algorithm = get_signature_algorithm(
            request.headers.get("X-Twilio-Webhooks-Signature-Settings", "")
        )
        for token in settings.TWILIO_AUTH_TOKENS:
            if RequestValidator(token).validate(url, request.POST, signature, algorithm):
                return view(request)
        logger.warning("refused a webhook without a valid signature: %s", request.path)
        return HttpResponseForbidden("The signature is missing or wrong.")

    return verified


@signed_by_twilio
def inbound(request: HttpRequest) -> HttpResponse:
    """Keep a text; the message SID decides whether it is new."""
    told = functools.partial(_told, request)
    media = told("NumMedia", 20)
    # Twilio allows ten; whatever else may stand there must not cost us the text.
    media_count = min(int(media), 10) if media.isdecimal() else 0
    sid = told("MessageSid", 34)
    if not sid:
        return HttpResponse("MessageSid is missing.", status=400)
    now = timezone.now()
    row = (
        sid,
        told("From", E164_LENGTH),
        told("To", E164_LENGTH),
        told("Body", None),
        media_count,
        told("OptOutType", 10),
        now,
        now,
    )
    with connection.cursor() as cursor:
        cursor.execute(KEEP, row)
    read_inbound_messages.hurry()
    return HttpResponse(EMPTY_TWIML, content_type="text/xml")


@signed_by_twilio
def status(request: HttpRequest) -> HttpResponse:
    """What became of an attempt: its id travels in the URL we gave Twilio."""
    word = _told(request, "MessageStatus", 20)
    attempt_id = request.GET.get("attempt", "")
    if not ROW_KEY.fullmatch(attempt_id) or not word:
        return HttpResponse("attempt and MessageStatus are needed.", status=400)
    # Twilio's codes have five digits.
    code = _told(request, "ErrorCode", 9)
    apply_delivery_status(
        int(attempt_id),
        word=word,
        sid=_told(request, "MessageSid", 34),
        error_code=int(code) if code.isdecimal() else None,
        now=timezone.now(),
    )
    # Also for an attempt that is not ours: any other answer would only be logged at Twilio.
    return HttpResponse(status=204)


def _told(request: HttpRequest, name: str, longest: int | None) -> str:
    """A value of the form as a column can hold it: PostgreSQL's text has no NUL."""
    return request.POST.get(name, "").replace("\x00", "")[:longest]
