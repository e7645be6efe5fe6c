"""A program as it stands on a day, gathered once for every rule and page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from exercises.rules import pain
from exercises.rules.plan import week_of
from exercises.rules.progression import Advice, Session


@dataclass(frozen=True, slots=True)
class ItemAdherence:
    """Rounds of an exercise in the last 7 days."""

    exercise: str
    name: str
    done: int
    planned: int


@dataclass(frozen=True, slots=True)
class Course:
    """A program as it stands on a day of the patient's calendar.

    `adherence` is the share of rounds done in the last 7 days, 0 to 1; None without any planned.
    """

    on: date
    start_date: date
    week: int
    # The week whose plan holds: the calendar's, or an earlier one that waits for a decision.
    plan_week: int
    # The week whose higher load waits for a decision; None: none does, or the calendar moves it.
    next_rise: int | None
    phase: str
    first_step: pain.Trend
    average: pain.Trend
    items: tuple[ItemAdherence, ...]
    sessions: tuple[Session, ...]
    advice: Advice

    @property
    def is_stage_over(self) -> bool:
        """Whether the weeks before the next rise have been lived, today being the last day."""
        tomorrow = week_of(self.on + timedelta(days=1), start_date=self.start_date)
        return self.next_rise is not None and tomorrow >= self.next_rise

    @property
    def adherence(self) -> float | None:
        """Over all exercises."""
        planned = sum(item.planned for item in self.items)
        return sum(item.done for item in self.items) / planned if planned else None
