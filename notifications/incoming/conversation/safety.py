"""What a red flag does: clinic and patient are told at once, and what is said next counts.

A crisis or an emergency is not over with one answer. Whatever is said in the hours after it goes
to a person, with the number to call again; it answers no question and is not praised
(docs/clinical-rules.md#red-flags).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from exercises.models import Alert, Patient, Schedule
from exercises.rules.urgency import DANGER, Urgency
from notifications.incoming.conversation.record import record_score
from notifications.incoming.conversation.turn import ONE_DAY, Turn
from notifications.incoming.parsing import Kind
from notifications.incoming.questions import SCORES, of_sides, open_ones
from notifications.models import InboundMessage, OutboundMessage
from notifications.wording import SAFETY, safety_wording

# So long after it nothing answers a question of ours, also one that left meanwhile.
QUIET: Final = timedelta(hours=4)
# What we say by ourselves or a colleague wrote: a later one is what the patient answers.
ASKS: Final = [*Schedule.Kind.values, OutboundMessage.Kind.NUDGE, OutboundMessage.Kind.MESSAGE]


@dataclass(frozen=True, slots=True)
class Danger:
    """A crisis or an emergency of somebody; `is_open` until a clinician has closed the alert."""

    urgency: Urgency
    patient: Patient
    last_at: datetime
    is_open: bool


def red_flag(turn: Turn) -> None:
    """Tell the clinic and the patient at once; a score in the same text counts too."""
    known = danger_of(turn.patients, now=turn.now)
    turn.alert_all()
    scored = open_ones(turn.questions, SCORES)
    one_side = not of_sides(turn.questions, SCORES)
    if turn.reply.score is not None and len(scored) == 1 and one_side and known is None:
        record_score(turn, scored[0], turn.reply.score)
    wording = safety_wording(turn.reply.flags, known=known.urgency if known else None)
    turn.answer(wording, turn.patients[0])


def danger_of(patients: Iterable[Patient], *, now: datetime) -> Danger | None:
    """The newest crisis or emergency of these patients that is open, or of the last 24 hours. One
    query. It knows of all faces: a text, the app, the page.
    """
    own = {patient.pk: patient for patient in patients}
    still_counts = Q(acknowledged_at=None) | Q(last_at__gt=now - ONE_DAY)
    signs = Alert.objects.filter(
        still_counts, patient__in=own, reason=Alert.Reason.RED_FLAG, urgency__in=DANGER
    )
    row = signs.order_by("-last_at", "pk").first()
    if row is None:
        return None
    is_open = row.acknowledged_at is None
    return Danger(Urgency(row.urgency), own[row.patient_id], row.last_at, is_open)


def answers_danger(turn: Turn) -> bool:
    """Whether this is said in the wake of a crisis or an emergency, whatever it would mean else: a
    person reads it, who is asked again to look, and the number to call is said again.
    """
    danger = danger_of(turn.patients, now=turn.now)
    if danger is None or not _is_in_its_wake(turn, danger):
        return False
    turn.inbound.patient = danger.patient
    turn.is_left_to_the_clinic = True
    # UNDO finds nothing in it; a sign cannot be taken back either.
    wording = "flag_stands" if turn.reply.kind is Kind.UNDO else SAFETY[danger.urgency]
    turn.inbound.reading = Kind.NOTE
    if danger.is_open:
        # Counted as the same sign again: an hour after the last telling everybody is asked anew.
        turn.alert(danger.patient, Alert.Reason.RED_FLAG, urgency=danger.urgency)
    turn.answer(wording, danger.patient)
    return True


def _is_in_its_wake(turn: Turn, danger: Danger) -> bool:
    """For some hours everything; up to a day while nothing was asked or written since. What was
    said before it and is read after it is not.
    """
    phone = turn.inbound.from_phone
    signs = InboundMessage.objects.filter(from_phone=phone, reading=Kind.RED_FLAG)
    began = signs.filter(received_at__lte=turn.said_at).exclude(pk=turn.inbound.pk)
    if (
        turn.said_at < danger.last_at
        and not began.filter(received_at__gt=danger.last_at - ONE_DAY).exists()
    ):
        return False
    if turn.said_at < danger.last_at + QUIET:
        return True
    if turn.said_at > danger.last_at + ONE_DAY:
        return False
    asked = OutboundMessage.objects.filter(
        to_phone=phone,
        kind__in=ASKS,
        due_at__gt=danger.last_at - QUIET,
        attempted_at__gt=danger.last_at,
        attempted_at__lte=turn.said_at,
    )
    return not asked.exists()
