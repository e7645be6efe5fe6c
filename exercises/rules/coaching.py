"""The weekly count: what is praised, what is asked, and which tip answers a barrier. Pure.

Source: docs/clinical-rules.md#coaching.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeVar

from exercises.rules.plan import DAYS_IN_WEEK

# The load rule calls four in five a week that was done.
TARGET = Fraction(4, 5)
# One planned day is no week: nothing is praised or asked.
FEWEST_DAYS = 2
# After pain of so much no word about doing more.
SORE = 8
# Nobody reads the same advice again before they had time to try it.
NOT_AGAIN_WITHIN = timedelta(days=21)


class Barrier(StrEnum):
    """What got in the way, in the order patients choose from."""

    TIME = "time"
    PAIN = "pain"
    FORGOT = "forgot"
    BORING = "boring"
    NOT_SURE = "not_sure"
    OTHER = "other"


# What no tip answers: pain is for the pain rule, and another reason for a person.
WITHOUT_TIPS = frozenset({Barrier.PAIN, Barrier.OTHER})


@dataclass(frozen=True, slots=True)
class WeekCount:
    """The 7 days before one: those with exercises planned, those of them done, and the worst pain
    told (0 to 10; None: none was).
    """

    days_done: frozenset[date] = frozenset()
    days_planned: frozenset[date] = frozenset()
    worst_pain: int | None = None

    @property
    def done(self) -> int:
        """How many days were done."""
        return len(self.days_done)

    @property
    def planned(self) -> int:
        """How many days were planned."""
        return len(self.days_planned)

    @property
    def is_enough(self) -> bool:
        """Whether there was a week to speak of."""
        return self.planned >= FEWEST_DAYS

    @property
    def is_met(self) -> bool:
        """Whether at least four in five of the planned days were done."""
        return self.done >= TARGET * self.planned

    @property
    def is_sore(self) -> bool:
        """Whether pain was so high that nothing is said about doing more."""
        return self.worst_pain is not None and self.worst_pain >= SORE

    def with_done(self, days: Collection[date]) -> WeekCount:
        """As if these were done as well."""
        return replace(self, days_done=self.days_done | (self.days_planned & frozenset(days)))


def days_counted(on: date) -> list[date]:
    """The 7 days before `on`, the oldest first: the day itself is not over."""
    return [on - timedelta(days=back) for back in range(DAYS_IN_WEEK, 0, -1)]


class Advice(Protocol):
    """A tip as it is chosen: its key and the barrier it answers."""

    @property
    def key(self) -> str:
        """What it is called by."""

    @property
    def barrier(self) -> Barrier:
        """What it is for."""


AnyAdvice = TypeVar("AnyAdvice", bound=Advice)


def choose_tip(
    tips: Sequence[AnyAdvice], barrier: Barrier, *, given: Mapping[str, date], on: date
) -> AnyAdvice | None:
    """The tip for `barrier` that was given longest ago or never, in the library's order.

    `given` has the day each key was last given to this patient. None where each of them was within
    21 days.
    """
    of_barrier = [tip for tip in tips if tip.barrier == barrier]
    fresh = [tip for tip in of_barrier if given.get(tip.key, date.min) < on - NOT_AGAIN_WITHIN]
    return min(fresh, key=lambda tip: given.get(tip.key, date.min), default=None)
