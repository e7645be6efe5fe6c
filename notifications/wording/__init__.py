"""What patients read, as data by language, always in the GSM-7 alphabet."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from notifications.wording.gsm7 import to_gsm7

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")


@cache
def wordings(language: str) -> dict[str, str]:
    """Every wording of `language` ("en" or "es") by key."""
    text = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in yaml.safe_load(text).items()}


def render(key: str, *, language: str, first_name: str, clinic: str, names: str = "") -> str:
    """The text to send. Raises KeyError for an unknown key or placeholder.

    Letters outside GSM-7 lose their accent: one of them would turn the text into UCS-2, which
    holds 70 characters a segment instead of 160.
    """
    wording = wordings(language)[key]
    return to_gsm7(wording.format(first_name=first_name, clinic=clinic, names=names))
