"""Celery's way in: each task reads the clock once and calls a service."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from exercises.services import forget_old_access, resume_due, watch_due


@shared_task
def forget_what_is_over() -> int:
    """Delete codes, devices and kept answers that are over."""
    return forget_old_access(now=timezone.now())


@shared_task
def watch_programs() -> tuple[int, int]:
    """End pauses that are over, and look at silence and adherence."""
    now = timezone.now()
    return resume_due(now=now), watch_due(now=now)
