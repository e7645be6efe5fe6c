"""Planning a program's texts, pausing and ending it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from exercises.models import (
    Patient,
    Program,
    Proposal,
    Schedule,
)
from exercises.models.programs import StepData, daily_steps
from exercises.rules.recurrence import AFTER_ALL_SLOTS, DAILY, Step, instant_of, next_occurrence
from hep.errors import ConflictError, InvalidInputError

logger = logging.getLogger(__name__)
MAX_SCHEDULES = 10
MAX_STEPS = 6
RESUMED_AT_ONCE = 200


@dataclass(frozen=True)
class ScheduleSpec:
    """A schedule as asked for; `local_times` on the patient's clock, `steps` by weeks."""

    kind: str
    local_times: tuple[time, ...]
    steps: tuple[Step, ...] = DAILY


def check_schedules(schedules: Sequence[ScheduleSpec], *, patient: Patient) -> None:
    """Raise InvalidInputError naming the place unless the times suit the patient."""
    if len(schedules) > MAX_SCHEDULES:
        raise InvalidInputError("schedules", f"At most {MAX_SCHEDULES} schedules.", code="too_many")
    first, last = patient.texting_hours
    seen: set[tuple[str, time]] = set()
    for index, spec in enumerate(schedules):
        field = f"schedules.{index}.local_time"
        for local_time in spec.local_times:
            if not first <= local_time < last:
                message = f"This patient gets texts from {first:%H:%M} to {last:%H:%M}."
                raise InvalidInputError(field, message, code="quiet_hours")
            if (spec.kind, local_time) in seen:
                raise InvalidInputError(field, "This time is there twice.", code="duplicate")
            seen.add((spec.kind, local_time))
        _check_steps(spec.steps, field=f"schedules.{index}.steps")


def _check_steps(steps: Sequence[Step], *, field: str) -> None:
    weeks = [step.first_week for step in steps]
    if not 1 <= len(weeks) <= MAX_STEPS or weeks != sorted(set(weeks)) or weeks[0] < 1:
        message = f"1 to {MAX_STEPS} steps, from week 1 on, each after the one before."
        raise InvalidInputError(field, message, code="order")
    for step in steps:
        if not 1 <= step.every_n_days <= 14 or not set(step.weekdays) <= set(range(7)):
            message = "Every 1 to 14 days, or weekdays from 0 (Monday) to 6 (Sunday)."
            raise InvalidInputError(field, message, code="out_of_range")


def steps_of(spec: ScheduleSpec) -> list[StepData]:
    """How often, as it is stored: as asked for, or as the rule of its kind has it."""
    return [step_data(step) for step in Schedule.FIXED.get(spec.kind, spec.steps)]


def step_data(step: Step) -> StepData:
    """A step as it is stored."""
    return StepData(
        first_week=step.first_week,
        every_n_days=step.every_n_days,
        weekdays=sorted(set(step.weekdays)),
    )


def plan_next(schedule: Schedule, *, zone: ZoneInfo, now: datetime, new_date: bool = False) -> None:
    """Set the schedule's next occurrence after `now`, in memory; the caller saves.

    Nothing up to the last written occurrence comes again; with `new_date` not even another slot
    of its local date, for a rule whose slots now mean other times.
    """
    last = None
    if schedule.last_local_date is not None:
        last = (schedule.last_local_date, AFTER_ALL_SLOTS if new_date else schedule.last_slot)
    occurrence = next_occurrence(schedule.rule, zone, after=now, last=last)
    schedule.next_due_at = occurrence.due_at if occurrence else None
    schedule.next_local_date = occurrence.local_date if occurrence else None
    schedule.next_slot = occurrence.slot if occurrence else 0


PLAN_FIELDS = ["next_due_at", "next_local_date", "next_slot"]


@transaction.atomic
def replan_patient(*, patient: Patient, now: datetime) -> None:
    """Plan every running schedule of `patient` anew, after a change of zone."""
    schedules = Schedule.objects.select_for_update().filter(
        program__patient=patient, program__status=Program.Status.ACTIVE
    )
    for schedule in schedules.order_by("pk"):
        plan_next(schedule, zone=patient.zone, now=now)
        schedule.save(update_fields=PLAN_FIELDS)


