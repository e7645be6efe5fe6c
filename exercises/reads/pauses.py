"""When programs paused, as the audit log has it: a program's row knows only its last pause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from exercises.models import Program


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause on the patient's calendar; `until` is the first day on again, None: not yet."""

    since: date
    until: date | None

    def has(self, day: date) -> bool:
        """Whether the whole of `day` was paused, or its end."""
        return self.since <= day and (self.until is None or day < self.until)


def pauses_of(programs: Collection[Program]) -> dict[UUID, list[Pause]]:
    """The pauses of each program, the oldest first. One query."""
    zones = {str(program.pk): (program.pk, program.patient.zone) for program in programs}
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Program),
        object_pk__in=zones,
        action=LogEntry.Action.UPDATE,
        changes__has_key="status",
    )
    pauses: dict[UUID, list[Pause]] = defaultdict(list)
    for entry in entries.order_by("timestamp"):
        pk, zone = zones[entry.object_pk]
        day = entry.timestamp.astimezone(zone).date()
        known = pauses[pk]
        if entry.changes_dict["status"][1] == Program.Status.PAUSED:
            known.append(Pause(day, None))
        elif known and known[-1].until is None:
            known[-1] = Pause(known[-1].since, day)
    return pauses


def is_paused(pauses: Sequence[Pause], day: date) -> bool:
    """Whether one of `pauses` has the day."""
    return any(pause.has(day) for pause in pauses)
