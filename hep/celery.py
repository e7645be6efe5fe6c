"""The Celery app: its lanes, and its fixed table of ticks.

Tasks carry ids and only hurry rows along; a tick that is lost costs a few seconds, never a text.
The table has the same few entries for ten patients and for a million.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hep.settings")

app = Celery("hep", task_cls="hep.tasks:HepTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@dataclass(frozen=True, slots=True)
class Lane:
    """A queue with its own workers, so that what is urgent never waits behind what is long.

    Seconds: at `soft` a task is told to end, at `hard` its process is killed. Work goes on from the
    rows either way.
    """

    name: str
    soft: int
    hard: int


# Read, answer, alert: a few seconds at most, whatever else is going on.
NOW = Lane("now", soft=20, hard=30)
# Sending only, one at a time per host: a run is async inside. It takes texts for 30 s, and the last
# of them may wait 60 s for its moment and 60 s for Twilio.
SEND = Lane("send", soft=165, hard=180)
# Sweeps, look-ups, e-mails, the daily look.
LATER = Lane("later", soft=90, hard=120)
LANES = (NOW, SEND, LATER)
# Beat and workers may run on hosts whose clocks differ by some seconds: a tick that expired at once
# on the faster clock would stop everything without a word.
CLOCKS_DIFFER = 10.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A task that runs every so many seconds."""

    task: str
    every: float
    lane: Lane

    @property
    def late_after(self) -> float:
        """Seconds since its last run after which somebody should look."""
        return max(30.0, 2 * self.every) + self.lane.soft


TICKS: dict[str, Tick] = {
    "due": Tick("notifications.tasks.write_due_messages", 2, NOW),
    "inbound": Tick("notifications.tasks.read_inbound_messages", 5, NOW),
    "codes": Tick("notifications.tasks.text_sign_in_codes", 2, NOW),
    "leases": Tick("notifications.tasks.settle_expired_leases", 15, NOW),
    "send": Tick("notifications.tasks.send_waiting_messages", 2, SEND),
    "alerts": Tick("notifications.tasks.tell_providers", 30, LATER),
    "unknown": Tick("notifications.tasks.settle_unknown_outcomes", 15, LATER),
    "half-way": Tick("notifications.tasks.poll_half_way_messages", 600, LATER),
    "missed": Tick("notifications.tasks.take_in_missed_messages", 300, LATER),
    "held": Tick("notifications.tasks.skip_held_messages", 300, LATER),
    "accounts": Tick("exercises.tasks.mail_accounts", 5, LATER),
    "watch": Tick("exercises.tasks.watch_programs", 60, LATER),
    "erasures": Tick("notifications.tasks.carry_out_erasures", 600, LATER),
    "forget": Tick("exercises.tasks.forget_what_is_over", 3600, LATER),
}

app.conf.beat_schedule = {
    name: {
        "task": tick.task,
        "schedule": float(tick.every),
        # Before the pile grows: a stopped worker finds no hour of old ticks.
        "options": {"expires": tick.every + CLOCKS_DIFFER},
    }
    for name, tick in TICKS.items()
}
# Each of our tasks is somebody's tick, so routes and limits follow from the one table.
app.conf.task_default_queue = LATER.name
app.conf.task_routes = {tick.task: {"queue": tick.lane.name} for tick in TICKS.values()}
app.conf.task_annotations = {
    tick.task: {"soft_time_limit": tick.lane.soft, "time_limit": tick.lane.hard}
    for tick in TICKS.values()
}


@setup_logging.connect
def _keep_django_logging(**_: object) -> None:
    """Celery would otherwise install handlers that print task arguments."""
