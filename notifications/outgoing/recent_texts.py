"""What was texted lately to the patients and phones of a batch, for caps and the loop breaker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from notifications.models import OutboundMessage
from notifications.outgoing.guards import LATELY

# No local day is longer; a little slack for days on which clocks go back.
LONGEST_DAY = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class RecentText:
    """A text tried lately."""

    patient_id: UUID | None
    to_phone: str
    kind: str
    local_date: date | None
    body: str
    at: datetime


class RecentTexts:
    """Texts tried within the longest day, and those of the batch itself. One query."""

    def __init__(
        self, *, patients: Collection[UUID], phones: Collection[str], now: datetime
    ) -> None:
        self._by_patient: dict[UUID | None, list[RecentText]] = defaultdict(list)
        self._by_phone: dict[str, list[RecentText]] = defaultdict(list)
        rows = OutboundMessage.objects.filter(
            Q(patient__in=patients) | Q(to_phone__in=phones),
            attempted_at__gt=now - LONGEST_DAY,
            # No text is tried later than this, and the index is by due time.
            due_at__gt=now - 2 * LONGEST_DAY,
        ).values_list("patient_id", "to_phone", "kind", "local_date", "body", "attempted_at")
        for row in rows:
            if row[5] is not None:
                self._add(RecentText(*row[:5], at=row[5]))

    def keep(self, message: OutboundMessage, *, now: datetime) -> None:
        """Count `message` as texted at `now`."""
        self._add(
            RecentText(
                message.patient_id,
                message.to_phone,
                message.kind,
                message.local_date,
                message.body,
                now,
            )
        )

    def _add(self, text: RecentText) -> None:
        self._by_patient[text.patient_id].append(text)
        self._by_phone[text.to_phone].append(text)

    def of_patient(self, patient: UUID | None) -> Sequence[RecentText]:
        """What was texted to a patient."""
        return self._by_patient[patient]

    def said_lately(self, message: OutboundMessage, body: str, *, now: datetime) -> int:
        """How often: to this patient, since five on one phone are welcomed five times."""
        patient = message.patient_id
        texts = self._by_patient[patient] if patient else self._by_phone[message.to_phone]
        return sum(
            text.body == body and text.to_phone == message.to_phone and text.at > now - LATELY
            for text in texts
        )
