"""Readings that somebody of a clinic corrected: labelled lines without names, to measure by.

A correction changes nothing of the record: what was meant is put right where it belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict

from exercises.models import User
from hep.errors import InvalidInputError
from notifications.incoming.parsing import Kind
from notifications.incoming.parsing.names import without_names
from notifications.models import InboxItem

# What a text may have been, in the words of the cases that reading is measured by.
MEANINGS = {
    **{f"score:{number}": f"Pain of {number}" for number in range(11)},
    Kind.DONE: "Done",
    Kind.SKIP: "Not done",
    Kind.LATER: "Later",
    Kind.PAUSE: "A pause",
    Kind.RESUME: "Going on",
    Kind.REASON: "Why it was skipped",
    Kind.OPT_OUT: "No more texts",
    Kind.OPT_IN: "Texts again",
    Kind.HELP: "Help",
    Kind.RED_FLAG: "A red flag",
    Kind.NOTE: "Words for a person",
}
# Phones, addresses, dates and whatever else of figures could tell who wrote.
TELLING = re.compile(r"\S+@\S+|https?://\S+|\+?\d[\d ().-]{5,}\d|\b\d{4,}\b")


class Labelled(TypedDict):
    """A line of cases, as `tests/notifications` has them."""

    language: str
    text: str
    expected: str
    read_as: str
    topic: str


def correct(item: InboxItem, meaning: str, *, by: User) -> None:
    """Keep how `item` should have been read; empty takes that back. Raises InvalidInputError."""
    if meaning and meaning not in MEANINGS:
        raise InvalidInputError("should_be", "Choose one of the readings.", code="invalid")
    item.should_be, item.corrected_by = meaning, by if meaning else None
    item.save(update_fields=["should_be", "corrected_by"])


def labelled(*, since: datetime) -> Iterator[Labelled]:
    """What was corrected of texts that came since then, the oldest first."""
    items = InboxItem.objects.filter(arrived_at__gte=since).exclude(should_be="")
    rows = items.select_related("patient", "inbound").order_by("arrived_at", "pk")
    for item in rows.iterator(chunk_size=500):
        patient = item.patient
        names = [*patient.first_name.split(), *patient.last_name.split()] if patient else []
        # Before letters are made plain, which takes the signs that tell an address.
        words = without_names(TELLING.sub(" ... ", item.inbound.body), names)
        yield Labelled(
            language=patient.language if patient else "en",
            text=words,
            expected=item.should_be,
            read_as=item.inbound.reading,
            topic="corrected",
        )
