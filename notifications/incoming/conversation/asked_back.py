"""Answers to what we asked back: why something was skipped, and how much the exercises hurt."""

from __future__ import annotations

from collections.abc import Iterator

from exercises.models import SessionLog
from exercises.services import give_reason, tell_pain_during
from notifications.incoming.conversation.turn import ONE_DAY, Turn, client_id
from notifications.incoming.parsing import Kind
from notifications.incoming.questions import ASK_DURING, ASK_WHY, SCORES, open_ones
from notifications.models import InboundMessage, OutboundMessage

REASONS = SessionLog.Reason.values


def answers_during(turn: Turn) -> bool:
    """A number from 0 to 10 right after we asked how much the exercises hurt."""
    if turn.reply.kind is not Kind.SCORE or turn.reply.score is None:
        return False
    for message in _asked_last(turn, ASK_DURING):
        if message.patient is None or message.answers is None:
            continue
        kept = tell_pain_during(
            client_id=client_id(message.answers),
            patient=message.patient,
            pain=turn.reply.score,
            now=turn.now,
        )
        # Told on the page meanwhile, it is still the answer to this and to nothing else.
        if kept or not _answered_by_text(turn, message):
            # No score of a day: UNDO takes back what was done, with its pain.
            turn.inbound.reading = Kind.REASON
            turn.inbound.patient = message.patient
            turn.answer("recorded", message.patient)
            return True
    return False


def _answered_by_text(turn: Turn, asked: OutboundMessage) -> bool:
    """Whether a number has come in for `asked` since."""
    since = InboundMessage.objects.filter(
        from_phone=turn.inbound.from_phone,
        received_at__gte=asked.due_at,
        reading=Kind.REASON,
    )
    return since.exclude(pk=turn.inbound.pk).exists()


def _asked_last(turn: Turn, wording: str) -> Iterator[OutboundMessage]:
    """Our questions back of this wording, the newest first, as long as nothing was asked since.

    While a question about pain is open, only such as had left when this was said: who knows the
    way writes "skip" and "2" in one go, but a score is not lost to what still waits to be sent.
    """
    score_is_open = _asked_for_pain(turn)
    newest = turn.questions[0].message.attempted_at if turn.questions else None
    asked = (
        OutboundMessage.objects.filter(
            to_phone=turn.inbound.from_phone,
            wording=wording,
            patient__in=turn.patients,
            due_at__gt=turn.now - ONE_DAY,
        )
        .select_related("answers", "patient__clinic")
        .order_by("-due_at", "-pk")
    )
    for message in asked:
        if newest is not None and message.due_at < newest:
            return
        has_left = message.attempted_at is not None and message.attempted_at <= turn.said_at
        if has_left or not score_is_open:
            yield message


def answers_why(turn: Turn) -> bool:
    """A number from 1 to 5, or words, right after we asked why something was skipped."""
    asked = _why_asked(turn)
    if asked is None or asked.patient is None or asked.answers is None:
        return False
    number = turn.reply.score
    if turn.reply.kind is Kind.SCORE and number and number <= len(REASONS):
        reason = REASONS[number - 1]
    elif turn.reply.kind is Kind.REASON:
        reason = turn.reply.note
    elif turn.reply.kind is Kind.SCORE and _asked_for_pain(turn):
        return False  # 0 and 6 to 10 are no reasons, so they are the pain that is still open
    elif turn.reply.kind in {Kind.SCORE, Kind.CLARIFY}:
        turn.answer(ASK_WHY, asked.patient)
        return True
    else:
        return False
    turn.inbound.reading = Kind.REASON
    turn.inbound.patient = asked.patient
    give_reason(
        client_id=client_id(asked.answers), patient=asked.patient, reason=reason, now=turn.now
    )
    turn.answer("reason_kept", asked.patient)
    return True


def _asked_for_pain(turn: Turn) -> bool:
    return any(not row.answered for row in open_ones(turn.questions, SCORES))


def _why_asked(turn: Turn) -> OutboundMessage | None:
    """The newest "why?", if it is the last thing we asked and still waits for its answer."""
    for message in _asked_last(turn, ASK_WHY):
        log = SessionLog.objects.filter(
            program__patient=message.patient,
            client_id=client_id(message.answers) if message.answers else "",
            undone_at=None,
        ).first()
        # A "why?" that was asked again hangs on the reply that could not be read.
        if log is not None:
            return None if log.reason or _done_since(log) else message
    return None


def _done_since(skipped: SessionLog) -> bool:
    """Whether the patient did it after all: then nobody wonders why not."""
    return SessionLog.objects.filter(
        program=skipped.program_id,
        kind=skipped.kind,
        local_date=skipped.local_date,
        outcome=SessionLog.Outcome.DONE,
        created_at__gt=skipped.created_at,
        undone_at=None,
    ).exists()
