"""Texts that go nowhere: for a first look without an account."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from types import TracebackType
from typing import Self

from notifications.transports.base import Accepted, KnownText, Text, UnknownOutcomeError

logger = logging.getLogger(__name__)


class ConsoleTransport:
    """Accepts everything and delivers nothing."""

    async def __aenter__(self) -> Self:
        """Nothing to open."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing to close."""

    async def send(self, text: Text) -> Accepted:
        """Log one line."""
        sid = f"SM{uuid.uuid4().hex}"
        logger.warning("no Twilio account is set, so this text goes nowhere: %s", sid)
        return Accepted(sid=sid, status="accepted")

    async def texts_to(self, phone: str, *, since: datetime) -> list[KnownText]:
        """Nothing is remembered."""
        return []

    async def status_of(self, sid: str) -> KnownText:
        """Nothing is remembered."""
        raise UnknownOutcomeError(sid)
