"""The words of consent by language, and the word that agrees to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hep.yaml_file import read_yaml
from notifications.wording.lint import fill

FILE = Path(__file__).parent / "consent.yaml"


@cache
def _told() -> dict[str, Any]:
    words: dict[str, Any] = read_yaml(FILE)
    return words


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the screen: the words, how to agree, and the word to text."""

    words: str
    how: str
    word: str
    version: str


def shown(language: str, *, clinic: str, limit: int, phone: str = "") -> Shown:
    """The words of consent to a clinic's texts in "en" or "es"."""
    told = _told()[language]
    word = str(told["word"])
    return Shown(
        words=fill(told["words"], {"clinic": clinic, "limit": limit}),
        how=fill(told["show"], {"word": word, "phone": phone}),
        word=word,
        version=str(_told()["version"]),
    )
