"""What the load rule proposes, and what a step forward or back would be. Pure.

Figures: docs/clinical-rules.md#load-rule (Silbernagel 2007, PMID 17307888, tested in Achilles
tendinopathy, so extrapolated). A provider decides; nothing here changes anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from exercises.rules.doses import ItemSpec
from exercises.rules.pain import RISE, rise_on
from exercises.rules.phases import PhaseSpec

SESSIONS = 3
DONE_SHARE = 0.8
SAFE = 3
TOO_MUCH = 5
MORNING_ABOVE = 1
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A day on which loaded exercises were planned: the share done, 0 to 1, and the most pain."""

    day: date
    share_done: float
    pain_during: int | None


@dataclass(frozen=True, slots=True)
class Advice:
    """`kind` is progress, hold, regress or stop; `reasons` are sentences with their figures."""

    kind: str
    reasons: tuple[str, ...]


def advise(
    sessions: Sequence[Session],
    mornings: Mapping[date, int],
    *,
    at_first: float | None,
    red_flag: bool,
    today: date,
) -> Advice:
    """The load rule on the sessions since the dose last changed, the oldest first.

    `mornings` are first-step scores by day, `at_first` their baseline. No rule but a red flag acts
    on one number: a step back takes two sessions or two mornings.
    """
    if red_flag:
        return Advice("stop", ("A red flag is open.",))
    reasons = _too_much(sessions, mornings, today)
    if reasons:
        return Advice("regress", reasons)
    reasons = _not_yet(sessions[-SESSIONS:], mornings, at_first)
    if reasons:
        return Advice("hold", reasons)
    worst = max(session.pain_during or 0 for session in sessions[-SESSIONS:])
    return Advice(
        "progress",
        (
            f"The last {SESSIONS} sessions were at least {DONE_SHARE:.0%} done.",
            f"Pain during was at most {worst}.",
            f"First-step pain the next morning was at most {at_first:g} + {MORNING_ABOVE}.",
        ),
    )


def _too_much(
    sessions: Sequence[Session], mornings: Mapping[date, int], today: date
) -> tuple[str, ...]:
    told = [session.pain_during for session in sessions[-2:] if session.pain_during is not None]
    reasons = []
    if len(told) == 2 and min(told) > TOO_MUCH:
        reasons.append(f"Pain during was {told[0]} and {told[1]} in the last two sessions.")
    rises = [rise_on(mornings, day) for day in (today - ONE_DAY, today)]
    if all(rise is not None and rise >= RISE for rise in rises):
        scores = f"{mornings[today - ONE_DAY]} and {mornings[today]}"
        reasons.append(
            f"First-step pain was {scores} on two mornings, {RISE} or more above the week's median."
        )
    return tuple(reasons)


def _not_yet(
    sessions: Sequence[Session], mornings: Mapping[date, int], at_first: float | None
) -> tuple[str, ...]:
    if len(sessions) < SESSIONS:
        return (f"Only {len(sessions)} of {SESSIONS} sessions since the last change.",)
    reasons = [*too_little(sessions)]
    told = [session.pain_during for session in sessions if session.pain_during is not None]
    if len(told) < SESSIONS:
        reasons.append("Pain during is missing for some of the last sessions.")
    if told and max(told) > SAFE:
        reasons.append(f"Pain during was up to {max(told)}.")
    return (*reasons, *_mornings_after(sessions, mornings, at_first))


def too_little(sessions: Sequence[Session]) -> Iterable[str]:
    """Says so when one of the last sessions was less than 80 % done."""
    shares = [session.share_done for session in sessions]
    if min(shares) < DONE_SHARE:
        done = ", ".join(f"{share:.0%}" for share in shares)
        yield f"The last {SESSIONS} sessions were {done} done."


