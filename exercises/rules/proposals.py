"""When a change of a program is proposed, and which: one page for a clinician to read. Pure.

Source: docs/clinical-rules.md#load-rule and docs/clinical-rules.md#stages. A provider decides;
nothing here changes anything. In this order, the first that holds:

 1. stop: a red flag or a serious event is open;
 2. back one step: too much pain during, on two days, or skipped for pain twice;
 3. forward: the weeks of this stage are over, and the load rule allows more;
 4. progress one step within the stage, when the load rule allows more;
 5. stay a week longer: only where the calendar still moves the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from exercises.rules.course import Course
from exercises.rules.differences import differences
from exercises.rules.phases import PhaseSpec, parse_phases
from exercises.rules.progression import (
    SAFE,
    SESSIONS,
    Ladder,
    Session,
    stayed_longer,
    stepped_back,
    stepped_forward,
    too_little,
)
from exercises.rules.stages import stage_of
from hep.errors import InvalidInputError

# Forward to the last phase when pain is this or less for two weeks.
SETTLED = 2
LONGEST_REASON = 200


class Kind(StrEnum):
    """What is proposed."""

    STOP = "stop"
    REGRESS = "regress"
    FORWARD = "forward"
    PROGRESS = "progress"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Worked:
    """A proposal before it is written; `phases` is empty for a stop."""

    kind: str
    reasons: tuple[str, ...]
    phases: tuple[PhaseSpec, ...] = ()


def work_out(
    course: Course,
    phases: Sequence[PhaseSpec],
    ladders: Mapping[str, Ladder],
    *,
    is_moved_by_calendar: bool,
) -> Worked | None:
    """What to propose for a program that asks for `phases` (as it stands); None: nothing."""
    advice = course.advice
    if advice.kind == Kind.STOP:
        return Worked(Kind.STOP, advice.reasons)
    if advice.kind == Kind.REGRESS:
        stepped = stepped_back(
            phases, ladders, week=course.week, caps_later_weeks=is_moved_by_calendar
        )
        return _changed(Kind.REGRESS, advice.reasons, phases, stepped)
    if advice.kind == Kind.PROGRESS:
        if course.is_stage_over:
            reasons = (*advice.reasons, *_settled(course, phases), *_next_stage(course, phases))
            return Worked(Kind.FORWARD, reasons, tuple(phases))
        stepped = stepped_forward(phases, ladders, week=course.week)
        if (found := _changed(Kind.PROGRESS, advice.reasons, phases, stepped)) is not None:
            return found
    return _stay(course, phases) if is_moved_by_calendar else None


def _changed(
    kind: str,
    reasons: tuple[str, ...],
    before: Sequence[PhaseSpec],
    after: Sequence[PhaseSpec],
) -> Worked | None:
    if tuple(before) == tuple(after):
        return None
    lines = (line[:LONGEST_REASON] for line in differences(before, after))
    return Worked(kind, (*reasons, *lines) if kind == Kind.PROGRESS else reasons, tuple(after))


def _next_stage(course: Course, phases: Sequence[PhaseSpec]) -> Iterator[str]:
    """What the next stage would ask for beside this one."""
    rise = max(course.next_rise or 0, course.week + 1)
    before, after = stage_of(phases, rise - 1), stage_of(phases, rise)
    for line in differences([before], [after]) if before and after else ():
        yield f"Next: {line}"[:LONGEST_REASON]


def _settled(course: Course, phases: Sequence[PhaseSpec]) -> tuple[str, ...]:
    """A word for the provider where the next stage is the last, and pain has not settled."""
    last = phases[-1]
    return _not_settled(course) if course.next_rise == last.first_week else ()


def _not_settled(course: Course) -> tuple[str, ...]:
    """What speaks against the open-ended last phase: it is for pain of 2 or less."""
    before, now = _last_two_weeks(course)
    if before is not None and now is not None and min(before, now) > SETTLED:
        return (f"Pain was {before:g} and {now:g} in the last two weeks.",)
    return ()


def _stay(course: Course, phases: Sequence[PhaseSpec]) -> Worked | None:
    """A longer phase, in its last week, when what it should bring has not come."""
    last_weeks = [phase.last_week for phase in phases[:-1]]
    reasons = _not_ready(course)
    if last_weeks and course.week == last_weeks[-1] and phases[-1].last_week is None:
        reasons += _not_settled(course)
    if course.week not in last_weeks or not reasons:
        return None
    longer = stayed_longer(phases, week=course.week)
    return Worked(Kind.STAY, reasons, longer) if _as_asked(longer) else None


def _as_asked(phases: Sequence[PhaseSpec]) -> bool:
    """Whether a program may look like this: a phase cannot move past the last week there is."""
    try:
        parse_phases([phase.model_dump() for phase in phases])
    except InvalidInputError:
        return False
    return True


def _not_ready(course: Course) -> tuple[str, ...]:
    """What speaks against the next phase, with its figures; what is not known does not."""
    reasons: list[str] = []
    loaded: Sequence[Session] = [row for row in course.sessions if row.is_loaded]
    last = loaded[-SESSIONS:]
    if len(last) == SESSIONS:
        reasons += too_little(last)
        pains = [session.pain_during for session in last if session.pain_during is not None]
        if len(pains) > 1 and sorted(pains)[-2] > SAFE:
            reasons.append(f"Pain during was above {SAFE} in two of the last {SESSIONS} sessions.")
    before, now = _last_two_weeks(course)
    if before is not None and now is not None and now > before:
        reasons.append(f"Pain rose from week to week: {before:g}, then {now:g}.")
    return tuple(reasons)


def _last_two_weeks(course: Course) -> tuple[float | None, float | None]:
    """The median of the week before and of this one; None with too few scores."""
    medians = [None, None, *(week.median for week in course.first_step.weeks)]
    return medians[-2], medians[-1]
