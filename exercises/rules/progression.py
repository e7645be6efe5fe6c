"""What the load rule proposes, and what a step forward or back would be. Pure.

Figures: docs/clinical-rules.md#load-rule (Silbernagel 2007, PMID 17307888, tested in Achilles
tendinopathy, so extrapolated). A provider decides; nothing here changes anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from exercises.rules.doses import ItemSpec
from exercises.rules.pain import RISE, WEEK, rise_on, week_before
from exercises.rules.phases import PhaseSpec

SESSIONS = 3
DONE_SHARE = 0.8
SAFE = 3
TOO_MUCH = 5
# "Settled by the next morning": no more than this above the median of the 7 days before.
MORNING_ABOVE = 1
# "No rise from week to week": this week's median against last week's.
WEEK_ABOVE = 0.5
SKIPPED_FOR_PAIN = 2
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A day on which exercises were planned: the share done, 0 to 1, and the most pain told.

    `is_loaded`: something was planned that has a step back; only then is pain during asked for.
    """

    day: date
    share_done: float
    pain_during: int | None
    is_loaded: bool = True
    skipped_for_pain: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """`kind` is progress, hold, regress or stop; `reasons` are sentences with their figures."""

    kind: str
    reasons: tuple[str, ...]


def advise(
    sessions: Sequence[Session], scores: Mapping[date, int], *, red_flag: bool, today: date
) -> Advice:
    """The load rule on the sessions since the dose last changed, the oldest first.

    `scores` answer the program's question, by day. No rule but a red flag acts on one number: a
    step back takes two sessions or two mornings.
    """
    if red_flag:
        return Advice("stop", ("A red flag is open.",))
    reasons = _too_much(sessions, scores, today)
    if reasons:
        return Advice("regress", reasons)
    reasons = _not_yet(sessions[-SESSIONS:], scores, today)
    if reasons:
        return Advice("hold", reasons)
    told = [row.pain_during for row in sessions[-SESSIONS:] if row.pain_during is not None]
    during = (f"Pain during was at most {max(told)}.",) if told else ()
    return Advice(
        "progress",
        (
            f"The last {SESSIONS} sessions were at least {DONE_SHARE:.0%} done.",
            *during,
            f"Pain the next morning was at most {MORNING_ABOVE} above the week before it.",
            "Pain did not rise from week to week.",
        ),
    )


def _too_much(
    sessions: Sequence[Session], scores: Mapping[date, int], today: date
) -> tuple[str, ...]:
    told = [session.pain_during for session in sessions[-2:] if session.pain_during is not None]
    reasons = []
    if len(told) == 2 and min(told) > TOO_MUCH:
        reasons.append(f"Pain during was {told[0]} and {told[1]} in the last two sessions.")
    rises = [rise_on(scores, day) for day in (today - ONE_DAY, today)]
    if all(rise is not None and rise >= RISE for rise in rises):
        both = f"{scores[today - ONE_DAY]} and {scores[today]}"
        reasons.append(f"Pain was {both} on two days, {RISE} or more above the week's median.")
    skipped = sum(session.skipped_for_pain for session in sessions[-SESSIONS:])
    if skipped >= SKIPPED_FOR_PAIN:
        reasons.append(f"{skipped} of the last {SESSIONS} sessions were skipped for pain.")
    return tuple(reasons)


def _not_yet(
    sessions: Sequence[Session], scores: Mapping[date, int], today: date
) -> tuple[str, ...]:
    if len(sessions) < SESSIONS:
        return (f"Only {len(sessions)} of {SESSIONS} sessions since the last change.",)
    reasons = [*too_little(sessions)]
    told = [session.pain_during for session in sessions if session.pain_during is not None]
    if any(session.is_loaded and session.pain_during is None for session in sessions):
        reasons.append("Pain during is missing for some of the last sessions.")
    if told and max(told) > SAFE:
        reasons.append(f"Pain during was up to {max(told)}.")
    return (*reasons, *_mornings_after(sessions, scores), *_week_to_week(scores, today))


def too_little(sessions: Sequence[Session]) -> Iterable[str]:
    """Says so when one of the last sessions was less than 80 % done."""
    shares = [session.share_done for session in sessions]
    if min(shares) < DONE_SHARE:
        done = ", ".join(f"{share:.0%}" for share in shares)
        yield f"The last {SESSIONS} sessions were {done} done."


def _mornings_after(sessions: Sequence[Session], scores: Mapping[date, int]) -> Iterable[str]:
    """Each morning after a session against the 7 days before that morning."""
    mornings = [session.day + ONE_DAY for session in sessions]
    rises = {day: rise_on(scores, day) for day in mornings}
    if any(rise is None for rise in rises.values()):
        yield "Pain is missing on some mornings after, or in the week before them."
    above = {day: rise for day, rise in rises.items() if rise is not None and rise > MORNING_ABOVE}
    for day, rise in above.items():
        yield f"Pain was {scores[day]} on a morning after, {rise:g} above the week before it."


