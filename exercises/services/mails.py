"""Mails about accounts: whether one may be sent, and sending it."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)
LOGGED = "django.core.mail.backends.console.EmailBackend"


def can_mail() -> bool:
    """Whether mails reach anybody: where they are only logged, who reads logs would have them."""
    if settings.EMAIL_BACKEND == LOGGED and not settings.DEBUG:
        logger.error("EMAIL_HOST is not set: no mail about an account can be sent")
        return False
    return True


def mail(to: str, *, subject: str, template: str, context: dict[str, Any]) -> None:
    """Send the words of `template`. Raises whatever the mail server or the address does."""
    send_mail(subject, render_to_string(template, context), None, [to])
