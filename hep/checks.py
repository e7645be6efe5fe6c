"""System checks: what must hold before the service may run for patients."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register


@register(Tags.security, deploy=True)
def patients_are_reached_over_tls(**_: Any) -> list[CheckMessage]:
    """Webhooks and sign-ins carry health data, so production is https."""
    if settings.PUBLIC_BASE_URL.startswith("https://"):
        return []
    return [checks.Error("PUBLIC_BASE_URL must start with https:// in production.", id="hep.E001")]


@register(deploy=True)
def alerts_reach_providers(**_: Any) -> list[CheckMessage]:
    """Without a mail server an alert waits until somebody opens the admin."""
    if settings.EMAIL_HOST:
        return []
    return [checks.Warning("EMAIL_HOST is not set: no alert is e-mailed.", id="hep.W002")]


@register(Tags.security, deploy=True)
def texts_leave_through_twilio(**_: Any) -> list[CheckMessage]:
    """A test server in production would swallow every text."""
    if settings.TWILIO_API_BASE_URL == "https://api.twilio.com":
        return []
    return [checks.Warning("TWILIO_API_BASE_URL does not point at Twilio.", id="hep.W001")]
