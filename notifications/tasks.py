"""Celery's way in: each task reads the clock once and calls a module.

`hep.celery` says how often each runs, and in which lane.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from hep.celery import LATER
from hep.tasks import HepTask
from notifications import alerts, outbox
from notifications.erasing import doing as erasing
from notifications.erasing.replaying import write_list
from notifications.incoming import inbound, inbox
from notifications.monitoring.heartbeat import sole_run
from notifications.outgoing import due, expire_held, reconcile, sending, sign_in_texts

logger = logging.getLogger(__name__)
LONGEST_RUN = timedelta(seconds=LATER.hard)


@shared_task
def write_due_messages() -> int:
    """One due scan; a full batch asks for the next at once."""
    written = due.write_due(now=timezone.now())
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
    """Read what is unread, and send the answers; a full batch asks for the next at once."""
    read = inbound.read_inbound(now=timezone.now())
    if read:
        send_waiting_messages.delay()
    if read >= inbound.READ_AT_ONCE:
        read_inbound_messages.delay()
    return read


@shared_task(base=HepTask)
def text_sign_in_codes() -> int:
    """Text the codes that were asked for."""
    written = sign_in_texts.text_codes(now=timezone.now())
    if written:
        send_waiting_messages.delay()
    return written


@shared_task
def settle_expired_leases() -> int:
    """Find what dead workers left behind."""
    return outbox.expire_leases(now=timezone.now())


@shared_task
def settle_unknown_outcomes() -> int:
    """Ask Twilio's list about texts that may or may not have gone out."""
    return _alone("unknown", reconcile.settle_unknown)


@shared_task
def skip_held_messages() -> int:
    """Bring texts to an end that wait behind a stopped sender or a switch."""
    return _alone("held", expire_held.expire_held_messages)


@shared_task
def tell_providers() -> int:
    """Alert about what nobody answered, e-mail about alerts, escalate those nobody closed."""
    inbox.alert_overdue(now=timezone.now())
    return _alone("alerts", alerts.tell_providers)


@shared_task
def poll_half_way_messages() -> int:
    """Ask after texts that stay without a final state for hours."""
    return _alone("half-way", reconcile.poll_half_way)


@shared_task
def take_in_missed_messages() -> int:
    """Take in received texts that never reached the webhook."""
    taken = _alone("missed", reconcile.take_in_missed)
    if taken:
        read_inbound_messages.delay()
    return taken


@shared_task
def carry_out_erasures() -> int:
    """Take names out of records, or records away, where two people decided so a week ago."""
    done = _alone("erasures", erasing.carry_out_due)
    if done and settings.BACKUP_FOLDER:
        try:
            write_list(Path(settings.BACKUP_FOLDER))
        except OSError as error:
            # The next backup writes it too, where this worker may not.
            logger.warning("the list of who was erased was not written: %s", type(error).__name__)
    return done


def _alone(name: str, sweep: Callable[..., int]) -> int:
    """Run `sweep(now=…)` unless another worker is at it: two would ask and act on the same rows."""
    now: datetime = timezone.now()
    with sole_run(name, lasts=LONGEST_RUN, now=now) as mine:
        return sweep(now=now) if mine else 0