def _mornings_after(
    sessions: Sequence[Session], mornings: Mapping[date, int], at_first: float | None
) -> Iterable[str]:
    after = [mornings.get(session.day + ONE_DAY) for session in sessions]
    if at_first is None:
        yield "There is no baseline yet."
    elif None in after:
        yield "First-step pain is missing on some mornings after."
    elif max(score for score in after if score is not None) > at_first + MORNING_ABOVE:
        worst = max(score for score in after if score is not None)
        yield f"First-step pain was {worst} on a morning after; the baseline is {at_first:g}."


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a step is for an exercise: loads from light to heavy, what is easier and harder."""

    loads: tuple[str, ...] = ()
    easier: str | None = None
    harder: str | None = None


def is_loaded(exercise: str, ladders: Mapping[str, Ladder]) -> bool:
    """Whether the load rule speaks of this exercise: there is a step back from it."""
    ladder = ladders.get(exercise, Ladder())
    return bool(ladder.loads or ladder.easier)


def stepped_forward(
    phases: Sequence[PhaseSpec], ladders: Mapping[str, Ladder], *, week: int
) -> tuple[PhaseSpec, ...]:
    """`phases` with the items of `week` one load heavier, or the harder exercise at the top.

    Later weeks of the same exercise are at least as heavy.
    """
    return _stepped(phases, ladders, week, _heavier, max)


def stepped_back(
    phases: Sequence[PhaseSpec], ladders: Mapping[str, Ladder], *, week: int
) -> tuple[PhaseSpec, ...]:
    """`phases` with the loaded items of `week` a set less, else a load lighter, else easier.

    Later weeks of the same exercise ask for no more: the calendar must not undo a step back.
    """
    return _stepped(phases, ladders, week, _lighter, min)


Step = Callable[[ItemSpec, Ladder, frozenset[str]], ItemSpec]
Limit = Callable[[int, int], int]


def _stepped(
    phases: Sequence[PhaseSpec],
    ladders: Mapping[str, Ladder],
    week: int,
    step: Step,
    limit: Limit,
) -> tuple[PhaseSpec, ...]:
    """The items of `week` one `step` on, later ones of the same exercise held to its `limit`."""
    of_week = [item for phase in phases for item in phase.items if _is_of_week(item, phase, week)]
    there = frozenset(item.exercise for item in of_week)
    steps = {
        item.exercise: step(item, ladders.get(item.exercise, Ladder()), there) for item in of_week
    }

    def changed(item: ItemSpec, phase: PhaseSpec) -> ItemSpec:
        stepped = steps.get(item.exercise)
        ladder = ladders.get(item.exercise, Ladder())
        if stepped is None:
            return item
        if _is_of_week(item, phase, week):
            return step(item, ladder, there)
        later = (item.first_week or phase.first_week) > week
        return _held(item, stepped, ladder, limit) if later else item

    return tuple(
        phase.model_copy(update={"items": tuple(changed(item, phase) for item in phase.items)})
        for phase in phases
    )


def _is_of_week(item: ItemSpec, phase: PhaseSpec, week: int) -> bool:
    last = item.last_week or phase.last_week
    return (item.first_week or phase.first_week) <= week and (last is None or week <= last)


def _held(item: ItemSpec, stepped: ItemSpec, ladder: Ladder, limit: Limit) -> ItemSpec:
    """A later item, no further (`min`) or no nearer (`max`) than what its exercise became."""
    if stepped.exercise != item.exercise:
        # An easier exercise stays; a harder one is for this week, and asked for again.
        return _other(item, stepped.exercise) if limit is min else item
    if limit is min and item.sets is not None and stepped.sets is not None:
        item = item.model_copy(update={"sets": min(item.sets, stepped.sets)})
    loads = ladder.loads
    if item.load in loads and stepped.load in loads:
        item = _at(item, loads[limit(loads.index(item.load), loads.index(stepped.load))])
    return item


def _heavier(item: ItemSpec, ladder: Ladder, there: frozenset[str]) -> ItemSpec:
    if item.load in ladder.loads[:-1]:
        return _at(item, ladder.loads[ladder.loads.index(item.load) + 1])
    at_the_top = not ladder.loads or item.load == ladder.loads[-1]
    # A hold cannot become repetitions, nor an exercise stand twice in a week.
    if at_the_top and ladder.harder and ladder.harder not in there and item.reps is not None:
        return _other(item, ladder.harder)
    return item


def _lighter(item: ItemSpec, ladder: Ladder, there: frozenset[str]) -> ItemSpec:
    if not (ladder.loads or ladder.easier):
        return item
    if item.sets is not None and item.sets >= SESSIONS:
        return item.model_copy(update={"sets": item.sets - 1})
    if item.load in ladder.loads[1:]:
        return _at(item, ladder.loads[ladder.loads.index(item.load) - 1])
    if ladder.easier and ladder.easier not in there and item.reps is not None:
        return _other(item, ladder.easier)
    return item


def _other(item: ItemSpec, exercise: str) -> ItemSpec:
    """Another exercise with the same sets and repetitions; its load is for the provider to say."""
    return item.model_copy(update={"exercise": exercise, "load": "", "hold_seconds": None})


def _at(item: ItemSpec, load: str) -> ItemSpec:
    """Another load; a repetition maximum says how many repetitions there are."""
    maximum = re.fullmatch(r"(\d+)RM", load)
    reps = int(maximum[1]) if maximum and item.reps is not None else item.reps
    return item.model_copy(update={"load": load, "reps": reps})


def stayed_longer(phases: Sequence[PhaseSpec], *, week: int) -> tuple[PhaseSpec, ...]:
    """`phases` with that of `week` a week longer and the later ones a week later."""
    moved = []
    for phase in phases:
        if phase.last_week is not None and phase.last_week < week:
            moved.append(phase)
        elif phase.first_week <= week:
            moved.append(_longer(phase))
        else:
            moved.append(_later(phase))
    return tuple(moved)


def _longer(phase: PhaseSpec) -> PhaseSpec:
    if phase.last_week is None:
        return phase
    items = [
        item.model_copy(update={"last_week": item.last_week + 1})
        if item.last_week == phase.last_week
        else item
        for item in phase.items
    ]
    return phase.model_copy(update={"last_week": phase.last_week + 1, "items": tuple(items)})


def _later(phase: PhaseSpec) -> PhaseSpec:
    items = tuple(item.model_copy(update=_a_week_on(item)) for item in phase.items)
    return phase.model_copy(update={**_a_week_on(phase), "items": items})


def _a_week_on(weeks: PhaseSpec | ItemSpec) -> dict[str, int | None]:
    return {
        name: None if value is None else value + 1
        for name, value in (("first_week", weeks.first_week), ("last_week", weeks.last_week))
    }
