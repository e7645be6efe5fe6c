"""The base class of every task."""

from __future__ import annotations

from typing import Any

from celery import Task
from django.db import transaction


class HepTask(Task[..., Any]):
    """A task whose calls wait for the row they speak of.

    `delay_on_commit` (Celery's own) is what callers use: a task that starts before its row is
    committed finds nothing.
    """

    def hurry(self, *ids: int | str) -> None:
        """Ask for this task after commit. A broker that is down is no error: a tick does the work.

        Shapes: `ids` are ids of rows, the only thing that ever travels through the broker.
        """
        transaction.on_commit(lambda: self._publish(*ids), robust=True)

    def _publish(self, *ids: int | str) -> None:
        # One try, no wait: the web request that hurries must not hang on a dead broker.
        self.apply_async(args=ids, retry=False, expires=60)
