"""The Celery app and its fixed table of ticks.

Tasks carry ids and only hurry rows along; a tick that is lost costs a few seconds, never a text.
The table has the same few entries for ten patients and for a million.
"""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hep.settings")

app = Celery("hep", task_cls="hep.tasks:HepTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _every(seconds: float, task: str) -> dict[str, object]:
    """A tick; it expires before the next one, so a stopped worker finds no pile of old ticks."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "due": _every(2.0, "notifications.tasks.write_due_messages"),
    "send": _every(2.0, "notifications.tasks.send_waiting_messages"),
    "inbound": _every(5.0, "notifications.tasks.read_inbound_messages"),
    "codes": _every(2.0, "notifications.tasks.text_sign_in_codes"),
    "forget": _every(3600.0, "notifications.tasks.forget_what_is_over"),
    "leases": _every(15.0, "notifications.tasks.settle_expired_leases"),
    "unknown": _every(15.0, "notifications.tasks.settle_unknown_outcomes"),
    "held": _every(300.0, "notifications.tasks.skip_held_messages"),
    "alerts": _every(30.0, "notifications.tasks.tell_providers"),
    "watch": _every(60.0, "notifications.tasks.watch_programs"),
    "half-way": _every(600.0, "notifications.tasks.poll_half_way_messages"),
    "missed": _every(300.0, "notifications.tasks.take_in_missed_messages"),
}


@setup_logging.connect
def _keep_django_logging(**_: object) -> None:
    """Celery would otherwise install handlers that print task arguments."""
