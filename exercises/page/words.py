"""Days in words, and a clinic's phone to tap."""

from __future__ import annotations

from datetime import date

from django.utils import formats, translation

from exercises.content.page import page_words
from exercises.models.people import Language


def day_in_words(day: date, *, today: date, language: str) -> str:
    """Such as "Today, Friday November 27", in the patient's language."""
    words = page_words()[language]
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days)
    form = "l j \\d\\e F" if language == Language.SPANISH else "l F j"
    with translation.override(language):
        named = str(formats.date_format(day, form))
    if near is None:
        return named[:1].upper() + named[1:]
    return f"{words[near]}, {named}"
