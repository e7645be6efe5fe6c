"""Where a program waits for a person: weeks are a plan, not a motor. Pure.

A stage is a run of weeks in which no dose rises. The weeks up to the next rise follow the calendar;
the rise itself waits for somebody's decision (docs/clinical-rules.md#stages). Weeks count from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exercises.rules.doses import ItemSpec
from exercises.rules.limits import LIMITS
from exercises.rules.phases import PhaseSpec
from exercises.rules.plan import DAYS_IN_WEEK, RAMP_TO_HOURS, Item, item_of

LATEST_WEEK = LIMITS["first_week"][1]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a week asks of one exercise: the most of each part, and rounds a week."""

    rounds: float
    sets: int
    reps: int
    hold_seconds: int
    minutes: int
    hours: int
    loads: frozenset[str]

    def is_above(self, before: Demand) -> bool:
        """Whether this asks for more in any part. A repetition maximum says how heavy it is: fewer
        repetitions are more; another load that cannot be compared counts as more.
        """
        heavier = self._maximum() if self._maximum() and before._maximum() else None
        if heavier is not None:
            more_load = heavier < (before._maximum() or heavier)
        else:
            more_load = not self.loads <= before.loads or self.reps > before.reps
        return more_load or any(
            getattr(self, part) > getattr(before, part)
            for part in ("rounds", "sets", "hold_seconds", "minutes", "hours")
        )

    def _maximum(self) -> int | None:
        """The heaviest repetition maximum, such as 8 for 8RM; None unless all loads are such."""
        found = [re.fullmatch(r"(\d+)RM", load) for load in self.loads]
        return min(int(one[1]) for one in found if one) if found and all(found) else None


def rises_in(items: Iterable[Item], week: int) -> bool:
    """Whether `week` asks for more than the week before: a new exercise, or more of one."""
    known = list(items)
    before, now = demands(known, week - 1), demands(known, week)
    return any(name not in before or asked.is_above(before[name]) for name, asked in now.items())


def demands(items: Iterable[Item], week: int) -> dict[str, Demand]:
    """What `week` asks for, by exercise."""
    by_exercise: dict[str, list[Item]] = {}
    for item in items:
        if item.first_week <= week and (item.last_week is None or week <= item.last_week):
            by_exercise.setdefault(item.exercise, []).append(item)
    return {name: _demand(rows) for name, rows in by_exercise.items()}


def _demand(items: Sequence[Item]) -> Demand:
    def most(part: str) -> int:
        return max(getattr(item, part) or 0 for item in items)

    return Demand(
        rounds=sum(_rounds_a_week(item) for item in items),
        sets=most("sets"),
        reps=most("reps"),
        hold_seconds=most("hold_seconds"),
        minutes=most("minutes"),
        # The ramp is one dose: it was assigned with its end.
        hours=max(RAMP_TO_HOURS if item.ramps else item.hours or 0 for item in items),
        loads=frozenset(item.load for item in items if item.load),
    )


def _rounds_a_week(item: Item) -> float:
    days = len(item.weekdays) if item.weekdays else DAYS_IN_WEEK / item.every_n_days
    return days * (len(item.slots) or item.times_per_day)


def next_rise(items: Iterable[Item], *, after: int) -> int | None:
    """The first week later than `after` in which a dose rises; None when none does."""
    known = list(items)
    weeks = {item.first_week for item in known if item.first_week > after}
    return next((week for week in sorted(weeks) if rises_in(known, week)), None)


def stage_of(phases: Sequence[PhaseSpec], week: int) -> PhaseSpec | None:
    """What one week asks for, as a phase without an end; None when that is nothing."""
    for phase in phases:
        items = tuple(
            item.model_copy(update={"first_week": None, "last_week": None})
            for item in phase.items
            if (item.first_week or phase.first_week) <= week
            and (
                (item.last_week or phase.last_week) is None
                or week <= (item.last_week or phase.last_week or 0)
            )
        )
        if items:
            changes = {"number": 1, "first_week": 1, "last_week": None, "items": items}
            return phase.model_copy(update=changes)
    return None


def postponed(phases: Sequence[PhaseSpec], *, from_week: int, weeks: int) -> tuple[PhaseSpec, ...]:
    """`phases` with everything from `from_week` on so many weeks later; what is before goes on.

    Fewer than none: earlier, and what would end before it begins is left out.
    """

    def later(spec: PhaseSpec | ItemSpec) -> dict[str, int | None]:
        first, last = spec.first_week, spec.last_week
        moved_first = first + weeks if first is not None and first >= from_week else first
        moved_last = last + weeks if last is not None and last >= from_week - 1 else last
        return {"first_week": moved_first, "last_week": moved_last}

    if weeks == 0:
        return tuple(phases)
    moved = [
        phase.model_copy(
            update={
                **later(phase),
                "items": tuple(item.model_copy(update=later(item)) for item in phase.items),
            }
        )
        for phase in phases
    ]
    return _without_the_empty(moved)


def _without_the_empty(phases: Iterable[PhaseSpec]) -> tuple[PhaseSpec, ...]:
    kept: list[PhaseSpec] = []
    for phase in phases:
        items = tuple(item for item in phase.items if _lasts(item, phase))
        if items and _lasts(phase, phase):
            update = {"items": items, "number": len(kept) + 1}
            kept.append(phase.model_copy(update=update))
    return tuple(kept)


def _lasts(spec: PhaseSpec | ItemSpec, phase: PhaseSpec) -> bool:
    last = spec.last_week or phase.last_week
    return last is None or (spec.first_week or phase.first_week) <= last


def rise_of(phases: Sequence[PhaseSpec], *, after: int) -> int | None:
    """The first week later than `after` in which a dose of `phases` rises; None when none does."""
    items = [
        # How long a round takes rises nothing.
        item_of(item, name="", phase="", weeks=(phase.first_week, phase.last_week), minutes=1)
        for phase in phases
        for item in phase.items
    ]
    return next_rise(items, after=after)