@transaction.atomic
def change_schedule(
    *, schedule_id: int, spec: ScheduleSpec, ends_on: date | None, now: datetime
) -> Schedule:
    """Give a schedule other times or another rhythm from `now` on.

    A local date that was texted already is not texted again. Raises InvalidInputError naming the
    field.
    """
    schedule = Schedule.objects.select_for_update().get(pk=schedule_id)
    patient = schedule.program.patient
    check_schedules([spec], patient=patient)
    schedule.local_times = sorted(spec.local_times)
    schedule.steps = steps_of(spec)
    schedule.ends_on = ends_on
    schedule.parked_reason = ""
    if schedule.program.status == Program.Status.ACTIVE:
        plan_next(schedule, zone=patient.zone, now=now, new_date=True)
    schedule.save()
    return schedule


def ask_daily(*, program: Program, now: datetime) -> None:
    """End the taper of a program's questions: asking less is for pain that is stable."""
    schedules = program.schedules.select_for_update().filter(kind__in=Schedule.ASKING)
    for schedule in schedules.order_by("pk"):
        if len(schedule.steps) > 1:
            schedule.steps = daily_steps()
            # What is paused plans again when it goes on.
            if program.status == Program.Status.ACTIVE:
                plan_next(schedule, zone=program.patient.zone, now=now)
            schedule.save(update_fields=["steps", *PLAN_FIELDS])


@transaction.atomic
def pause_program(*, program: Program, until: date | None = None, by_patient: bool = False) -> None:
    """Make nothing due until `resume_program`, or until the patient's day `until` begins.

    What a patient paused (`by_patient`) the patient may end or move; a clinic's pause only it.
    Waiting texts are skipped when their turn comes. Raises ConflictError if it has ended, or if
    somebody changed its state since `program` was read.
    """
    _as_it_is_now(program)
    zone = program.patient.zone
    program.resume_at = instant_of(until, time.min, zone) if until else None
    program.paused_by_patient = by_patient
    _set_status(program, Program.Status.PAUSED)


@transaction.atomic
def resume_program(*, program: Program, now: datetime) -> None:
    """Plan from `now` on; what the pause left out stays left out, and silence counts afresh.

    Raises ConflictError as `pause_program`.
    """
    _as_it_is_now(program)
    program.resume_at = None
    program.paused_by_patient = False
    program.heard_at = program.resumed_at = now
    _set_status(program, Program.Status.ACTIVE)
    replan_patient(patient=program.patient, now=now)


def resume_due(*, now: datetime) -> int:
    """Resume the programs whose pause is over; returns how many."""
    with transaction.atomic():
        due = (
            Program.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(resume_at__lte=now, status=Program.Status.PAUSED)
            .select_related("patient__clinic")
            .order_by("resume_at")[:RESUMED_AT_ONCE]
        )
        return sum([_resume_safely(program, now=now) for program in due])


def _resume_safely(program: Program, *, now: datetime) -> bool:
    """One that cannot go on must not keep the others waiting: it is logged and tried again."""
    try:
        resume_program(program=program, now=now)
    except Exception:
        logger.exception("a pause could not be ended: program=%s", program.pk)
        return False
    return True


@transaction.atomic
def end_program(*, program: Program, now: datetime | None = None) -> None:
    """End a program for good: nothing of it becomes due any more, the record stays."""
    Program.objects.select_for_update(of=("self",)).get(pk=program.pk)
    program.ended_at = now or timezone.now()
    program.resume_at = None
    program.watch_at = None
    open_ones = program.proposals.filter(status=Proposal.Status.OPEN)
    open_ones.update(status=Proposal.Status.SUPERSEDED)
    _set_status(program, Program.Status.ENDED)


def _as_it_is_now(program: Program) -> None:
    """Lock the row of `program` until the transaction ends.

    Raises ConflictError when it has ended, or is not in the state that was read: what is written
    next would bring an ended program back, or turn a clinic's lasting pause into the patient's.
    """
    now = Program.objects.select_for_update(of=("self",)).get(pk=program.pk)
    refuse_ended(now)
    if _pause_of(now) != _pause_of(program):
        message = "Somebody changed this program meanwhile. Look at it again."
        raise ConflictError("status", message, code="changed_meanwhile")


def _pause_of(program: Program) -> tuple[object, ...]:
    return program.status, program.resume_at, program.paused_by_patient


def refuse_ended(program: Program) -> None:
    """Raise ConflictError for a program that has ended."""
    if program.status == Program.Status.ENDED:
        raise ConflictError("status", "This program has ended.", code="ended")


def _set_status(program: Program, status: Program.Status) -> None:
    program.status = status
    changed = ["status", "resume_at", "resumed_at", "paused_by_patient", "watch_at", "heard_at"]
    program.save(update_fields=[*changed, "ended_at"])
    if status != Program.Status.ACTIVE:
        program.schedules.update(next_due_at=None)
