"""Celery's way in: each task reads the clock once and calls a service."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from exercises.services import forget_old_access, resume_due, watch_due
from exercises.services.looks import seal_looks
from exercises.services.passwords import send_links
from exercises.services.team import mail_invitations


@shared_task
def forget_what_is_over() -> tuple[int, int]:
    """Delete codes, devices and kept answers that are over, and seal who looked at what."""
    now = timezone.now()
    return forget_old_access(now=now), seal_looks(now=now)


@shared_task
def mail_accounts() -> tuple[int, int]:
    """Mail links to set a password that were asked for, and invitations."""
    now = timezone.now()
    return send_links(now=now), mail_invitations(now=now)


@shared_task
def watch_programs() -> tuple[int, int]:
    """End pauses that are over, and look at silence and adherence."""
    now = timezone.now()
    return resume_due(now=now), watch_due(now=now)
