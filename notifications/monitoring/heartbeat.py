"""Ticks leave a mark; `/readyz` tells when they stopped."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from hep.health import Readiness, readiness_check
from notifications.models import Heartbeat

DUE_TICK = "due"
# Ticks run every 2 seconds. Half a minute is late enough to be no hiccup, and soon enough to act.
LATE = timedelta(seconds=30)


@contextlib.contextmanager
def beating(name: str, *, now: datetime) -> Iterator[None]:
    """Leave the mark of a tick that came to its end, with the seconds it took."""
    started = time.monotonic()
    yield
    seconds = time.monotonic() - started
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now, "seconds": seconds})


@readiness_check("tick")
def tick_is_fresh() -> Readiness:
    """Whether worker and beat did the due scan lately."""
    last = Heartbeat.objects.filter(name=DUE_TICK).first()
    if last is None:
        return Readiness(ok=False, detail="no tick yet")
    age = timezone.now() - last.at
    return Readiness(ok=age < LATE, detail=f"{max(0, round(age.total_seconds()))} s ago")
