"""Ticks leave a mark; `/readyz` names those that stopped. Long ones run one at a time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from celery import Task
from celery.signals import task_prerun, task_success, worker_ready
from django.db.models import Q
from django.utils import timezone

from hep.celery import TICKS
from hep.health import Readiness, readiness_check
from notifications.models import Heartbeat
from notifications.models.histograms import observe

NAMES = {tick.task: name for name, tick in TICKS.items()}
# A tick rarer than this gets its interval from a worker's start: a deploy is no fault.
RARE = 60.0
# Before the name of a tick among the histograms.
TICK = "tick "
_started: dict[str, float] = {}


def beat(name: str, *, seconds: float, now: datetime) -> None:
    """Leave the mark of a tick that came to its end, with the seconds it took."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now, "seconds": seconds})
    observe(f"{TICK}{name}", [seconds])


@task_prerun.connect
def _note_start(task_id: str, **_: Any) -> None:
    _started[task_id] = time.monotonic()


@task_success.connect
def _note_end(sender: Task[..., Any], **_: Any) -> None:
    """Whatever ran in a worker and succeeded; a call in a test or from a shell leaves no mark."""
    task_id = sender.request.id
    name = NAMES.get(sender.name or "")
    if name is not None and task_id in _started:
        beat(name, seconds=time.monotonic() - _started.pop(task_id), now=timezone.now())
    _started.clear()  # a worker's process runs one task at a time; one that failed left its start


@worker_ready.connect
def expect_ticks(**_: Any) -> None:
    """From now on each tick is expected, also one that never ran."""
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=now) for name in TICKS], ignore_conflicts=True
    )
    rare = [name for name, tick in TICKS.items() if tick.every > RARE]
    Heartbeat.objects.filter(name__in=rare).update(at=now)


@contextlib.contextmanager
def sole_run(name: str, *, lasts: timedelta, now: datetime) -> Iterator[bool]:
    """Whether this run may go ahead: no other of `name` is under way. One UPDATE each way.

    A run that dies is thought to be under way until `lasts` is over.
    """
    Heartbeat.objects.bulk_create([Heartbeat(name=name, at=now)], ignore_conflicts=True)
    until = now + lasts
    free = Heartbeat.objects.filter(Q(taken_until=None) | Q(taken_until__lte=now), name=name)
    taken = bool(free.update(taken_until=until))
    try:
        yield taken
    finally:
        if taken:
            Heartbeat.objects.filter(name=name, taken_until=until).update(taken_until=None)


@readiness_check("ticks")
def ticks_are_fresh() -> Readiness:
    """Whether beat and every lane did their work lately; the late ones are named."""
    if not Heartbeat.objects.filter(name__in=TICKS).exists():
        return Readiness(ok=False, detail="no tick yet")
    late = [_how_late(name, age) for name, age in late_ticks(now=timezone.now()).items()]
    return Readiness(ok=not late, detail=f"late: {', '.join(late)}" if late else "ok")


def late_ticks(*, now: datetime) -> dict[str, timedelta]:
    """The ticks that should have run since, each with how long ago it did. One query."""
    ages = {row.name: now - row.at for row in Heartbeat.objects.filter(name__in=TICKS)}
    return {
        name: ages[name]
        for name, tick in TICKS.items()
        if name in ages and ages[name].total_seconds() > tick.late_after
    }


def _how_late(name: str, age: timedelta) -> str:
    return f"{name} ({TICKS[name].lane.name} lane, {round(age.total_seconds())} s ago)"
