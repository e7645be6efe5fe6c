"""Every language has every word, and pages use no other."""

from __future__ import annotations

import re
from typing import Any

import pytest

from exercises.content.page import page_words
from hep.env import REPOSITORY

TEMPLATES = sorted(REPOSITORY.glob("*/templates/page/*.html"))
FIRST = "en"


def keys(words: dict[str, Any], before: str = "") -> dict[str, set[str]]:
    """Every key with the placeholders in its words."""
    found: dict[str, set[str]] = {}
    for key, said in words.items():
        if isinstance(said, dict):
            found |= keys(said, f"{before}{key}.")
        else:
            assert said.strip()
            found[f"{before}{key}"] = set(re.findall(r"\{(\w+)\}", said))
    return found


@pytest.mark.parametrize("language", sorted(set(page_words()) - {FIRST}))
def test_nothing_is_missing_in_a_language(language: str) -> None:
    assert keys(page_words()[language]) == keys(page_words()[FIRST])


def test_pages_use_words_that_are_there() -> None:
    known = keys(page_words()[FIRST])
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    used = set(re.findall(r"\bw\.([a-z_.]+)", text)) | set(re.findall(r'\{% say "(\w+)"', text))
    used -= {"reasons.items", "sides.items", "barriers.items", "player"}
    assert used
    assert used <= set(known)


def test_no_word_is_left_that_nothing_says() -> None:
    known = {key.split(".")[0] for key in keys(page_words()[FIRST])}
    code = [*REPOSITORY.glob("exercises/page/*.py"), *REPOSITORY.glob("exercises/reads/page_day.py"), *REPOSITORY.glob("notifications/page/*.py"), *REPOSITORY.glob("notifications/apps.py")]  # fmt: skip
    text = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *code])
    assert {key for key in known if not re.search(rf'["\'.]{key}\b', text)} == set()
