"""What stands around what was said: quotes, signatures, reactions, auto-answers. Pure, linear.

A phone adds them; the patient did not write them, or wrote them in answer to something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QUOTES = "\"“”«»'‘’"
# What a phone sends when somebody taps a reaction; the words quoted are ours.
REACTION = re.compile(
    rf"^\W*(?:liked|loved|laughed at|emphasi[sz]ed|questioned|disliked|removed an? \w+ from|reacted\b.{{0,20}}\bto"
    rf"|le gust[oó]|le encant[oó]|se ri[oó] de|enfatiz[oó]|cuestion[oó]|no le gust[oó]|reaccion[oó]\b.{{0,20}}\ba)\s*[{QUOTES}](?:[^{QUOTES}]*$|.*[{QUOTES}]\W*$)"
    rf"|^\W*(?:to|a) [{QUOTES}].*[{QUOTES}]\W*$|^[^\w\s]{{1,4}}\s*(?:to|a) [{QUOTES}]",
    re.IGNORECASE | re.DOTALL,
)
EDITED = re.compile(
    rf"^\W*(?:edited to|editado a|edit[oó] a)\s*[{QUOTES}](.*)[{QUOTES}]\W*$", re.I | re.S
)
# "Sent from my iPhone" and what stands below it.
SIGNATURE = re.compile(
    r"(?:^|[\n\r]|\s{2,}|(?<=[.!?\d)]) ?)\W*(?:sent (?:from|via|using) (?:my|the)? ?\w+|enviado desde (?:mi|el)? ?\w+"
    r"|get outlook for|obtener outlook|yahoo mail|-- ?[\n\r]|__+).*$",
    re.IGNORECASE | re.DOTALL,
)
QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
# Our own question, quoted back without a mark: it names the clinic, which no patient does.
OUR_WORDS = re.compile(
    r"\bhi\b[^\n]{0,60} here\. [^\n]{0,120}?reply (?:with )?a number\.?"
    r"|\bhola\b[^\n]{0,40} le escribe [^\n]{0,140}?responda (?:con )?un n[uú]mero\.?",
    re.IGNORECASE,
)
AUTOMATIC = re.compile(
    r"\b(?:auto(?:matic)?[- ]?(?:reply|response|respuesta)|respuesta autom[aá]tica|do not disturb|no molestar"
    r"|sent from driving|this (?:mailbox|number|phone) is not monitored)\b",
    re.IGNORECASE,
)
# A person says these too; a machine says nothing else.
OF_BOTH = re.compile(
    r"\b(?:out of (?:the )?office|fuera de la oficina|i'?m driving|i am driving|estoy (?:manejando|conduciendo)"
    r"|will (?:get back|reply|respond) (?:to you )?(?:when|as soon|shortly|later)|i'?ll (?:get back|reply|respond)"
    r"|can'?t talk (?:right )?now|currently (?:unavailable|driving|busy)|le respondo (?:luego|m[aá]s tarde))\b",
    re.IGNORECASE,
)
OF_A_PERSON = re.compile(
    r"[?\d]|\b(?:hurt|pain|ache|foot|feet|heel|calf|splint|exercis|stretch|clinic|appoint|band|ball|duele|dolor|pie|tal[oó]n"
    r"|f[eé]rula|ejercicio|cita|luego,|someone|done|skip|hecho)\w*",
    re.IGNORECASE,
)
# A whole message of this length has no envelope worth looking for beyond it.
LONGEST = 1_600


@dataclass(frozen=True, slots=True)
class Opened:
    """What was said, and whether a person said it."""

    said: str
    is_reaction: bool = False
    is_automatic: bool = False


def opened(text: str) -> Opened:
    """`text` without its envelope. What would leave nothing is left as it is."""
    text = text[:LONGEST]
    if (edited := EDITED.match(text)) is not None:
        text = edited[1]
    if REACTION.match(text):
        return Opened("", is_reaction=True)
    if AUTOMATIC.search(text) or (OF_BOTH.search(text) and not OF_A_PERSON.search(text)):
        return Opened(text, is_automatic=True)
    for pattern in (QUOTED_LINE, OUR_WORDS, SIGNATURE):
        shorter = pattern.sub(" ", text)
        text = shorter if shorter.strip() else text
    return Opened(text)
