"""What a patient tells of a day, round by round: said twice it is kept once; it can be undone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from exercises.models import CheckIn, Program, SessionLog, User
from exercises.reads.days import kind_of, plan_for_day
from exercises.rules.plan import ANY_TIME
from exercises.services.records import record_check_in, refuse_other_days, take_back
from exercises.services.sessions import LogSpec, log_session, tell_pain_during
from hep.once import one_at_a_time


@dataclass(frozen=True, slots=True)
class Round:
    """One exercise at one time of a day of a program."""

    program: Program
    local_date: date
    exercise: str
    slot: str


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a round: `sets` that were done, and the worst `pain` meanwhile, if told."""

    outcome: str
    reason: str = ""
    sets: int | None = None
    pain: int | None = None


DONE = Became(SessionLog.Outcome.DONE)


@transaction.atomic
def tell_round(
    what: Round, became: Became, *, now: datetime, said_at: datetime | None = None
) -> None:
    """Keep what became of a round. What was told of it before gives way, the same once more is
    nothing new. `said_at` is when it was told, if that was before `now`: what was said last counts.
    Raises InvalidInputError as `log_session`.
    """
    _one_by_one(what.program, what.local_date)
    # What speaks of all times of the day stays for the others.
    slot = "" if what.slot == ANY_TIME else what.slot
    before = _logs(what).filter(exercise__slug=what.exercise, slot=slot).first()
    if before is not None and _stands(before, what) and _same(before, became):
        return
    is_late = before is not None and said_at is not None and said_at < before.said
    if before is not None and not is_late:
        take_back(client_id=before.client_id, patient=what.program.patient, now=now)
    row = log_session(
        program=what.program,
        local_date=what.local_date,
        log=LogSpec(
            SessionLog.Kind.EXERCISE,
            became.outcome,
            reason=became.reason,
            exercise=what.exercise,
            slot=slot,
            sets=became.sets,
            pain_during=became.pain,
        ),
        source=CheckIn.Source.WEB,
        client_id=f"web:{uuid.uuid4()}",
        now=now,
        said_at=said_at,
    )
    if is_late:  # something else was said since
        take_back(client_id=row.client_id, patient=what.program.patient, now=now)


def _same(log: SessionLog, became: Became) -> bool:
    return (log.outcome, log.reason) == (became.outcome, became.reason)


def _stands(log: SessionLog, what: Round) -> bool:
    """Whether nothing was told of the whole day since."""
    whole = _of_day(what).filter(kind=_kind(what)).order_by("-created_at", "-pk").first()
    return whole is None or whole.said < log.said


@transaction.atomic
def tell_all_done(
    program: Program, local_date: date, *, now: datetime, said_at: datetime | None = None
) -> int:
    """Every exercise of the day that nothing was told of is done; returns how many rounds. A splint
    is worn later, so it is told by itself.
    """
    _one_by_one(program, local_date)
    day = plan_for_day(program, local_date)
    told = 0
    for planned in day.plan.exercise_rounds:
        if day.has_log(planned):
            continue
        what = Round(program, local_date, planned.item.exercise, planned.slot)
        tell_round(what, DONE, now=now, said_at=said_at)
        told += 1
    return told


@transaction.atomic
def undo_round(what: Round, *, now: datetime) -> bool:
    """Take back what was told of a round by itself. False: nothing was."""
    _one_by_one(what.program, what.local_date)
    return _taken_back(_logs(what).filter(exercise__slug=what.exercise).first(), now=now)


@transaction.atomic
def undo_day(what: Round, *, now: datetime) -> bool:
    """Take back what was told of the whole day of such a round. False: nothing was."""
    _one_by_one(what.program, what.local_date)
    rows = _of_day(what).filter(kind=_kind(what))
    return _taken_back(rows.order_by("-created_at", "-pk").first(), now=now)


def _taken_back(log: SessionLog | None, *, now: datetime) -> bool:
    if log is None:
        return False
    return take_back(client_id=log.client_id, patient=log.program.patient, now=now)


def _of_day(what: Round) -> QuerySet[SessionLog]:
    """What was told of the day as a whole."""
    rows = SessionLog.objects.filter(program=what.program, local_date=what.local_date)
    return rows.filter(exercise=None, undone_at=None)


def _kind(what: Round) -> str:
    """Whether it is an exercise or a splint: a word for the whole day is about one of them."""
    planned = plan_for_day(what.program, what.local_date).plan.rounds
    kinds = [kind_of(row) for row in planned if row.item.exercise == what.exercise]
    return kinds[0] if kinds else SessionLog.Kind.EXERCISE


@transaction.atomic
def tell_pain(
    program: Program,
    local_date: date,
    *,
    score: int,
    by: User,
    now: datetime,
    said_at: datetime | None = None,
) -> None:
    """Keep the pain of a day; the same number again is nothing new. Raises InvalidInputError."""
    refuse_other_days(program, local_date, now=now)
    _one_by_one(program, local_date)
    told = CheckIn.objects.filter(
        program=program,
        kind=CheckIn.Kind.FIRST_STEP,
        local_date=local_date,
        taken_back_at=None,
        score=score,
    )
    if not told.exists():
        record_check_in(
            program=program,
            local_date=local_date,
            score=score,
            source=CheckIn.Source.WEB,
            client_id=f"web:{uuid.uuid4()}",
            recorded_by=by,
            now=now,
            said_at=said_at,
        )


@transaction.atomic
def tell_worst_pain(program: Program, local_date: date, *, pain: int, now: datetime) -> bool:
    """Keep the worst pain of the day's exercises with the last that were done, once. False: it was
    told already, or nothing was done.
    """
    _one_by_one(program, local_date)
    rows = SessionLog.objects.filter(
        program=program,
        local_date=local_date,
        kind=SessionLog.Kind.EXERCISE,
        outcome__in=[SessionLog.Outcome.DONE, SessionLog.Outcome.PARTLY],
        undone_at=None,
    )
    last = rows.order_by("-created_at", "-pk").first()
    if last is None or rows.filter(pain_during__isnull=False).exists():
        return False
    patient = program.patient
    return tell_pain_during(client_id=last.client_id, patient=patient, pain=pain, now=now)


def _one_by_one(program: Program, local_date: date) -> None:
    """Two tabs and a double tap come one after the other."""
    one_at_a_time(f"day:{program.pk}:{local_date}")


def _logs(what: Round) -> QuerySet[SessionLog]:
    slot = Q(slot=what.slot) | Q(slot="")
    rows = SessionLog.objects.filter(
        slot, program=what.program, local_date=what.local_date, undone_at=None
    )
    # Of this very time first, as the page shows it, then of all times.
    return rows.order_by("-slot", "-created_at", "-pk")
