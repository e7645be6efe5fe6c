"""One worker process of a benchmark: send until the outbox is empty."""

from __future__ import annotations

import logging
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hep.settings")


def main() -> None:
    """`--due N`: scan for due schedules too, until N texts were accepted, on the real clock."""
    django.setup()
    logging.disable(logging.WARNING)
    from django.utils import timezone  # noqa: PLC0415  # Django must be set up

    from notifications.models import OutboundMessage  # noqa: PLC0415  # likewise
    from notifications.outgoing.due import write_due  # noqa: PLC0415  # likewise
    from notifications.outgoing.sending import send_waiting  # noqa: PLC0415  # likewise
    from tests.benchmarks.rows import NOW  # noqa: PLC0415  # likewise

    if "--due" in sys.argv:
        left = OutboundMessage.objects.filter(status__in=["waiting", "attempting"])
        while write_due(now=timezone.now()) or left.exists():
            send_waiting(clock=timezone.now, limit=2_000)
        return
    started = timezone.now()
    waiting = OutboundMessage.objects.filter(status="waiting")
    while waiting.exists():
        # The rows' noon, ticking on.
        if not send_waiting(clock=lambda: NOW + (timezone.now() - started)):
            time.sleep(0.05)


if __name__ == "__main__":
    main()
