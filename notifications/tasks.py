"""Celery's way in: each task reads the clock once and calls a module."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from exercises.services import forget_old_access, resume_due, watch_due
from hep.tasks import HepTask
from notifications import alerts, outbox
from notifications.incoming import inbound
from notifications.monitoring import heartbeat
from notifications.outgoing import due, expire_held, reconcile, sending, sign_in_texts


@shared_task
def write_due_messages() -> int:
    """One due scan; a full batch asks for the next at once."""
    now = timezone.now()
    with heartbeat.beating(heartbeat.DUE_TICK, now=now):
        written = due.write_due(now=now)
    if written:
        send_waiting_messages.delay()
    if written >= due.BATCH:
        write_due_messages.delay()
    return written


@shared_task
def send_waiting_messages() -> int:
    """Everything out that waits now."""
    return sending.send_waiting(clock=timezone.now)


@shared_task(base=HepTask)
def read_inbound_messages() -> int:
    """Read what is unread, and send the answers."""
    read = inbound.read_inbound(now=timezone.now())
    if read:
        send_waiting_messages.delay()
    return read


@shared_task(base=HepTask)
def text_sign_in_codes() -> int:
    """Text the codes that were asked for."""
    written = sign_in_texts.text_codes(now=timezone.now())
    if written:
        send_waiting_messages.delay()
    return written


@shared_task
def forget_what_is_over() -> int:
    """Delete codes, devices and kept answers that are over."""
    return forget_old_access(now=timezone.now())


@shared_task
def settle_expired_leases() -> int:
    """Find what dead workers left behind."""
    return outbox.expire_leases(now=timezone.now())


@shared_task
def settle_unknown_outcomes() -> int:
    """Ask Twilio's list about texts that may or may not have gone out."""
    return reconcile.settle_unknown(now=timezone.now())


@shared_task
def skip_held_messages() -> int:
    """Bring texts to an end that wait behind a stopped sender or a switch."""
    return expire_held.expire_held_messages(now=timezone.now())


@shared_task
def tell_providers() -> int:
    """E-mail about alerts, and escalate those nobody closed."""
    return alerts.tell_providers(now=timezone.now())


@shared_task
def watch_programs() -> tuple[int, int]:
    """End pauses that are over, and look at silence and adherence."""
    now = timezone.now()
    return resume_due(now=now), watch_due(now=now)


@shared_task
def poll_half_way_messages() -> int:
    """Ask after texts that stay without a final state for hours."""
    return reconcile.poll_half_way(now=timezone.now())


@shared_task
def take_in_missed_messages() -> int:
    """Take in received texts that never reached the webhook."""
    taken = reconcile.take_in_missed(now=timezone.now())
    if taken:
        read_inbound_messages.delay()
    return taken
