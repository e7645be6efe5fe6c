"""Celery's way in: each task reads the clock once and calls a module."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from hep.tasks import HepTask
from notifications import due, heartbeat, inbound, outbox, sending


@shared_task
def write_due_messages() -> int:
    """One due scan; a full batch asks for the next at once."""
    now = timezone.now()
    written = due.write_due(now=now)
    heartbeat.beat(heartbeat.DUE_TICK, now=now)
    if written:
        send_waiting_messages.delay()
    if written >= due.BATCH:
        write_due_messages.delay()
    return written


@shared_task
def send_waiting_messages() -> int:
    """One batch out; a full batch asks for the next at once."""
    claimed = sending.send_waiting(now=timezone.now())
    if claimed >= sending.BATCH:
        send_waiting_messages.delay()
    return claimed


@shared_task(base=HepTask)
def read_inbound_message(message_sid: str) -> bool:
    """Read one text, as soon as its row is committed."""
    read = inbound.read_one(message_sid, now=timezone.now())
    if read:
        send_waiting_messages.delay()
    return read


@shared_task
def read_inbound_messages() -> int:
    """Read what is still unread."""
    return inbound.read_inbound(now=timezone.now())


@shared_task
def settle_expired_leases() -> int:
    """Find what dead workers left behind."""
    return outbox.expire_leases(now=timezone.now())
