"""Ways a text leaves the house. `open_transport` picks the one the settings name."""

from __future__ import annotations

from django.conf import settings

from notifications.transports.base import Transport
from notifications.transports.console import ConsoleTransport
from notifications.transports.twilio import TwilioTransport, decision_of

__all__ = ["decision_of", "open_transport"]


def open_transport() -> Transport:
    """A transport to use with `async with`; its connections live until the block ends."""
    if settings.TEXT_TRANSPORT == "twilio":
        return TwilioTransport(
            account_sid=settings.TWILIO_ACCOUNT_SID,
            auth_token=settings.TWILIO_AUTH_TOKENS[0],
            api_base_url=settings.TWILIO_API_BASE_URL,
            timeout_seconds=settings.TWILIO_TIMEOUT_SECONDS,
        )
    return ConsoleTransport()
