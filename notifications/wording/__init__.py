"""What patients read, as data by language, always in the GSM-7 alphabet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from exercises.rules.urgency import DANGER, Urgency, most_urgent
from hep.yaml_file import read_yaml
from notifications.wording.gsm7 import to_gsm7
from notifications.wording.lint import LONGEST_FIRST_NAME, fill

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")
# The one question back when words may be an opt-out.
ASK_STOP = "ask_stop"
# The answers to a red flag, by how urgent it is (docs/clinical-rules.md#red-flags).
SAFETY: dict[Urgency, str] = {urgency: f"red_flag_{urgency}" for urgency in Urgency}
SAFETY_WORDINGS = frozenset(SAFETY.values())

# The week's count: praise, which asks nothing, or what got in the way.
PRAISE, ASK_BARRIER = "week_praise", "week_ask"

# The one confirmation of an opt-out, and what it says besides when the same text had a red flag.
STOPPED_WITH = {Urgency.CRISIS: "stopped_crisis", Urgency.EMERGENCY: "stopped_emergency"}
STOPPED_WORDINGS = frozenset({"stopped", "stopped_flag", *STOPPED_WITH.values()})

# Words that a life or an account may hang on: no clinic's to change.
FIXED = SAFETY_WORDINGS | STOPPED_WORDINGS | {"code", "help", "flag_stands", ASK_STOP}


@dataclass(frozen=True)
class Values:
    """What the placeholders of a wording stand for."""

    first_name: str = ""
    clinic: str = ""
    names: str = ""
    detail: str = ""
    phone: str = ""
    count: int = 0
    planned: int = 0
    minutes: int = 0
    limit: int = 0
    link: str = ""


@cache
def wordings(language: str) -> dict[str, str]:
    """Every wording of `language` ("en" or "es") by key."""
    return {key: str(value) for key, value in read_yaml(FOLDER / f"{language}.yaml").items()}


def safety_wording(flags: Iterable[str], *, known: Urgency | None = None) -> str:
    """The key of the answer to these signs; of unknown ones the most careful. A lesser sign beside
    a `known` crisis or emergency is answered as that one, another of the two as itself: whoever
    took pills and now has no breath needs 911.
    """
    urgency = most_urgent(flags) or Urgency.EMERGENCY
    return SAFETY[urgency if urgency in DANGER else known or urgency]


def stopped_wording(flags: Iterable[str], *, known: Urgency | None = None) -> str:
    """The key of what confirms an opt-out, in a text that may have had these signs or comes after
    a `known` crisis or emergency.
    """
    told = most_urgent(flags)
    urgency = told if told in DANGER else known or told
    if urgency is None:
        return "stopped"
    return STOPPED_WITH.get(urgency, "stopped_flag")


# In front of a text about one of two sides.
SIDES: dict[str, dict[str, str]] = {
    "en": {"left": "Left side. ", "right": "Right side. ", "both": "Both sides. "},
    "es": {"left": "Lado izquierdo. ", "right": "Lado derecho. ", "both": "Ambos lados. "},
}


def side_said(side: str, language: str) -> str:
    """ "Left side. ", in the patient's language."""
    return SIDES[language][side]


def keys() -> list[str]:
    """The texts there are, in the order of a conversation."""
    return list(wordings(LANGUAGES[0]))


def render(key: str, *, language: str, values: Values, own: str | None = None) -> str:
    """The text to send, from the clinic's `own` words or ours.

    Raises KeyError for an unknown key or placeholder. A sentence that names the clinic's phone goes
    where it has none. Letters outside GSM-7 lose their accent: one
    of them would turn the text into UCS-2, which holds 70 characters a segment instead of 160.
    """
    # vars, not asdict: that copies deeply, which takes longer than the rest of this together.
    first_name = to_gsm7(values.first_name)[:LONGEST_FIRST_NAME].strip()
    if not any(map(str.isalnum, first_name)):
        first_name = ""  # "Hi, Bay Foot here" rather than "Hi *"
    fields = vars(values) | {"first_name": first_name}
    words = own or wordings(language)[key]
    if not values.phone:
        sentences = re.split(r"(?<=[.?!]) ", words)
        words = " ".join(sentence for sentence in sentences if "{phone}" not in sentence)
    return to_gsm7(fill(words, fields))
