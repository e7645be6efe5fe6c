"""What every transport promises: accepted, or an error that carries the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Text:
    """A text ready to go. Phones are E.164; `validity_seconds` is 1 to 36000."""

    to_phone: str
    from_phone: str
    messaging_service_sid: str
    body: str
    callback_url: str
    validity_seconds: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the text on; `status` is its first status."""

    sid: str
    status: str


@dataclass(frozen=True, slots=True)
class KnownText:
    """A text as the provider's own list shows it; `created_at` to the second."""

    sid: str
    from_phone: str
    to_phone: str
    body: str
    status: str
    error_code: int | None
    created_at: datetime
    media_count: int = 0


class Decision(Enum):
    """What a refusal means for the message."""

    PERMANENT = "permanent"  # this text will never go
    UNLISTED = "unlisted"  # nor will this one; when every text gets it, it is the sender's
    FILTERED = "filtered"  # nor will others in these words; a person should look
    OPTED_OUT = "opted_out"  # nor will any other to this phone
    STOP_SENDER = "stop_sender"  # nothing will go from this sender; a person must look
    SLOW_DOWN = "slow_down"  # not processed; the same text may go later
    DAY_IS_FULL = "day_is_full"  # not processed; a carrier takes no more of this sender's today
    ONCE_MORE = "once_more"  # may work in a while, once


class TransportError(Exception):
    """Base of what a transport may raise."""


class RefusedError(TransportError):
    """The provider answered and did not take the text."""

    def __init__(self, code: int | None, decision: Decision, retry_after: float = 0.0) -> None:
        super().__init__(f"refused with {code}: {decision.value}")
        self.code = code
        self.decision = decision
        self.retry_after = retry_after


class NotSentError(TransportError):
    """The request never left: no connection was made. Trying again is safe."""


class UnknownOutcomeError(TransportError):
    """The request may have been processed. Never try again blindly (promise 3)."""


class Transport(Protocol):
    """Sends texts while its `async with` block is open."""

    async def __aenter__(self) -> Self:
        """Open connections."""

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close them."""

    async def send(self, text: Text) -> Accepted:
        """Send one text. Raises RefusedError, NotSentError or UnknownOutcomeError only."""

    async def texts_to(self, phone: str, *, since: datetime) -> list[KnownText]:
        """What the provider knows of texts to `phone` since then. Raises TransportError."""

    async def status_of(self, sid: str) -> KnownText:
        """What became of one text. Raises TransportError."""
