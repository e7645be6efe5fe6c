"""What the carrier tells of a text on its way: kept as an event, then acted on."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from notifications import outbox
from notifications.models import DeliveryEvent, OutboundMessage, SendAttempt
from notifications.outgoing import senders
from notifications.transports import decision_of

logger = logging.getLogger(__name__)


@transaction.atomic
def apply_delivery_status(
    attempt_id: int, *, word: str, sid: str, error_code: int | None, now: datetime
) -> None:
    """Keep a delivery event and move the message forward. Any order, twice, or before our commit.

    The attempt's id finds the message even when its SID is not known yet. `word` is Twilio's for
    the status; a word we do not know, or an attempt that is not ours, changes nothing.
    """
    attempt = SendAttempt.objects.filter(pk=attempt_id).first()
    if attempt is None:
        return
    DeliveryEvent.objects.create(
        attempt=attempt, sid=sid, status=word[:20], error_code=error_code, received_at=now
    )
    status = outbox.FROM_TWILIO.get(word)
    if status is None:
        return
    decision = decision_of(error_code) if error_code else None
    moved = outbox.apply_callback(
        attempt, status, sid=sid, error_code=error_code, decision=decision, now=now
    )
    if decision is not None:
        message = OutboundMessage.objects.filter(pk=attempt.message_id)
        senders.apply_refusal(decision, message, code=error_code, now=now)
    if moved:
        logger.info("%s message=%s", word, attempt.message_id)
