"""What the intake screens ask, as choices of a form."""

from __future__ import annotations

from exercises.content import before_assigning, red_flags, screens


def pattern_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The signs of each screen, under its name."""
    return [
        (slug.replace("-", " ").capitalize(), [(row.key, row.question) for row in screen.pattern])
        for slug, screen in screens().items()
    ]


def red_flag_choices() -> list[tuple[str, str]]:
    """Every red flag, with what to think of and how soon."""
    return [
        (row.key, f"{row.question}: think of {row.think_of}. {row.urgency}.")
        for row in red_flags().values()
    ]


def before_choices() -> list[tuple[str, str]]:
    """What to know of the patient, with what it speaks against."""
    return [(row.key, f"{row.question}: {row.advice}") for row in before_assigning().values()]
