"""Proposals: worked out by the rules, decided by a provider, applied as a change of the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from exercises.models import Alert, Program, Proposal, User
from exercises.reads.course import Course, course_of, ladders_of
from exercises.reads.versions import program_phases
from exercises.rules.phases import PhaseSpec, parse_phases
from exercises.rules.progression import (
    SAFE,
    SESSIONS,
    Session,
    stayed_longer,
    stepped_back,
    stepped_forward,
    too_little,
)
from exercises.services.changing import change_program
from exercises.services.programs import pause_program
from hep.errors import ConflictError, InvalidInputError

Kind = Proposal.Kind
Status = Proposal.Status
# Asked again so soon, the answer would be the same.
NOT_AGAIN_FOR = timedelta(days=7)
# docs/clinical-rules.md#program: forward to the last phase when it is 2 or less for 2 weeks.
SETTLED = 2
DECIDED = (Status.ACCEPTED, Status.CHANGED, Status.DECLINED)


@dataclass(frozen=True, slots=True)
class Worked:
    """A proposal before it is written; `phases` is empty for a stop."""

    kind: str
    reasons: tuple[str, ...]
    phases: tuple[PhaseSpec, ...] = ()


@transaction.atomic
def propose(*, program: Program, now: datetime) -> Proposal | None:
    """Write what the rules propose today, in place of an older open proposal; None: nothing.

    Twice on a day it is the same row.
    """
    program = _locked(program)
    today = now.astimezone(program.patient.zone).date()
    worked = _work_out(program, course_of(program, on=today))
    changes = [phase.model_dump(mode="json") for phase in worked.phases] if worked else []
    opened = program.proposals.filter(status=Status.OPEN).first()
    if opened is not None:
        same = worked is not None and (opened.kind, opened.version, opened.changes) == (
            worked.kind,
            program.version,
            changes,
        )
        # A stop waits for somebody, whatever later scores say.
        if same or opened.kind == Kind.STOP:
            return opened
        program.proposals.filter(pk=opened.pk).update(status=Status.SUPERSEDED)
    if worked is None or _just_decided(program, worked.kind, now=now):
        return None
    return Proposal.objects.create(
        program=program,
        kind=worked.kind,
        reasons=list(worked.reasons),
        changes=changes,
        version=program.version,
        local_date=today,
    )


def _locked(program: Program) -> Program:
    """The program as it is now; its lock comes before its proposals', here and in decisions."""
    rows = Program.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    return rows.get(pk=program.pk)


def _just_decided(program: Program, kind: str, *, now: datetime) -> bool:
    lately = program.proposals.filter(status__in=DECIDED, decided_at__gt=now - NOT_AGAIN_FOR)
    last = lately.filter(kind=kind).order_by("-decided_at").first()
    if last is None or kind != Kind.STOP:
        return last is not None
    # Another red flag than the one that was looked at asks anew.
    flags = Alert.objects.filter(patient=program.patient_id, reason=Alert.Reason.RED_FLAG)
    newer = flags.filter(acknowledged_at=None, opened_at__gt=last.decided_at)
    return not newer.exists()


def _work_out(program: Program, course: Course) -> Worked | None:
    advice = course.advice
    if advice.kind == Kind.STOP:
        return Worked(Kind.STOP, advice.reasons)
    phases = program_phases(program)
    if advice.kind in {Kind.PROGRESS, Kind.REGRESS}:
        ladders = ladders_of(program.patient.clinic_id, _slugs(phases))
        step = stepped_forward if advice.kind == Kind.PROGRESS else stepped_back
        stepped = step(phases, ladders, week=course.week)
        if stepped != phases:
            return Worked(advice.kind, advice.reasons, stepped)
    return _stay(course, phases)


def _not_settled(course: Course) -> tuple[str, ...]:
    """What speaks against the open-ended last phase: it is for first-step pain of 2 or less."""
    before, now = _last_two_weeks(course)
    if before is not None and now is not None and min(before, now) > SETTLED:
        return (f"First-step pain was {before:g} and {now:g} in the last two weeks.",)
    return ()


def _as_asked(phases: Sequence[PhaseSpec]) -> bool:
    """Whether a program may look like this: a phase cannot move past the last week there is."""
    try:
        parse_phases([phase.model_dump() for phase in phases])
    except InvalidInputError:
        return False
    return True


def _slugs(phases: Sequence[PhaseSpec]) -> set[str]:
    return {item.exercise for phase in phases for item in phase.items}


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


def _not_ready(course: Course) -> tuple[str, ...]:
    """What speaks against the next phase, with its figures; what is not known does not."""
    reasons: list[str] = []
    last: Sequence[Session] = course.sessions[-SESSIONS:]
    if len(last) == SESSIONS:
        reasons += too_little(last)
        pains = [session.pain_during for session in last if session.pain_during is not None]
        if len(pains) > 1 and sorted(pains)[-2] > SAFE:
            reasons.append(f"Pain during was above {SAFE} in two of the last {SESSIONS} sessions.")
    before, now = _last_two_weeks(course)
    if before is not None and now is not None and now > before:
        reasons.append(f"First-step pain rose from week to week: {before:g}, then {now:g}.")
    return tuple(reasons)


def _last_two_weeks(course: Course) -> tuple[float | None, float | None]:
    """First-step pain of the week before and of this one; None with too few scores."""
    medians = [None, None, *(week.median for week in course.first_step.weeks)]
    return medians[-2], medians[-1]


@transaction.atomic
def accept_proposal(
    *,
    proposal: Proposal,
    by: User,
    now: datetime,
    note: str = "",
    phases: Sequence[PhaseSpec] | None = None,
) -> Proposal:
    """Apply a proposal as it stands, or as the provider adapted it (`phases`); a stop pauses.

    Raises ConflictError when it was decided already or the program changed meanwhile.
    """
    changed = phases is not None
    program = _locked(proposal.program)
    _decide(proposal, Status.CHANGED if changed else Status.ACCEPTED, by=by, note=note, now=now)
    asked = phases if phases is not None else _phases(proposal)
    if asked:
        change_program(
            program=program,
            phases=asked,
            reason=f"{proposal.get_kind_display()}. {' '.join(proposal.reasons)}"[:300],
            changed_by=by,
            now=now,
            version=proposal.version,
        )
    if proposal.kind == Kind.STOP:
        pause_program(program=program)
    return proposal


@transaction.atomic
def decline_proposal(*, proposal: Proposal, by: User, note: str, now: datetime) -> Proposal:
    """Leave the program as it is. Raises InvalidInputError without a note, ConflictError when it
    was decided already.
    """
    if not note.strip():
        raise InvalidInputError("note", "Write a word on why not.", code="required")
    return _decide(proposal, Status.DECLINED, by=by, note=note, now=now)


def _phases(proposal: Proposal) -> tuple[PhaseSpec, ...]:
    return parse_phases(proposal.changes, field="changes") if proposal.changes else ()


def _decide(
    proposal: Proposal, status: Proposal.Status, *, by: User, note: str, now: datetime
) -> Proposal:
    _locked(proposal.program)
    decided = Proposal.objects.filter(pk=proposal.pk, status=Status.OPEN).update(
        status=status, decided_by=by, decided_at=now, note=note.strip()
    )
    if not decided:
        raise ConflictError("note", "This proposal was decided already.", code="decided")
    proposal.refresh_from_db()
    return proposal
