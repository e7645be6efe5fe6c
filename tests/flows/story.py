"""A patient's days, played on the real clock of a test: texts out, answers back, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone

from exercises.models import Patient, Schedule
from exercises.services import resume_due, watch_due
from notifications.incoming import inbound
from notifications.models import InboundMessage, OutboundMessage
from notifications.outbox import HALF_WAY
from notifications.outgoing import sending
from notifications.outgoing.due import write_due
from tests.simulated_twilio import SimulatedTwilio
from tests.waiting import eventually


class Story:
    """Moves the clock, lets the ticks run and speaks through the virtual phones."""

    def __init__(
        self, simulator: SimulatedTwilio, traveller: time_machine.TimeMachineFixture
    ) -> None:
        self._simulator = simulator
        self._traveller = traveller

    def go_to(self, moment: datetime, *phones: Patient) -> dict[str, list[str]]:
        """Let everything fall due until `moment`; returns the new texts by first name."""
        before = {patient.pk: len(self.texts(patient)) for patient in phones}
        while (due_at := self._next_due(moment)) is not None:
            self._at(due_at + timedelta(seconds=1))
        self._at(moment)
        return {patient.first_name: self.texts(patient)[before[patient.pk] :] for patient in phones}

    def _next_due(self, until: datetime) -> datetime | None:
        row = Schedule.objects.filter(next_due_at__lte=until).order_by("next_due_at").first()
        return row.next_due_at if row else None

    def _at(self, moment: datetime) -> None:
        if moment > timezone.now():
            self._traveller.move_to(moment.astimezone(UTC))
        self.tick()

    def tick(self) -> None:
        """What beat asks for, until nothing moves."""
        resume_due(now=timezone.now())
        watch_due(now=timezone.now())
        write_due(now=timezone.now())
        sending.send_waiting(clock=timezone.now)
        eventually(lambda: not OutboundMessage.objects.filter(status__in=HALF_WAY).exists())

    def says(self, patient: Patient, body: str) -> list[str]:
        """A text from the phone, read and answered; returns the new texts on it."""
        before = len(self.texts(patient))
        sid = self._simulator.text_from(str(patient.phone), body)["sid"]
        eventually(lambda: InboundMessage.objects.filter(message_sid=sid).exists())
        # A second later, so that what follows is later than what was asked before.
        self._traveller.shift(timedelta(seconds=1))
        inbound.read_inbound(now=timezone.now())
        self.tick()
        return self.texts(patient)[before:]

    def texts(self, patient: Patient) -> list[str]:
        """Everything that reached the phone."""
        return self._simulator.texts_to(str(patient.phone))


def only(texts: list[Any]) -> Any:
    """The one text there is."""
    assert len(texts) == 1, texts
    return texts[0]
