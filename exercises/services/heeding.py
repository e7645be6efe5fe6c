"""What a patient writes beside a score or a log is read like any other words of theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from exercises.models import Patient


class Reader(Protocol):
    """Reads words for signs and wishes, and puts them before a person (promise 17)."""

    def heed(self, *, patient: Patient, words: str, told_as: str, now: datetime) -> str:
        """Take in `words`, once for each `told_as` (the client's id), and the words to answer."""


_registered: list[Reader] = []


def read_by(reader: Reader) -> None:
    """The app that reads says how; called once, when it is ready."""
    _registered[:] = [reader]


def heed(*, patient: Patient, words: str, told_as: str, now: datetime) -> str:
    """What to show at once to who wrote `words` as a note; empty without words."""
    if not words.strip():
        return ""
    return _registered[0].heed(patient=patient, words=words.strip(), told_as=told_as, now=now)
