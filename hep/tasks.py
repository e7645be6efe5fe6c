"""The base class of every task, and the way rows are hurried along."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery import Task
from django.db import transaction
from django_guid.context import guid

logger = logging.getLogger(__name__)

# Rows that come within this time of each other are hurried by one message.
GATHER_SECONDS = 0.02


class Hurrier(threading.Thread):
    """Publishes one task again and again, from a thread of its own.

    So a web request never waits for the broker, and a thousand rows in a second cost a few
    messages. What a crash swallows, a tick finds.
    """

    def __init__(self, task: HepTask) -> None:
        super().__init__(daemon=True, name=f"hurry {task.name}")
        self._task = task
        self._wanted = threading.Event()
        self._asked_by: str | None = None

    def want(self) -> None:
        """Ask for the task soon. Of several hurried by one message, the last gives the id."""
        self._asked_by = guid.get()
        self._wanted.set()

    def run(self) -> None:
        """Publish whenever it is wanted."""
        while True:
            self._wanted.wait()
            time.sleep(GATHER_SECONDS)
            self._wanted.clear()
            guid.set(self._asked_by)
            try:
                self._task.apply_async(retry=False, expires=60)
            except Exception as error:  # noqa: BLE001  # a broker that is away must not end the thread
                logger.warning("the broker did not take a task: %s", type(error).__name__)


class HepTask(Task[..., Any]):
    """A task without arguments that finds its work in the database."""

    _hurrier: Hurrier | None = None
    _lock = threading.Lock()

    def hurry(self) -> None:
        """Ask for this task once the present transaction is committed; never waits, never fails.

        A task that starts before its row is committed would find nothing.
        """
        transaction.on_commit(self._want, robust=True)

    def _want(self) -> None:
        with self._lock:
            # After a fork the thread is gone, and with it the one that knew of it.
            if self._hurrier is None or not self._hurrier.is_alive():
                self._hurrier = Hurrier(self)
                self._hurrier.start()
        self._hurrier.want()
