"""What a dose may be. One table for the models, the content files, the admin and the API."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator

# (least, most). Wider than any program here; beyond them it is a slip of the keyboard.
LIMITS: dict[str, tuple[int, int]] = {
    "sets": (1, 10),
    "reps": (1, 50),
    "hold_seconds": (1, 120),
    "minutes": (1, 60),
    # No night has more.
    "hours": (1, 14),
    "times_per_day": (1, 6),
    "every_n_days": (1, 14),
    # Ten years: a program that nobody decides on is as many weeks longer as it waits.
    "first_week": (1, 520),
    "last_week": (1, 520),
}
# Adherence falls as items rise (docs/clinical-rules.md#program).
MANY_ITEMS = 5


def within(name: str) -> list[MinValueValidator | MaxValueValidator]:
    """Validators for the part `name` of a dose."""
    least, most = LIMITS[name]
    return [MinValueValidator(least), MaxValueValidator(most)]
