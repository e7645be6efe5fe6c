"""The link to a patient's own page in texts: of a row that a text names, or of a reminder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from exercises.models import PageLink
from exercises.services.links import address_of, links_for
from hep.logging import HIDDEN_LINK
from notifications.models import ClinicTexting, OutboundMessage

# The words of a reminder with the link in it, by those without.
WITH_LINK = {"exercise": "exercise_link"}


class PageLinks:
    """What the texts of a batch need, fetched once; `phones` (E.164) by patient.

    A preview (not `for_real`) makes no link and shows where it would stand.
    """

    def __init__(
        self,
        messages: Sequence[OutboundMessage],
        *,
        texting: Mapping[int, ClinicTexting],
        phones: Mapping[UUID, str],
        now: datetime,
        for_real: bool,
    ) -> None:
        named = {message.opens_id for message in messages if message.opens_id}
        self._named = PageLink.objects.in_bulk(named) if named else {}
        linking = {pk for pk, row in texting.items() if row.links_in_reminders}
        reminded = {
            message.patient_id: phones[message.patient_id]
            for message in messages
            if message.wording in WITH_LINK
            and message.clinic_id in linking
            and message.patient_id is not None
        }
        if for_real and reminded:
            found = links_for(reminded, now=now)
            self._by_patient = {patient: address_of(link) for patient, link in found.items()}
        else:
            self._by_patient = dict.fromkeys(reminded, HIDDEN_LINK)

    def address(self, message: OutboundMessage) -> str:
        """The address that stands in `message`; empty: none does."""
        if message.opens_id:
            link = self._named.get(message.opens_id)
            return address_of(link) if link else ""
        return self._by_patient.get(message.patient_id, "") if message.patient_id else ""

    def wording(self, message: OutboundMessage, own: Mapping[str, str]) -> str:
        """The key of its words. A clinic's `own` words (by key) without a link stay as they are."""
        linked = WITH_LINK.get(message.wording, "")
        says_own = message.wording in own and linked not in own
        return linked if linked and self.address(message) and not says_own else message.wording
