"""One text to several patients: looked at before it is sent, and each told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from exercises.models import Patient, User
from hep.errors import InvalidInputError
from notifications.messages import check_message, write_message


@dataclass(frozen=True, slots=True)
class MessageToMany:
    """A message before it is sent: each patient's text, and who is skipped and why."""

    texts: Sequence[tuple[Patient, str]]
    skipped: Sequence[tuple[Patient, str]]


def look_at_many(patients: Sequence[Patient], words: str) -> MessageToMany:
    """What would be sent to whom; a shared phone gets it once for each patient, by name."""
    texts: list[tuple[Patient, str]] = []
    skipped: list[tuple[Patient, str]] = []
    for patient in patients:
        try:
            texts.append((patient, check_message(patient=patient, words=words)))
        except InvalidInputError as error:
            skipped.append((patient, error.message))
    return MessageToMany(texts, skipped)


def write_to_many(
    found: MessageToMany, *, batch_id: UUID, words: str, by: User, now: datetime
) -> tuple[int, list[tuple[Patient, str]]]:
    """Text `words` to each of `found`, once for each `batch_id`.

    Returns how many were written, and who could not be since the look, with why.
    """
    late: list[tuple[Patient, str]] = []
    for patient, _ in found.texts:
        message_id = uuid5(batch_id, str(patient.pk))
        try:
            write_message(patient=patient, words=words, message_id=message_id, by=by, now=now)
        except InvalidInputError as error:
            late.append((patient, error.message))
    return len(found.texts) - len(late), late
