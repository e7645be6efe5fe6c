"""`manage.py simulator`: virtual phones instead of Twilio."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from notifications.simulator.app import build_app
from notifications.simulator.postman import Account


class Command(BaseCommand):
    """Serve the simulator until stopped."""

    help = "Serve a Twilio-compatible simulator with virtual phones (never in production)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside DEBUG: a simulator in production would swallow every text."""
        env = settings.ENV
        if not settings.DEBUG and not env.simulator_without_debug:
            raise CommandError(
                "The simulator runs only with DEBUG on, or with SIMULATOR_WITHOUT_DEBUG=true."
            )
        if not settings.TWILIO_ACCOUNT_SID or not settings.TWILIO_AUTH_TOKENS:
            raise CommandError("Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to any values.")
        account = Account(
            sid=settings.TWILIO_ACCOUNT_SID,
            auth_token=settings.TWILIO_AUTH_TOKENS[0],
            inbound_url=f"{settings.PUBLIC_BASE_URL}{reverse('twilio-inbound')}",
            numbers=tuple(env.simulator_numbers),
        )
        web.run_app(
            build_app(account),
            host=env.hep_bind,
            port=env.simulator_port,
            print=lambda *_: None,
            access_log=None,
        )
