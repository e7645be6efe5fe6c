"""What a patient's text means. Pure: text in, reading out, no guess.

A text that can be read in two ways becomes `clarify`: the patient is asked (promise 14).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a text was read."""

    SCORE = "score"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    CLARIFY = "clarify"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reading. `score` is 0 to 10 and only there when `kind` is `score`."""

    kind: Kind
    score: int | None = None


# Twilio's own keywords and the FCC's list (47 CFR 64.1200 (a)(10)), then Spanish.
OPT_OUT = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
    | {"alto", "basta", "parar", "cancelar"}
)
OPT_IN = frozenset({"start", "unstop", "yes", "empezar"})
HELP = frozenset({"help", "info", "ayuda"})
# "10/10" and "4 out of 10" name the scale; a bare "4/5" could be a date.
SCORE = re.compile(r"#?(?P<score>\d{1,2})(?:\s*(?:/|out of|de)\s*10)?")


def parse(text: str, *, language: str) -> Reply:
    """Read `text`; `language` is "en" or "es", both are understood. Never raises."""
    words = _plain(text)
    keyword = words.replace(" ", "").replace("-", "")
    if keyword in OPT_OUT:
        return Reply(Kind.OPT_OUT)
    if keyword in HELP:
        return Reply(Kind.HELP)
    if keyword in OPT_IN:
        return Reply(Kind.OPT_IN)
    if match := SCORE.fullmatch(words):
        score = int(match["score"])
        return Reply(Kind.SCORE, score) if score <= 10 else Reply(Kind.CLARIFY)
    if any(character.isdigit() for character in words):
        return Reply(Kind.CLARIFY)
    return Reply(Kind.NOTE)


def _plain(text: str) -> str:
    """Lower case, compatibility forms folded, outer punctuation and spare blanks gone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in folded
    )
    return " ".join(folded.split()).strip(" .,!?;:'\"()")
