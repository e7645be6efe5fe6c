"""Consent, help, and what a person has to look at."""

from __future__ import annotations

from exercises.models import Alert, PageLink
from exercises.reads.holds import on_hold
from exercises.services.links import end_links, link_for
from notifications import consent
from notifications.incoming.conversation.reading import is_answered_by_twilio
from notifications.incoming.conversation.record import says_yes
from notifications.incoming.conversation.safety import answers_danger, danger_of
from notifications.incoming.conversation.turn import Turn
from notifications.incoming.conversation.yes_or_no import answers_yes_or_no
from notifications.incoming.parsing import Kind, Reply
from notifications.incoming.parsing.answers import (
    agrees_to_join,
    asks_for_flare,
    asks_for_page,
    asks_who,
)
from notifications.incoming.parsing.keywords import asks_a_person, asks_to_start
from notifications.incoming.parsing.plain import plain
from notifications.offers import open_offers, take
from notifications.wording import ASK_STOP, stopped_wording


def opt_out(turn: Turn) -> None:
    """Confirm once, unless Twilio does. The clinic still hears of a red flag, and the one text that
    may still go says whom to call.
    """
    danger = danger_of(turn.patients, now=turn.now)
    if turn.reply.flags:
        turn.alert_all()
    if danger is not None and danger.is_open:
        # Nobody can text them any more: whoever looks must know before they try.
        turn.alert(danger.patient, Alert.Reason.RED_FLAG, "then ended the texts", danger.urgency)
        turn.is_left_to_the_clinic = True
    if turn.consent_changed and not is_answered_by_twilio(turn.inbound):
        known = danger.urgency if danger else None
        turn.answer(stopped_wording(turn.reply.flags, known=known), turn.patients[0])


def opt_in(turn: Turn) -> None:
    """Resume; a YES that resumes nothing is no answer to anything either. Said to words about 911
    or 988 it is no wish for texts.
    """
    if not asks_to_start(plain(turn.said)) and answers_danger(turn):
        return
    known = consent.carrier_stopped(turn.inbound.from_phone, by_carrier=is_answered_by_twilio)
    changed = consent.opt_in(inbound=turn.inbound, patients=turn.patients, now=turn.now)
    # Twilio says nothing to START when it knew of no opt-out: "please stop texting me" was ours.
    by_twilio = turn.inbound.opt_out_type or (known and is_answered_by_twilio(turn.inbound))
    if changed and not by_twilio:
        turn.answer("started", turn.patients[0])
    elif not changed and not (answers_yes_or_no(turn) or says_yes(turn)):
        turn.note()


def joins(turn: Turn) -> bool:
    """JOIN or ACEPTO by somebody who was shown the words: the welcome says that it is so."""
    if turn.reply.kind not in {Kind.NOTE, Kind.CLARIFY} or not agrees_to_join(plain(turn.said)):
        return False
    found = open_offers(turn.inbound.from_phone, turn.patients, at=turn.said_at)
    if len(found) > 1:
        turn.ask_who([row.patient for row in found])
        return True
    if not found:
        return False
    (row,) = found
    take(row, inbound=turn.inbound, now=turn.now)
    turn.inbound.patient, turn.inbound.reading = row.patient, Kind.OPT_IN
    turn.is_all_read = True
    return True


def tell_help(turn: Turn) -> None:
    """Who we are, whom to call, how to stop, unless Twilio tells. "Help me" asks a person too."""
    if asks_a_person(plain(turn.said)):
        turn.is_left_to_the_clinic = True
        if answers_danger(turn):
            return
    if not is_answered_by_twilio(turn.inbound):
        turn.answer("help", turn.patients[0])


def asks_who_we_are(turn: Turn) -> bool:
    """ "Who is this?" is told what HELP tells."""
    asked = turn.reply.kind in {Kind.NOTE, Kind.CLARIFY} and asks_who(plain(turn.said))
    if asked:
        tell_help(turn)
    return asked


def asks_for_the_flare_plan(turn: Turn) -> bool:
    """FLARE: what to do on a bad day. A person reads it too; while exercises wait for one, it is a
    note like others.
    """
    if turn.reply.kind not in {Kind.NOTE, Kind.CLARIFY} or not asks_for_flare(plain(turn.said)):
        return False
    if on_hold([patient.pk for patient in turn.patients]):
        return False
    turn.answer("flare", turn.patients[0])
    return True


def asks_for_the_page(turn: Turn) -> bool:
    """LINK, or "what do I do today?": the patient's own page says it."""
    words = plain(turn.said)
    if turn.reply.kind not in {Kind.NOTE, Kind.CLARIFY} or not asks_for_page(words):
        return False
    turn.reply, turn.inbound.reading = Reply(Kind.LINK), Kind.LINK
    if len(turn.patients) > 1:
        turn.ask_who(turn.patients)
        return True
    (patient,) = turn.patients
    link = link_for(patient=patient, made_for=PageLink.MadeFor.PATIENT, now=turn.now)
    turn.answer("link", patient, opens=link)
    return True


def hold(turn: Turn) -> None:
    """Perhaps an opt-out: ask once, and text nothing more until somebody has looked."""
    if hold_texts(turn):
        turn.answer(ASK_STOP, turn.patients[0])


def hold_texts(turn: Turn, *, by_phone: bool = True) -> bool:
    """Hold every text and tell the clinic. False when they were on hold already.

    Whoever wrote from the phone may not be the patient, and has the link; not so `by_phone` False,
    an app or a page that knows who it is.
    """
    is_new = consent.hold(inbound=turn.inbound, patients=turn.patients, now=turn.now)
    for patient in turn.patients:
        if by_phone:
            end_links(patient=patient, now=turn.now)
        turn.alert(patient, Alert.Reason.DOUBTFUL_OPT_OUT)
    return is_new
