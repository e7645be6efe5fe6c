"""What differs between two versions of a program, in sentences. Pure."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Sequence
from typing import Any

from exercises.rules.doses import ItemSpec, Slot
from exercises.rules.phases import PhaseSpec


def differences(before: Sequence[PhaseSpec], after: Sequence[PhaseSpec]) -> list[str]:
    """What differs between two versions of a program, a sentence for each."""
    found = []
    for old, new in zip(before, after, strict=False):
        if (old.first_week, old.last_week) != (new.first_week, new.last_week):
            found.append(f"{new.name}: {_weeks(old)} becomes {_weeks(new)}")
        was, will = _by_place(old), _by_place(new)
        found += [f"{new.name}: {key[0]} goes" for key in was if key not in will]
        found += [f"{new.name}: {key[0]} is new" for key in will if key not in was]
        for key in was.keys() & will.keys():
            parts = _doses(was[key], will[key])
            if parts:
                found.append(f"{new.name}, {key[0]}: {parts}")
    return found


# The weeks of items move with their phase; that is told once, for the phase.
NOT_A_DOSE = {"exercise", "first_week", "last_week"}


def _by_place(phase: PhaseSpec) -> dict[tuple[str, int], ItemSpec]:
    """Items by exercise and its how many-th time in the phase."""
    seen: Counter[str] = Counter()
    placed = {}
    for item in phase.items:
        placed[item.exercise, seen[item.exercise]] = item
        seen[item.exercise] += 1
    return placed


def _doses(was: ItemSpec, will: ItemSpec) -> str:
    left, right = was.model_dump(exclude=NOT_A_DOSE), will.model_dump(exclude=NOT_A_DOSE)
    changed = [name for name in left if left[name] != right[name]]
    return ", ".join(
        f"{name} {_words(name, left[name])} → {_words(name, right[name])}" for name in changed
    )


def _words(name: str, value: Any) -> str:
    if name == "slots":
        value = " and ".join(Slot(slot).label.lower() for slot in value)
    elif name == "weekdays":
        value = " ".join(calendar.day_abbr[day] for day in value)
    return str(value or "none")


def _weeks(phase: PhaseSpec) -> str:
    return f"weeks {phase.first_week} to {phase.last_week or 'open'}"
