"""The conversation of a patient and the clinic, as either reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from exercises.models import Alert, Patient, User
from notifications.models import InboundMessage, OutboundMessage


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the conversation; `from_patient` or from the clinic.

    `state` is what became of a text, in the provider's words; `author` who wrote it, if anybody;
    `waits` that it can still be taken back.
    """

    id: str
    from_patient: bool
    body: str
    at: datetime
    state: str = ""
    author: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert between the messages of a conversation: when, why, and the note that closed it."""

    at: datetime
    alert: Alert


@dataclass(frozen=True, slots=True)
class Before:
    """A place in a conversation: what is older, and of the same instant what comes behind.

    Texts of one instant are usual: Twilio tells seconds, and a batch leaves at one time. They stand
    in the order of their keys, the patient's first.
    """

    at: datetime
    # Of the message the page before ended with: its key, and whether the patient wrote it.
    key: int | None = None
    from_patient: bool = False

    def of(self, time: str, *, from_patient: bool) -> Q:
        """The condition for messages of one end, whose instant is the field `time`."""
        older = Q((f"{time}__lt", self.at))
        if self.key is None or (from_patient and not self.from_patient):
            return older
        tied = Q((time, self.at))
        if from_patient == self.from_patient:
            tied &= Q(pk__lt=self.key)
        return older | tied

    @staticmethod
    def behind(bubble: Bubble) -> Before:
        """What comes behind a message."""
        return Before(bubble.at, int(bubble.id), bubble.from_patient)


def conversation(*, patient: Patient, user: User, before: Before, at_most: int) -> list[Bubble]:
    """The newest messages before `before`, newest first. Two queries.

    Of texts that were never tried, only what somebody wrote.
    """
    received = InboundMessage.objects.visible_to(user).filter(
        before.of("received_at", from_patient=True), patient=patient
    )
    written = Q(kind=OutboundMessage.Kind.MESSAGE)
    if user.patient_id is not None:
        # What was taken back, or never left, is the clinic's to see.
        written &= Q(status=OutboundMessage.Status.WAITING)
    tried_or_written = Q(attempted_at__isnull=False) | written
    sent = (
        OutboundMessage.objects.visible_to(user)
        .filter(tried_or_written, patient=patient)
        .annotate(at=Coalesce("attempted_at", "due_at"))
        .filter(before.of("at", from_patient=False))
    )
    bubbles = [
        Bubble(str(row.pk), True, row.body, row.received_at)
        for row in received.order_by("-received_at", "-pk")[:at_most]
    ]
    bubbles += [
        bubble_of(row) for row in sent.select_related("written_by").order_by("-at", "-pk")[:at_most]
    ]
    return sorted(bubbles, key=_place, reverse=True)[:at_most]


def _place(bubble: Bubble) -> tuple[datetime, bool, int]:
    return bubble.at, bubble.from_patient, int(bubble.id)


def thread(
    *, patient: Patient, user: User, now: datetime, at_most: int
) -> list[Bubble | AlertLine]:
    """The conversation as a provider reads it, the oldest first, with what waits to leave and the
    alerts of its time. Three queries.
    """
    bubbles = conversation(
        patient=patient, user=user, before=Before(now + timedelta(days=2)), at_most=at_most
    )
    since = bubbles[-1].at if len(bubbles) == at_most else None
    alerts = Alert.objects.visible_to(user).filter(patient=patient)
    if since is not None:
        alerts = alerts.filter(opened_at__gte=since)
    rows = alerts.select_related("acknowledged_by").order_by("-opened_at")[:at_most]
    lines = [AlertLine(row.opened_at, row) for row in rows]
    return sorted([*bubbles, *lines], key=lambda row: row.at)


def bubble_of(row: OutboundMessage) -> Bubble:
    """A text to the patient as the conversation shows it."""
    reason = f": {row.get_skip_reason_display()}" if row.skip_reason else ""
    return Bubble(
        str(row.pk),
        False,
        row.body,
        row.attempted_at or row.due_at,
        state=f"{row.get_status_display()}{reason}",
        author=str(row.written_by) if row.written_by else "",
        waits=row.kind == row.Kind.MESSAGE and row.status == row.Status.WAITING,
    )
