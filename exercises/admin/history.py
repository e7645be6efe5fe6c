"""What changed of a patient and who did it, read from the audit log."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from exercises.models import Patient, Program

NEWEST = 12
# Most entries are the service's own notes: so many are read for each that is shown.
LOOKED_AT = 8
# What the service notes for itself tells a provider nothing.
OWN_NOTES = {"heard at", "watch at", "resume at", "updated at", "version"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `what` was changed and how, in words."""

    at: datetime
    by: str
    what: str
    lines: tuple[str, ...]


def changes_of(patient: Patient, programs: Collection[Program]) -> list[Change]:
    """The newest changes of a patient and their programs. One query."""
    rows = _entries([patient, *programs]).exclude(action=LogEntry.Action.ACCESS)
    newest = rows.select_related("actor", "content_type")[: NEWEST * LOOKED_AT]
    found = (_change(row) for row in newest)
    return [change for change in found if change.lines][:NEWEST]


def _entries(rows: Iterable[Model]) -> QuerySet[Any]:
    """The log of these rows, newest first; their types are known after the first request."""
    wanted = Q()
    for row in rows:
        wanted |= Q(content_type=ContentType.objects.get_for_model(row), object_pk=str(row.pk))
    entries: QuerySet[Any] = LogEntry.objects.filter(wanted).order_by("-timestamp")
    return entries


def _change(entry: Any) -> Change:
    lines: tuple[str, ...] = ("Added",)
    if entry.action != LogEntry.Action.CREATE:
        shown = entry.changes_display_dict
        lines = tuple(
            f"{name}: {old} → {new}" for name, (old, new) in shown.items() if name not in OWN_NOTES
        )
    return Change(
        at=entry.timestamp,
        by=str(entry.actor or "The service"),
        what=entry.object_repr,
        lines=lines,
    )
