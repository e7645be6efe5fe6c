"""What the simulator remembers, in memory: messages, who opted out, and counts."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from django.utils import timezone

from notifications.wording.gsm7 import segments


def new_sid(prefix: str) -> str:
    """A SID in Twilio's form: two letters and 32 hex digits."""
    return prefix + secrets.token_hex(16)


@dataclass
class SimulatedMessage:
    """A message with Twilio's fields; `phone` is the virtual phone's side of it."""

    account_sid: str
    direction: str
    from_number: str
    to_number: str
    body: str
    status: str
    messaging_service_sid: str = ""
    status_callback: str = ""
    validity_seconds: int = 36_000
    error_code: int | None = None
    sid: str = field(default_factory=lambda: new_sid("SM"))
    created: datetime = field(default_factory=timezone.now)
    sent: datetime | None = None
    updated: datetime | None = None

    @property
    def phone(self) -> str:
        """The number of the virtual phone."""
        return self.from_number if self.direction == "inbound" else self.to_number

    def as_twilio(self) -> dict[str, object]:
        """The resource as Twilio's REST API shows it."""
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{self.sid}.json"
        return {
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": _rfc2822(self.created),
            "date_sent": _rfc2822(self.sent),
            "date_updated": _rfc2822(self.updated or self.created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.from_number or None,
            "messaging_service_sid": self.messaging_service_sid or None,
            "num_media": "0",
            "num_segments": str(segments(self.body)),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": uri.replace(".json", "/Media.json")},
            "to": self.to_number,
            "uri": uri,
        }

    def as_bubble(self) -> dict[str, object]:
        """The message as the phone's owner sees it."""
        return {
            "sid": self.sid,
            "who": "phone" if self.direction == "inbound" else "clinic",
            "from": self.from_number,
            "to": self.to_number,
            "body": self.body,
            "status": self.status,
            "at": self.created.isoformat(),
        }


def _rfc2822(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None


class Store:
    """All messages, newest last, with the look-ups the API needs."""

    def __init__(self) -> None:
        self.messages: dict[str, SimulatedMessage] = {}
        self.opted_out: set[tuple[str, str]] = set()
        self.requests = 0
        self.accepted = 0
        self._accepted_times: tuple[datetime | None, datetime | None] = (None, None)
        self.accepted_by_second: Counter[int] = Counter()
        self._by_phone: dict[str, list[SimulatedMessage]] = defaultdict(list)
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def add(self, message: SimulatedMessage) -> None:
        """Keep a message."""
        self.messages[message.sid] = message
        self._by_phone[message.phone].append(message)

    def count_accepted(self, message: SimulatedMessage) -> None:
        """Count a message taken on through the API."""
        self.accepted += 1
        self._accepted_times = (self._accepted_times[0] or message.created, message.created)
        self.accepted_by_second[int(message.created.timestamp())] += 1
        self._seen[message.to_number, message.body, message.created.date().isoformat()] += 1

    def phones(self) -> Iterator[dict[str, object]]:
        """Every phone with its last message, the newest conversation first."""
        newest = sorted(self._by_phone.items(), key=lambda item: item[1][-1].created, reverse=True)
        for number, messages in newest:
            yield {"number": number, "messages": len(messages), "last": messages[-1].as_bubble()}

    def conversation(self, number: str) -> list[SimulatedMessage]:
        """The messages of one phone, oldest first."""
        return list(self._by_phone.get(number, ()))

    def stats(self) -> dict[str, object]:
        """Counts since the start."""
        seconds = self.accepted_by_second
        first, last = self._accepted_times
        span = (last - first).total_seconds() if first and last else 0.0
        # The time between n texts holds n - 1 of them.
        rate = (self.accepted - 1) / span if span else float(self.accepted)
        return {
            "requests": self.requests,
            "accepted": self.accepted,
            "accepted_per_second": round(rate, 2),
            "accepted_in_busiest_second": max(seconds.values(), default=0),
            "duplicates": sum(count - 1 for count in self._seen.values()),
        }
