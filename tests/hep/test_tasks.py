"""Hurrying rows along: after the commit, and never in the way of a request."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction
from django_guid.context import guid
from kombu.exceptions import OperationalError

from hep.tasks import HepTask

pytestmark = pytest.mark.django_db(transaction=True)


class Recorder:
    """Stands where the broker would be: what left for it, and whether it takes anything."""

    def __init__(self) -> None:
        self.published = threading.Semaphore(0)
        self.is_away = False
        self.ids: list[str | None] = []
        self.tried = threading.Semaphore(0)

    def apply_async(self, **_: object) -> None:
        """Take a message, or be away."""
        self.ids.append(guid.get())
        self.tried.release()
        if self.is_away:
            raise OperationalError("no broker")
        self.published.release()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """A broker that only counts."""
    recorder = Recorder()
    monkeypatch.setattr(
        HepTask, "apply_async", lambda _, **options: recorder.apply_async(**options)
    )
    return recorder


class Nothing(HepTask):
    """A task of its own, so that no thread of another test publishes for it."""

    name = "tests.nothing"

    def run(self) -> None:
        """No work."""


@pytest.fixture
def task(recorder: Recorder) -> HepTask:
    """A task whose thread has not started."""
    return Nothing()


def test_a_task_is_asked_for_after_the_commit_and_never_without_it(
    task: HepTask, recorder: Recorder
) -> None:
    with transaction.atomic():
        task.hurry()
        assert not recorder.published.acquire(timeout=0.1)
        transaction.set_rollback(True)
    assert not recorder.published.acquire(timeout=0.1)
    with transaction.atomic():
        task.hurry()
    assert recorder.published.acquire(timeout=10)


def test_a_broker_that_is_away_ends_neither_the_request_nor_the_thread(
    task: HepTask, recorder: Recorder
) -> None:
    recorder.is_away = True
    task.hurry()
    assert recorder.tried.acquire(timeout=10)
    recorder.is_away = False
    task.hurry()
    assert recorder.published.acquire(timeout=10)


def test_a_task_carries_the_id_of_the_request_that_asked_for_it(
    task: HepTask, recorder: Recorder
) -> None:
    guid.set("lookmeup-12345")
    try:
        task.hurry()
    finally:
        guid.set(None)
    assert recorder.published.acquire(timeout=10)
    assert recorder.ids == ["lookmeup-12345"]
