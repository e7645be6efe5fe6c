"""What an intake screen says of a program, and what fits the patient instead. Pure.

Source of the figures: docs/clinical-rules.md#before-you-assign and #start-test.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from exercises.rules.doses import ItemSpec
from exercises.rules.phases import PhaseSpec

EVERYTHING = "*"
ADULT = 18
OLD = 65
# Nobody does more slow raises on one leg; beyond it is a slip of the keyboard.
MOST_RAISES = 100


@dataclass(frozen=True, slots=True)
class Against:
    """What something known of a patient speaks against, by exercise, and what to do instead."""

    why: str
    not_with: frozenset[str]
    instead: Mapping[str, str] = field(default_factory=dict)

    def among(self, exercises: Collection[str]) -> frozenset[str]:
        """Which of `exercises` it speaks against."""
        there = frozenset(exercises)
        return there if EVERYTHING in self.not_with else self.not_with & there


def fits(found: Collection[str], *, least: int, needed: Iterable[Collection[str]]) -> bool:
    """Whether the signs `found` are those of the condition: `least` of them, and one of each of
    `needed`.
    """
    return len(set(found)) >= least and all(set(found) & set(group) for group in needed)


def of_age(birth_year: int | None, *, year: int) -> frozenset[str]:
    """What the year of birth alone says: `minor`, `falls` (65 or older), or nothing."""
    if birth_year is None:
        return frozenset()
    # Who turns 18 in this year may be told from it only on the day, so the page asks.
    if year - birth_year < ADULT:
        return frozenset({"minor"})
    return frozenset({"falls"}) if year - birth_year >= OLD else frozenset()


def fitted(phases: Sequence[PhaseSpec], against: Iterable[Against]) -> tuple[PhaseSpec, ...]:
    """`phases` without what is spoken against: the exercise to do instead, or none.

    What speaks against everything is not fitted, and a phase is not left empty: both are for the
    provider to decide.
    """
    result = tuple(phases)
    for row in against:
        if EVERYTHING not in row.not_with:
            result = _without(result, row)
    return result


def _without(phases: Sequence[PhaseSpec], row: Against) -> tuple[PhaseSpec, ...]:
    doses: dict[str, ItemSpec] = {}
    return tuple(
        phase.model_copy(update={"items": _items(phase, row, doses) or phase.items})
        for phase in phases
    )


def _items(phase: PhaseSpec, row: Against, doses: dict[str, ItemSpec]) -> tuple[ItemSpec, ...]:
    kept = [item for item in phase.items if item.exercise not in row.not_with]
    there = {item.exercise for item in kept}
    items = []
    for item in phase.items:
        if item.exercise not in row.not_with:
            items.append(item)
            continue
        instead = row.instead.get(item.exercise)
        if instead is not None and instead not in there:
            items.append(_as(item, instead, doses))
    return tuple(items)


def _as(item: ItemSpec, instead: str, doses: dict[str, ItemSpec]) -> ItemSpec:
    """`item` as another exercise, with the dose it first had and no load: the steps of a load are
    of the exercise that it was.
    """
    first = doses.setdefault(instead, item)
    dose = {name: getattr(first, name) for name in ("sets", "reps", "minutes", "hold_seconds")}
    return item.model_copy(update={"exercise": instead, "load": "", **dose})
