"""What a patient's text means. Pure: text in, reading out, no guess.

Read in this order: opt-out, help and opt-in, red flag, score, command, free text. A text that can be
read in two ways becomes `clarify`: the patient is asked (promise 16).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from notifications.incoming.parsing.commands import find_command, minutes_in
from notifications.incoming.parsing.envelope import opened
from notifications.incoming.parsing.keyword_lists import HELP
from notifications.incoming.parsing.keywords import (
    is_doubtful,
    is_opt_in,
    is_opt_out,
    one_word,
)
from notifications.incoming.parsing.plain import plain
from notifications.incoming.parsing.red_flags import red_flags
from notifications.incoming.parsing.scores import Found, find_score

__all__ = ["Kind", "Reply", "parse"]


class Kind(StrEnum):
    """How a text was read. `partly`, `barrier` and `link` only a conversation finds: they take what was
    asked, or a patient to answer to.
    """

    SCORE = "score"
    DONE = "done"
    PARTLY = "partly"
    SKIP = "skip"
    LATER = "later"
    PAUSE = "pause"
    RESUME = "resume"
    UNDO = "undo"
    REASON = "reason"
    BARRIER = "barrier"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    LINK = "link"
    RED_FLAG = "red_flag"
    CLARIFY = "clarify"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reading.

    `score` (0 to 10) comes with `score`, and with `red_flag` when both were said. `days` comes with
    `pause`, `minutes` with `later` and with a `clarify` that names a length of time, `times` with a
    `later` that names one or, of an hour without its half of the day, two. `flags` are the
    red flags, also beside an opt-out. `note` holds the words beside a score, or the name of a `reason`. `doubtful`: perhaps
    an opt-out, for a person to decide. `is_bare`: a score with nothing else, or one that says that
    it corrects: only such overwrite the answer of a day.
    """

    kind: Kind
    score: int | None = None
    days: int | None = None
    minutes: int | None = None
    times: tuple[time, ...] = ()
    flags: tuple[str, ...] = ()
    note: str = ""
    doubtful: bool = False
    is_bare: bool = field(default=False, compare=False)


def parse(text: str, *, language: str) -> Reply:
    """Read `text`. Both languages are understood, whichever `language` ("en", "es") the patient
    chose: people mix them. Never raises.
    """
    del language  # part of the seam: a language with words that clash would need it
    letter = opened(text)
    if letter.is_reaction:
        return Reply(Kind.NOTE)
    said = Said(plain(letter.said), letter.said, plain(text))
    # What a machine answers is no score and no command; but a STOP in it is one.
    readers = BY_A_MACHINE if letter.is_automatic else ORDER
    found = Found() if letter.is_automatic else find_score(said.words, letter.said)
    readings = (reader(said, found) for reader in readers)
    return next((reply for reply in readings if reply is not None), Reply(Kind.NOTE))


@dataclass(frozen=True, slots=True)
class Said:
    """A text in both its forms: `plain`, and as written."""

    words: str
    text: str
    # With what stood around it: no envelope hides a sign.
    whole: str


def _keyword(said: Said, _: Found) -> Reply | None:
    if is_opt_out(said.words):
        # An alert is no text: the clinic hears of a red flag also from somebody who leaves.
        return Reply(Kind.OPT_OUT, flags=_flags(said))
    if one_word(said.words) in HELP:
        return Reply(Kind.HELP)
    return Reply(Kind.OPT_IN) if is_opt_in(said.words) else None


def _flags(said: Said) -> tuple[str, ...]:
    return red_flags(said.words) or red_flags(said.whole)


def _red_flag(said: Said, found: Found) -> Reply | None:
    flags = _flags(said)
    if not flags:
        return None
    # "Stop. I went to the ER": both are heard, and a hold costs less than a text too many.
    held = is_doubtful(said.words, said.text)
    return Reply(Kind.RED_FLAG, found.score, flags=flags, note=found.note, doubtful=held)


def _doubtful(said: Said, _: Found) -> Reply | None:
    is_held = is_doubtful(said.words, said.text)
    return Reply(Kind.NOTE, doubtful=True) if is_held else None


def _score(_: Said, found: Found) -> Reply | None:
    if found.score is None:
        return None
    return Reply(Kind.SCORE, found.score, note=found.note, is_bare=found.is_bare)


def _command(said: Said, found: Found) -> Reply | None:
    command = find_command(said.words)
    if command is None:
        return None
    kind = Kind(command.name)
    return Reply(
        kind,
        command.score,
        days=command.days,
        minutes=command.minutes,
        times=command.times,
        note=command.reason,
    )


def _question(said: Said, found: Found) -> Reply | None:
    return Reply(Kind.CLARIFY, minutes=minutes_in(said.words)) if found.ask else None


ORDER: tuple[Callable[[Said, Found], Reply | None], ...] = (
    _keyword,
    _red_flag,
    _doubtful,
    _command,
    _score,
    _question,
)
BY_A_MACHINE = (_keyword, _red_flag, _doubtful)
