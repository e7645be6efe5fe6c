"""Where scores stand in a picture. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# The chart's own units: a day is as wide as the weeks allow, a point of pain 20 high.
WIDTH, HEIGHT, LEFT = 600, 200, 24


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through days with scores; `dots` are (x, y, what it says)."""

    line: str
    dots: list[tuple[int, int, str]]


def curve(scores: Mapping[date, int], *, since: date, until: date) -> Curve:
    """Where the scores stand in a picture `WIDTH` wide and `HEIGHT` high: 0 below, 10 above."""
    days = max(1, (until - since).days)
    dots = []
    for day, score in sorted(scores.items()):
        x = LEFT + round((WIDTH - 2 * LEFT) * (day - since).days / days)
        dots.append((x, HEIGHT - round(score * HEIGHT / 10), f"{day}: {score}"))
    return Curve(" ".join(f"{x},{y}" for x, y, _ in dots), dots)


def scale() -> list[tuple[int, int]]:
    """(height, score) of the lines behind a curve."""
    return [(HEIGHT - score * HEIGHT // 10, score) for score in (0, 5, 10)]
