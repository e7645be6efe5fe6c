"""A process of the service with a clock that can be moved and steps at which it may be killed.

The nursery forks it: web, now, send, later, beat or simulator. The service's own code is untouched: its
one clock (`django.utils.timezone.now`) is replaced, and named steps are wrapped.

CHAOS_CLOCK names a file with seconds to add to the clock. CHAOS_DEATHS names a file where a
process writes its step before it kills itself; the rate is how likely it does, per step.
"""

from __future__ import annotations

import functools
import os
import random
import runpy
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from hep.celery import LANES, SEND

CLOCK = Path(os.environ["CHAOS_CLOCK"])
DEATHS = Path(os.environ["CHAOS_DEATHS"])
COMMANDS = {
    "web": ["gunicorn", "hep.wsgi", "--bind", "127.0.0.1:{HEP_PORT}", "--workers", "1"],
    **{
        lane.name: ["celery", "--quiet", "--app", "hep", "worker", "--loglevel", "warning"]
        for lane in LANES
    },
    "beat": ["celery", "--quiet", "--app", "hep", "beat", "--loglevel", "warning"],
    "simulator": ["manage.py", "simulator"],
}
OPTIONS = {
    "web": ["--threads", "4", "--log-level", "error"],
    **{
        lane.name: [
            *("--queues", lane.name),
            *("--concurrency", "1" if lane is SEND else "2"),
        ]
        for lane in LANES
    },
    "beat": ["--scheduler", "celery.beat:Scheduler"],
    "simulator": [],
}


def moved_now() -> datetime:
    """The present instant on the moved clock."""
    return datetime.now(UTC) + timedelta(seconds=float(CLOCK.read_text()))


def die_here(step: str, likely: float) -> None:
    """Kill this process at `step`, now and then."""
    if random.random() < likely:  # noqa: S311  # chance, not a secret
        with DEATHS.open("a", encoding="ascii") as deaths:
            deaths.write(f"{step}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def wrap(module: Any, name: str, step: str, likely: float, *, before: bool = False) -> None:
    """Let the process die before or after each call of `module.name`."""
    real: Callable[..., Any] = getattr(module, name)

    @functools.wraps(real)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before:
            die_here(step, likely)
        answer = real(*args, **kwargs)
        if not before and answer:
            die_here(step, likely)
        return answer

    setattr(module, name, wrapped)


def arm(rate: float) -> None:
    """Wrap the steps between which a text could be lost or sent twice."""
    from notifications import outbox  # noqa: PLC0415  # Django must be set up
    from notifications.outgoing import due, preparing, sending  # noqa: PLC0415  # likewise

    wrap(due, "write_due", "after the due scan", rate)
    wrap(outbox, "claim", "after claim", rate)
    wrap(preparing, "prepare", "after the attempt is committed", rate)
    wrap(outbox, "finish_attempts", "before the result is committed", rate, before=True)
    real = sending.attempt

    @functools.wraps(real)
    async def attempt(*args: Any, **kwargs: Any) -> Any:
        answer = await real(*args, **kwargs)
        die_here("after the request went out", rate / 20)
        return answer

    sending.attempt = attempt


def main(kind: str, *, rate: float) -> None:
    """Become the process `kind`."""
    timezone.now = moved_now
    if kind in {lane.name for lane in LANES} and rate:
        arm(rate)
    words = [word.format(**os.environ) for word in COMMANDS[kind]] + OPTIONS[kind]
    if kind in {lane.name for lane in LANES}:
        # Each process has a name of its own.
        words += ["--hostname", f"{kind}-{os.getpid()}@%h"]
    sys.argv = words
    if words[0] == "manage.py":
        runpy.run_path("manage.py", run_name="__main__")
    else:
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
