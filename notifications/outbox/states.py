"""The order of states, what a lease is, and what one request came to."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from hep.logging import hide_links
from notifications.models import OutboundMessage
from notifications.transports.base import Decision

Status = OutboundMessage.Status

# `TWILIO_TIMEOUT_SECONDS` allows no more.
LONGEST_REQUEST = timedelta(seconds=60)
# Half of it to get a request started, half for the request.
LEASE = 2 * LONGEST_REQUEST

# A phone that is off, a carrier's hiccup: worth one more attempt, when either may be over.
RETRY_AFTER = timedelta(minutes=10)
# Of these codes nothing reached the phone.
WORTH_A_RETRY = frozenset({Decision.ONCE_MORE, Decision.SLOW_DOWN, Decision.DAY_IS_FULL})

# A status may only be replaced by one of higher rank (promise 9).
RANK: dict[str, int] = {
    Status.ATTEMPTING: 0,
    Status.UNKNOWN: 1,
    Status.ACCEPTED: 2,
    Status.QUEUED: 3,
    Status.SENDING: 4,
    Status.SENT: 5,
    Status.DELIVERED: 6,
    Status.UNDELIVERED: 6,
    Status.FAILED: 6,
}
# What became of the text is known.
# At the carrier's door, or perhaps past it.
UNDER_WAY = (Status.ATTEMPTING, Status.UNKNOWN)
ENDED = (Status.DELIVERED, Status.UNDELIVERED, Status.FAILED)
# The carrier has not said the last word.
HALF_WAY = (Status.ACCEPTED, Status.QUEUED, Status.SENDING, Status.SENT)
# Every move there is (promise 9): up in rank, and back to waiting where nothing reached the phone.
ALLOWED_MOVES: dict[str, frozenset[str]] = {
    Status.WAITING: frozenset({Status.ATTEMPTING, Status.SKIPPED}),
    Status.SKIPPED: frozenset(),
    **{
        status: frozenset(other for other, higher in RANK.items() if higher > rank)
        | ({Status.WAITING} if status in {Status.ATTEMPTING, Status.UNKNOWN, *HALF_WAY} else set())
        for status, rank in RANK.items()
    },
}
# Twilio's words for what it did, in ours; `read` (of chat channels) implies delivered.
FROM_TWILIO: dict[str, str] = {
    "accepted": Status.ACCEPTED,
    "scheduled": Status.ACCEPTED,
    "queued": Status.QUEUED,
    "sending": Status.SENDING,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """What became of one request; `retry_at` only when it is safe to try again."""

    attempt_id: int
    token: uuid.UUID | None
    outcome: str
    status: str
    sid: str = ""
    error_code: int | None = None
    retry_at: datetime | None = None
    decision: Decision | None = None
    spends_retry: bool = False


def kept_words(kind: str, body: str) -> str:
    """The words of a text as they are stored: a code that signs in and a link that opens a page are
    nobody else's to read.
    """
    body = hide_links(body)
    return re.sub(r"\d", "#", body) if kind == OutboundMessage.Kind.CODE else body
