"""What patients wrote that a person was to read, for the report of an appointment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from exercises.models import Program
from exercises.reads.visit import Said
from hep.logging import hide_links
from notifications.models import InboxItem


class WrittenWords:
    """As `exercises.reads.visit` asks; one query."""

    def written(self, program: Program, *, since: datetime, at_most: int) -> Sequence[Said]:
        """The newest words of the program's patient, newest first."""
        zone = program.patient.zone
        items = InboxItem.objects.filter(
            patient=program.patient_id, clinic=program.patient.clinic_id, arrived_at__gte=since
        ).exclude(inbound__body="")
        rows = items.order_by("-arrived_at").values_list("arrived_at", "inbound__body")
        return [
            Said(at.astimezone(zone).date(), hide_links(body), "to the clinic")
            for at, body in rows[:at_most]
        ]
