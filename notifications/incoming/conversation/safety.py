"""What a red flag does: clinic and patient are told at once, and what is said next counts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from exercises.models import Alert, Patient, Schedule
from exercises.rules.urgency import Urgency
from notifications.incoming.conversation.record import record_score
from notifications.incoming.conversation.turn import ONE_DAY, Turn
from notifications.incoming.parsing import Kind
from notifications.incoming.parsing.answers import is_no, is_yes
from notifications.incoming.questions import SCORES, of_sides, open_ones
from notifications.models import OutboundMessage
from notifications.wording import DANGER, DANGER_WORDINGS, SAFETY, safety_wording

# What answers a question of ours, or none: after words about 911 or 988 it is for a person.
LITTLE = frozenset(
    {Kind.DONE, Kind.PARTLY, Kind.SKIP, Kind.LATER, Kind.CLARIFY, Kind.REASON, Kind.HELP}
)


def red_flag(turn: Turn) -> None:
    """Tell the clinic and the patient at once; a score in the same text counts too."""
    known = danger_of(turn.patients)
    turn.alert_all()
    scored = open_ones(turn.questions, SCORES)
    one_side = not of_sides(turn.questions, SCORES)
    if turn.reply.score is not None and len(scored) == 1 and one_side:
        record_score(turn, scored[0], turn.reply.score)
    turn.answer(safety_wording(turn.reply.flags, known=known), turn.patients[0])


def danger_of(patients: Iterable[Patient]) -> Urgency | None:
    """Crisis or emergency, while no clinician has closed the alert: a lesser sign after it changes
    nothing of whom to call.
    """
    known = Alert.objects.filter(
        patient__in=[patient.pk for patient in patients],
        reason=Alert.Reason.RED_FLAG,
        acknowledged_at=None,
        urgency__in=DANGER,
    ).values_list("urgency", flat=True)
    return next((urgency for urgency in Urgency if urgency in set(known)), None)


def answers_danger(turn: Turn) -> bool:
    """Whether this is "yes", "no", "ok" or "help me" to a text about 911 or 988: it answers no
    question from before. A person reads it, and the number to call is said again.
    """
    says_little = turn.reply.kind in LITTLE or turn.reply.doubtful
    if not (says_little or is_yes(turn.said) or is_no(turn.said)) or not _was_told_last(turn):
        return False
    urgency = danger_of(turn.patients)
    if urgency is None:
        return False
    turn.inbound.reading = Kind.NOTE
    turn.is_left_to_the_clinic = True
    turn.answer(SAFETY[urgency], turn.patients[0])
    return True


def _was_told_last(turn: Turn) -> bool:
    """Whether nothing was asked since the last text about 911 or 988, of today or yesterday."""
    asked = Q(
        kind__in=[*Schedule.Kind.values, OutboundMessage.Kind.NUDGE], attempted_at__isnull=False
    )
    last = (
        OutboundMessage.objects.filter(
            asked | Q(wording__in=DANGER_WORDINGS),
            to_phone=turn.inbound.from_phone,
            due_at__gt=turn.now - ONE_DAY,
            due_at__lte=turn.now,
        )
        .order_by("-due_at", "-pk")
        .first()
    )
    return last is not None and last.wording in DANGER_WORDINGS
