"""What a reading does: the record, the programs, consent and alerts, and the one answer.

`handle` runs inside the transaction that marks the text as handled, so that each effect and the
answer happen once with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from exercises.models import Patient
from notifications import consent, erased_phones
from notifications.incoming import inbox
from notifications.incoming.conversation.asked_back import answers_during, answers_why
from notifications.incoming.conversation.consent_words import (
    asks_for_the_flare_plan,
    asks_for_the_page,
    asks_who_we_are,
    hold,
    hold_texts,
    joins,
    opt_in,
    opt_out,
    tell_help,
)
from notifications.incoming.conversation.pauses import later, pause, resume
from notifications.incoming.conversation.reading import called, is_name_alone, named_in, read
from notifications.incoming.conversation.record import (
    answers_hours,
    clarify,
    log,
    says_part,
    says_yes,
    score,
    undo,
)
from notifications.incoming.conversation.safety import answers_danger, red_flag
from notifications.incoming.conversation.turn import ONE_DAY, Turn
from notifications.incoming.conversation.week import answers_week
from notifications.incoming.conversation.yes_or_no import answers_yes_or_no
from notifications.incoming.parsing import Kind, parse
from notifications.incoming.parsing.names import who_is_numbered, without_names
from notifications.incoming.questions import questions_of
from notifications.models import InboundMessage, OutboundMessage

logger = logging.getLogger(__name__)


def handle(
    inbound: InboundMessage,
    patients: Sequence[Patient],
    *,
    sharing: Sequence[Patient],
    now: datetime,
) -> None:
    """Do what the text asks for, once, and answer it at most once.

    `sharing` has everybody with this phone, whom an opt-out is for; `patients` those of them whose
    clinic texts from the number that was answered. A stranger's text is not answered;
    its words stand in the inbox of the clinic whose number it is.
    """
    reply = read(inbound, patients)
    consent_changed = False
    if reply.kind is Kind.OPT_OUT:
        # Before anything else, and for everybody: also for a phone that no patient has.
        consent_changed = consent.opt_out(inbound=inbound, patients=sharing, now=now)
    _take(Turn(inbound, reply, list(patients), now, consent_changed=consent_changed))


def _take(turn: Turn) -> None:
    """Keywords of consent, or what the one patient who is meant has to say."""
    turn.inbound.reading = turn.reply.kind
    logger.info("reply %s inbound=%s", turn.reply.kind, turn.inbound.pk)
    if not turn.patients:
        if not _was_erased(turn):
            inbox.stand_of_stranger(turn.inbound, turn.reply, now=turn.now)
        return
    if turn.reply.kind in CONSENT:
        CONSENT[turn.reply.kind](turn)
    else:
        _hear_patient(turn)
    if turn.inbound.patient is None and len(turn.patients) == 1:
        turn.inbound.patient = turn.patients[0]
    meant = [turn.inbound.patient] if turn.inbound.patient else turn.patients
    if not turn.is_all_read:
        always = turn.is_left_to_the_clinic
        inbox.stand_unread(turn.inbound, turn.reply, meant, now=turn.now, always=always)


def _was_erased(turn: Turn) -> bool:
    """Whether this comes from somebody whose record is gone: kept without words, and a STOP counts.
    Words that may be of life and death are a stranger's, for a person to read.
    """
    if turn.reply.flags or not erased_phones.is_erased(turn.inbound.from_phone):
        return False
    if turn.reply.kind is Kind.OPT_OUT:
        erased_phones.stop(turn.inbound.from_phone)
    turn.inbound.body = turn.inbound.from_phone = ""
    return True


def _hear_patient(turn: Turn) -> None:
    if turn.reply.kind is not Kind.RED_FLAG and answers_danger(turn):
        if turn.reply.doubtful:
            hold_texts(turn)
        return
    _resolve_name(turn)
    turn.questions = questions_of(turn.patients, now=turn.said_at)
    if len(turn.patients) == 1:
        turn.heard(turn.patients[0])
    if turn.reply.kind is Kind.RED_FLAG:
        if turn.reply.doubtful:
            hold_texts(turn)
        red_flag(turn)
    elif turn.reply.doubtful:
        # "No, thank you" may be a wish to end the texts, unless it answers what was just asked.
        if not answers_yes_or_no(turn):
            hold(turn)
    elif not any(answer(turn) for answer in ANSWERS):
        COMMANDS.get(turn.reply.kind, Turn.note)(turn)


def _resolve_name(turn: Turn) -> None:
    """On a shared phone a name, or the number we gave it, tells who is meant; alone it completes
    the text before.
    """
    if len(turn.patients) < 2:
        return
    asked = _asked_who(turn)
    named = _numbered(turn, asked) or named_in(turn.inbound.body, turn.patients)
    if named is None:
        return
    patient, rest = named
    if is_name_alone(rest):
        before = asked.answers if asked else None
        # Once: what has found its patient is not counted for the next.
        if before is not None and before.patient_id is None:
            # Whose it is may have been said already, in words that told nobody apart.
            rest = without_names(before.body, [row.first_name for row in turn.patients])
            turn.said_at = min(before.received_at, turn.said_at)
            before.patient = patient
            before.save(update_fields=["patient"])
            inbox.belongs_to(before, patient)
    turn.patients, turn.said = [patient], rest
    turn.reply = parse(rest, language=patient.language)
    turn.inbound.reading = turn.reply.kind


def _asked_who(turn: Turn) -> OutboundMessage | None:
    asked = OutboundMessage.objects.filter(
        # Only of this clinic: a name told here completes nothing that was written to another.
        clinic=turn.patients[0].clinic_id,
        to_phone=turn.inbound.from_phone,
        wording="ask_who",
        due_at__gt=turn.now - ONE_DAY,
    ).select_related("answers")
    return asked.order_by("-due_at", "-pk").first()


def _numbered(turn: Turn, asked: OutboundMessage | None) -> tuple[Patient, str] | None:
    """Whom a number chooses, right after we gave them numbers and asked nothing since."""
    if asked is None or asked.answers is None or asked.answers.patient_id is not None:
        return None
    if asked.attempted_at is None or asked.attempted_at > turn.said_at:
        return None  # nobody chooses among what they have not read
    since = OutboundMessage.objects.filter(
        clinic=asked.clinic_id,
        to_phone=turn.inbound.from_phone,
        due_at__gt=asked.due_at,
        attempted_at__isnull=False,
    )
    chosen = who_is_numbered(turn.inbound.body, asked.names)
    if chosen is None or since.exists():
        return None
    label, rest = chosen
    own = dict(zip(called(turn.patients), turn.patients, strict=True))
    return (own[label], rest) if label in own else None


# Each says whether the text was one, in this order.
ANSWERS = (
    joins,
    answers_yes_or_no,
    answers_why,
    answers_during,
    answers_week,
    answers_hours,
    says_yes,
    says_part,
    asks_for_the_page,
    asks_for_the_flare_plan,
    asks_who_we_are,
)
CONSENT: dict[Kind, Callable[[Turn], None]] = {
    Kind.OPT_OUT: opt_out,
    Kind.OPT_IN: opt_in,
    Kind.HELP: tell_help,
}
COMMANDS: dict[Kind, Callable[[Turn], None]] = {
    Kind.SCORE: score,
    Kind.DONE: log,
    Kind.SKIP: log,
    Kind.LATER: later,
    Kind.PAUSE: pause,
    Kind.RESUME: resume,
    Kind.UNDO: undo,
    Kind.CLARIFY: clarify,
    # "It hurts", when nobody asked why: about pain, but no number.
    Kind.REASON: clarify,
}
