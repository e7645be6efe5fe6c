"""How a text is read: Twilio's word, a name on a shared phone, then the parser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from exercises.models import Patient
from notifications.incoming.parsing import Kind, Reply, parse
from notifications.incoming.parsing.names import is_denied, labels, who_is_named, without_name
from notifications.models import InboundMessage

# Twilio answers these itself; a second answer would be one too many.
TWILIO_ANSWERS = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
    | {"start", "yes", "unstop", "help", "info"}
)
# Advanced Opt-Out tells how Twilio read the text, also with a clinic's own keywords.
BY_TWILIO = {"STOP": Kind.OPT_OUT, "START": Kind.OPT_IN, "HELP": Kind.HELP}
# What stands around a name that is said alone.
NAMING = re.compile(r"\b(?:it'?s|is|this|for|about|me|i'?m|es|soy|para|de|sobre)\b")


def read(inbound: InboundMessage, patients: Sequence[Patient]) -> Reply:
    """The reading; Twilio's own word on consent comes first, and a name hides no STOP.

    A sign that stands beside Twilio's word is heard too.
    """
    if inbound.opt_out_type in BY_TWILIO:
        flags = parse(inbound.body, language="en").flags
        kind = BY_TWILIO[inbound.opt_out_type]
        if kind is Kind.OPT_OUT or not flags:
            return Reply(kind, flags=flags)
    if not patients:
        return parse(inbound.body, language="en")
    language = patients[0].language
    reply = read_words(inbound.body, patients)
    named = named_in(inbound.body, patients)
    if named is not None and reply.kind is not Kind.OPT_OUT:
        rest = parse(named[1], language=language)
        if rest.kind in {Kind.OPT_OUT, Kind.HELP}:
            return rest
    return reply


def read_words(body: str, patients: Sequence[Patient]) -> Reply:
    """What `body` says, when the one patient's own name in it says nothing."""
    language = patients[0].language
    name = patients[0].first_name if len(patients) == 1 else ""
    if not is_denied(body, name):
        return parse(without_name(body, name), language=language)
    reply = parse(body, language=language)
    if reply.kind is Kind.OPT_OUT or reply.flags:
        return replace(reply, doubtful=reply.kind is not Kind.OPT_OUT)
    return replace(reply, kind=Kind.NOTE, doubtful=True)


def named_in(body: str, patients: Sequence[Patient]) -> tuple[Patient, str] | None:
    """The patient whose name stands in the text, as any phone types it, and the text without it."""
    if len(patients) < 2:
        return None
    found = who_is_named(body, called(patients))
    if found is None or is_denied(body, patients[found[0]].first_name):
        return None  # "this is not Maria" names nobody
    return patients[found[0]], found[1]


def called(patients: Sequence[Patient]) -> list[str]:
    """How each of these is called when we ask who is meant."""
    return labels([(patient.first_name, patient.last_name) for patient in patients])


def is_name_alone(rest: str) -> bool:
    """Whether nothing but the name was said; `rest` is the text without it."""
    return not re.search(r"\w", NAMING.sub("", rest))


def is_answered_by_twilio(inbound: InboundMessage) -> bool:
    """Whether Twilio answers this itself: it wants the bare word, and leaves "Stop." to us."""
    word = inbound.body.strip().casefold()
    return bool(inbound.opt_out_type) or word in TWILIO_ANSWERS
