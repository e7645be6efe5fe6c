"""The question a program asks about pain: it fits what is treated. Pure.

Source: docs/clinical-rules.md#questions. A check-in of the kind `first_step` is the answer to the
program's question, whatever it asks about; texts, charts and rules take their words from here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class MainQuestion(StrEnum):
    """What a program asks every day; the key of its words."""

    FIRST_STEP = "first_step"
    MORNING = "morning"
    STAIRS = "stairs"
    SQUAT = "squat"
    MOVING = "moving"


# As a provider reads it, on charts and beside figures.
LABELS: Final[dict[str, str]] = {
    MainQuestion.FIRST_STEP: "First-step pain",
    MainQuestion.MORNING: "Pain with morning stiffness",
    MainQuestion.STAIRS: "Worst pain on stairs or squatting",
    MainQuestion.SQUAT: "Pain in a single-leg squat",
    MainQuestion.MOVING: "Pain while walking or running",
}
# Texts that ask it, by their usual key; the first question has the key itself.
ASKING: Final = ("check_in", "nudge")


def wording_of(kind: str, question: str) -> str:
    """The key of the words with which a text of `kind` asks the program's question."""
    if kind not in ASKING or question == MainQuestion.FIRST_STEP:
        return kind
    return f"{kind}_{question}"
