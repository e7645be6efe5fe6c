"""The tips of the weekly count, as data by barrier."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from exercises.content.files import content
from exercises.rules.coaching import Barrier
from exercises.rules.doses import Spec


class Tip(Spec):
    """Advice for a barrier in one segment; `technique` names what it does, by its taxonomy."""

    key: str = Field(pattern=r"^[a-z-]{3,40}$")
    barrier: Barrier
    technique: str = Field(pattern=r"^\d{1,2}\.\d{1,2} ")
    en: str
    es: str

    def in_language(self, language: str) -> str:
        """The words in "en" or "es"."""
        return {"en": self.en, "es": self.es}[language]


class _Tips(Spec):
    tips: list[Tip]


@cache
def tips() -> tuple[Tip, ...]:
    """Every tip, in the order they are given. Raises pydantic's error naming the place."""
    return tuple(_Tips.model_validate(content("tips.yaml")).tips)


def tip_called(key: str) -> Tip | None:
    """The tip with this key; None for one that a release took out."""
    return next((tip for tip in tips() if tip.key == key), None)