def _week_to_week(scores: Mapping[date, int], today: date) -> Iterable[str]:
    """This week against the last, and no day of this one far above its own week before."""
    now, before = week_before(scores, today + ONE_DAY), week_before(scores, today - 6 * ONE_DAY)
    if now is None or before is None:
        yield "There are too few scores to compare two weeks."
    elif now > before + WEEK_ABOVE:
        yield f"Pain rose from week to week: {before:g}, then {now:g}."
    for back in range(WEEK):
        rise = rise_on(scores, today - back * ONE_DAY)
        if rise is not None and rise >= RISE:
            yield f"Pain rose by {rise:g} within the last week."
            return


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a step is for an exercise: loads from light to heavy, what is easier and harder."""

    loads: tuple[str, ...] = ()
    easier: str | None = None
    harder: str | None = None


def without_harder(ladders: Mapping[str, Ladder], against: Collection[str]) -> dict[str, Ladder]:
    """`ladders` that lead to nothing that is spoken `against` for this patient."""
    return {
        name: replace(ladder, harder=None) if ladder.harder in against else ladder
        for name, ladder in ladders.items()
    }


def is_loaded(exercise: str, ladders: Mapping[str, Ladder]) -> bool:
    """Whether the load rule speaks of this exercise: there is a step back from it."""
    ladder = ladders.get(exercise, Ladder())
    return bool(ladder.loads or ladder.easier)


# The exercise that carries the program goes first (docs/clinical-rules.md#load-rule).
FIRST_TO_RISE = "heel-raise"


def stepped_forward(
    phases: Sequence[PhaseSpec], ladders: Mapping[str, Ladder], *, week: int
) -> tuple[PhaseSpec, ...]:
    """`phases` with one exercise of `week` a step on: a set that was taken away, a load heavier, or
    the harder exercise at the top. One change at a time, the heel raise first.

    Nothing that the program itself makes heavier in a later week. Later weeks of the same exercise
    are at least as heavy.
    """
    names = list(
        dict.fromkeys(
            item.exercise
            for phase in phases
            for item in phase.items
            if _is_of_week(item, phase, week)
        )
    )
    planned = _heavier_in_plan(phases, week)
    free = sorted(set(names) - planned, key=lambda name: _first_to_rise(name, names))
    # What was taken away comes back before the plan's own next step.
    tries = [(name, _heavier) for name in free]
    tries += [(name, _more_sets) for name in names if name in planned]
    for name, step in tries:
        stepped = _stepped(phases, ladders, week, step, max, only={name})
        if stepped != tuple(phases):
            return stepped
    return tuple(phases)


def _first_to_rise(name: str, names: Sequence[str]) -> tuple[bool, int]:
    return not name.startswith(FIRST_TO_RISE), names.index(name)


def _heavier_in_plan(phases: Sequence[PhaseSpec], week: int) -> set[str]:
    """Exercises of `week` whose repetition maximum the program itself changes in a later week."""
    now, later = set(), set()
    for phase in phases:
        for item in (row for row in phase.items if _has_maximum(row)):
            if _is_of_week(item, phase, week):
                now.add((item.exercise, item.load))
            elif (item.first_week or phase.first_week) > week:
                later.add((item.exercise, item.load))
    return {
        name
        for name, load in now
        for other, next_load in later
        if name == other and load != next_load
    }


def _has_maximum(item: ItemSpec) -> bool:
    return re.fullmatch(r"\d+RM", item.load) is not None


def stepped_back(
    phases: Sequence[PhaseSpec],
    ladders: Mapping[str, Ladder],
    *,
    week: int,
    caps_later_weeks: bool = True,
) -> tuple[PhaseSpec, ...]:
    """`phases` with the loaded items of `week` a set less, else a load lighter, else easier.

    Later weeks of the same exercise ask for no more where the calendar would raise them; where each
    rise waits for a decision they stay as they were, so that a step back is not for ever.
    """
    return _stepped(phases, ladders, week, _lighter, min if caps_later_weeks else None)


Step = Callable[[ItemSpec, Ladder, frozenset[str]], ItemSpec]
Limit = Callable[[int, int], int]


def _stepped(
    phases: Sequence[PhaseSpec],
    ladders: Mapping[str, Ladder],
    week: int,
    step: Step,
    limit: Limit | None,
    *,
    only: Collection[str] | None = None,
) -> tuple[PhaseSpec, ...]:
    """The items of `week` (`only` these exercises) one `step` on, later ones of the same exercise
    held to its `limit`.
    """
    of_week = [item for phase in phases for item in phase.items if _is_of_week(item, phase, week)]
    there = frozenset(item.exercise for item in of_week)
    steps = {
        item.exercise: step(item, ladders.get(item.exercise, Ladder()), there)
        for item in of_week
        if only is None or item.exercise in only
    }

    if all(steps.get(item.exercise, item) == item for item in of_week):
        return tuple(phases)

    def changed(item: ItemSpec, phase: PhaseSpec) -> ItemSpec:
        stepped = steps.get(item.exercise)
        ladder = ladders.get(item.exercise, Ladder())
        if stepped is None:
            return item
        if _is_of_week(item, phase, week):
            return step(item, ladder, there)
        later = (item.first_week or phase.first_week) > week
        return _held(item, stepped, ladder, limit) if later and limit is not None else item

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


def _more_sets(item: ItemSpec, ladder: Ladder, there: frozenset[str]) -> ItemSpec:
    """A set more, up to the three from which a step back takes one."""
    if (ladder.loads or ladder.easier) and item.sets is not None and item.sets < SESSIONS:
        return item.model_copy(update={"sets": item.sets + 1})
    return item


def _heavier(item: ItemSpec, ladder: Ladder, there: frozenset[str]) -> ItemSpec:
    if (more := _more_sets(item, ladder, there)) != item:
        return more
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
