"""Proposals: worked out by the rules, decided by a provider, applied as a change of the program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from exercises.models import Alert, Program, Proposal, User
from exercises.reads.course import course_of, ladders_of
from exercises.reads.versions import program_phases, program_versions, standing_phases
from exercises.rules.phases import PhaseSpec, parse_phases
from exercises.rules.plan import week_of
from exercises.rules.progression import without_harder
from exercises.rules.proposals import Worked, work_out
from exercises.rules.stages import postponed, rise_of
from exercises.services.changing import change_program
from exercises.services.intake import against_of
from exercises.services.programs import pause_program
from hep.errors import ConflictError, InvalidInputError

Kind = Proposal.Kind
Status = Proposal.Status
# Asked again so soon, the answer would be the same.
NOT_AGAIN_FOR = timedelta(days=7)
DECIDED = (Status.ACCEPTED, Status.CHANGED, Status.DECLINED)


@transaction.atomic
def propose(*, program: Program, now: datetime) -> Proposal | None:
    """Write what the rules propose today, in place of an older open proposal; None: nothing.

    Twice on a day it is the same row.
    """
    program = _locked(program)
    today = now.astimezone(program.patient.zone).date()
    worked = _work_out(program, today=today)
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
    flags = Alert.objects.filter(patient=program.patient_id, reason__in=sorted(Alert.HOLDS))
    # A repeat counts on the alert that is open: what tells is when it came last.
    newer = flags.filter(acknowledged_at=None, last_at__gt=last.decided_at)
    return not newer.exists()


def _work_out(program: Program, *, today: date) -> Worked | None:
    versions = program_versions(program)
    phases = standing_phases(program, on=today, versions=versions)
    ladders = ladders_of(
        program.patient.clinic_id, {i.exercise for row in phases for i in row.items}
    )
    return work_out(
        course_of(program, on=today, versions=versions),
        phases,
        without_harder(ladders, against_of(program)),
        is_moved_by_calendar=versions.stage_on(today).week is None,
    )


@transaction.atomic
def accept_proposal(
    *,
    proposal: Proposal,
    by: User,
    now: datetime,
    note: str = "",
    phases: Sequence[PhaseSpec] | None = None,
) -> Proposal:
    """Apply a proposal as it stands, or as the provider adapted it (`phases`); a stop pauses. A
    step forward holds from today, or from its own week if that has not come yet.

    Raises ConflictError when it was decided already or the program changed meanwhile.
    """
    changed = phases is not None
    program = _locked(proposal.program)
    _decide(proposal, Status.CHANGED if changed else Status.ACCEPTED, by=by, note=note, now=now)
    asked = phases if phases is not None else _phases(proposal)
    from_date = None
    if proposal.kind == Kind.FORWARD:
        today = now.astimezone(program.patient.zone).date()
        from_date, asked = _forward(program, today=today)
        if phases is not None:
            from_date, asked = _forward_as_adapted(program, proposal, phases, from_date=from_date)
    if asked:
        change_program(
            program=program,
            phases=asked,
            reason=f"{proposal.get_kind_display()}. {' '.join(proposal.reasons)}"[:300],
            changed_by=by,
            now=now,
            version=proposal.version,
            from_date=from_date,
            # A step back that is accepted a week later lets no stage rise that waited meanwhile.
            decided_on=None if proposal.kind == Kind.FORWARD else proposal.local_date,
            # What the rules propose has looked at it.
            in_spite_of_intake=not changed,
        )
    if proposal.kind == Kind.STOP:
        pause_program(program=program)
    return proposal


def _forward(program: Program, *, today: date) -> tuple[date, tuple[PhaseSpec, ...]]:
    """From when the next stage holds, and the program with it beginning in that week."""
    phases, rise = program_phases(program), program_versions(program).next_rise_on(today)
    if rise is None:
        return today, phases
    from_date = max(today, program.start_date + timedelta(weeks=rise - 1))
    late = week_of(from_date, start_date=program.start_date) - rise
    return from_date, postponed(phases, from_week=rise, weeks=late)


def _forward_as_adapted(
    program: Program, proposal: Proposal, phases: Sequence[PhaseSpec], *, from_date: date
) -> tuple[date, tuple[PhaseSpec, ...]]:
    """Likewise for phases that somebody adapted. They are written as the program stood on the day
    of the proposal, with the next stage in the week after; a later week was somebody's wish.
    """
    week = week_of(proposal.local_date, start_date=program.start_date)
    rise = rise_of(phases, after=week)
    if rise is None:
        return from_date, tuple(phases)
    begins = program.start_date + timedelta(weeks=rise - 1)
    if rise > week + 1:
        return max(from_date, begins), tuple(phases)
    shift = week_of(from_date, start_date=program.start_date) - rise
    return from_date, postponed(phases, from_week=rise, weeks=shift)


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
