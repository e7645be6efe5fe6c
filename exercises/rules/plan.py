"""What stands on the plan of a day. Pure: doses and dates in, items out.

Weeks are counted from 1; day 1 is the program's start date. Figures: docs/clinical-rules.md#library
and docs/clinical-rules.md#program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from exercises.rules.doses import ItemSpec

DAYS_IN_WEEK = 7
# The night splint ramp (consensus): nights 1 to 3 for 1 to 2 hours, then one hour more a night, up
# to 5 to 6 hours or the whole night. The upper figure of each is the plan.
RAMP_NIGHTS = 3
RAMP_FROM_HOURS = 2
RAMP_TO_HOURS = 6
ANY_TIME = "any"


class Item(ItemSpec):
    """An exercise with its dose and its weeks, of a template or of an assigned program.

    `first_week` and `last_week` (None: open) are those of the item, else of its phase. `slots` are
    the times of day, one round in each; `hours` are of a splint, or follow the ramp.
    """

    name: str
    phase: str
    # Narrower than the dose's, which is safe: nothing is assigned.
    first_week: int
    minutes_a_round: int


def item_of(
    dose: ItemSpec, *, name: str, phase: str, weeks: tuple[int, int | None], minutes: int
) -> Item:
    """A dose as the plan takes it; `weeks` and the `minutes` a round takes are defaults."""
    first, last = weeks
    return Item(
        **dict(dose)
        | {
            "name": name,
            "phase": phase,
            "first_week": dose.first_week or first,
            "last_week": dose.last_week or last,
            "minutes_a_round": minutes,
        }
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a program is on a day: its `week` (None: the calendar's), and from where days that
    are not daily are counted.
    """

    week: int | None = None
    counts_from_start: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """One round of an item at one time of a day; `hours` worked out for that night."""

    item: Item
    slot: str
    hours: int | None

    def dose(self) -> dict[str, Any]:
        """The dose of that day by its parts' names: a splint's hours are worked out."""
        parts = {name: getattr(self.item, name) for name in ItemSpec.model_fields}
        return parts | {"hours": self.hours}


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day's rounds, in the order of the items, each item's times in their order."""

    local_date: date
    rounds: tuple[PlannedRound, ...] = ()

    @property
    def exercise_rounds(self) -> tuple[PlannedRound, ...]:
        """Those that are exercises; a splint is worn, not done."""
        return tuple(planned for planned in self.rounds if planned.hours is None)

    @property
    def count(self) -> int:
        """How many exercises there are."""
        return len({(planned.item.exercise, planned.item.name) for planned in self.rounds})

    @property
    def minutes(self) -> int:
        """The minutes of attention they take together."""
        return sum(planned.item.minutes_a_round for planned in self.rounds)


def week_of(on: date, *, start_date: date) -> int:
    """The week of a program that `on` lies in; 0 and less before its start."""
    return (on - start_date).days // DAYS_IN_WEEK + 1


def is_planned(item: Item, *, start_date: date, on: date, stage: Stage = Stage()) -> bool:
    """Whether `item` stands on the plan of `on`."""
    week = week_of(on, start_date=start_date) if stage.week is None else stage.week
    if week < item.first_week or (item.last_week is not None and week > item.last_week):
        return False
    if item.weekdays:
        return on.weekday() in item.weekdays
    # Counted from the program's first day, so that no phase and no change puts two days with the
    # same exercise beside each other.
    first = 0 if stage.counts_from_start else (item.first_week - 1) * DAYS_IN_WEEK
    return ((on - start_date).days - first) % item.every_n_days == 0


def ramp_hours(night: int) -> int:
    """Hours to wear the splint in night 1, 2, 3, …"""
    return min(RAMP_TO_HOURS, RAMP_FROM_HOURS + max(0, night - RAMP_NIGHTS))


def plan_on(
    items: Iterable[Item], *, start_date: date, on: date, stage: Stage = Stage()
) -> DayPlan:
    """The plan of the day `on`; empty before the start and after the last week."""
    rounds = []
    for item in items if on >= start_date else ():
        if is_planned(item, start_date=start_date, on=on, stage=stage):
            night = (on - start_date).days - (item.first_week - 1) * DAYS_IN_WEEK + 1
            hours = ramp_hours(night) if item.ramps else item.hours
            slots = item.slots or (ANY_TIME,) * item.times_per_day
            rounds += [PlannedRound(item, slot, hours) for slot in slots]
    return DayPlan(on, tuple(rounds))


def phase_on(items: Iterable[Item], *, start_date: date, on: date, stage: Stage = Stage()) -> str:
    """The name of the phase that `on` lies in; empty outside the program."""
    week = week_of(on, start_date=start_date) if stage.week is None else stage.week
    for item in items:
        if item.first_week <= week and (item.last_week is None or week <= item.last_week):
            return item.phase
    return ""


def calendar(items: Iterable[Item], *, start_date: date, days: int) -> list[DayPlan]:
    """The plans of `days` days from the start."""
    known = list(items)
    dates = (start_date + timedelta(days=day) for day in range(days))
    return [plan_on(known, start_date=start_date, on=on) for on in dates]
