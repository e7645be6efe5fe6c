"""What patients read, as data by language, always in the GSM-7 alphabet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from notifications.wording.gsm7 import to_gsm7
from notifications.wording.lint import LONGEST_FIRST_NAME

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Values:
    """What the placeholders of a wording stand for."""

    first_name: str = ""
    clinic: str = ""
    names: str = ""
    detail: str = ""
    phone: str = ""
    count: int = 0
    minutes: int = 0
    limit: int = 0


@cache
def wordings(language: str) -> dict[str, str]:
    """Every wording of `language` ("en" or "es") by key."""
    text = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in yaml.safe_load(text).items()}


def keys() -> list[str]:
    """The texts there are, in the order of a conversation."""
    return list(wordings(LANGUAGES[0]))


def render(key: str, *, language: str, values: Values, own: str | None = None) -> str:
    """The text to send, from the clinic's `own` words or ours.

    Raises KeyError for an unknown key or placeholder. Letters outside GSM-7 lose their accent: one
    of them would turn the text into UCS-2, which holds 70 characters a segment instead of 160.
    """
    # vars, not asdict: that copies deeply, which takes longer than the rest of this together.
    fields = vars(values) | {"first_name": values.first_name[:LONGEST_FIRST_NAME].strip()}
    return to_gsm7((own or wordings(language)[key]).format(**fields))
