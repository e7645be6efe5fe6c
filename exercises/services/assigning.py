"""Assigning a program: the intake screen, a snapshot of the template, its texts and reviews."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from exercises.models import Patient, Program, ProgramTemplate, Schedule, User
from exercises.reads.versions import template_phases
from exercises.rules.phases import PhaseSpec, check_phases
from exercises.services.changing import write_version
from exercises.services.intake import IntakeSpec, Screening
from exercises.services.people import refuse_removed
from exercises.services.programs import ScheduleSpec, check_schedules, plan_next, steps_of
from exercises.services.reviews import plan_reviews
from exercises.services.watch import next_watch
from hep.errors import ConflictError, InvalidInputError
from hep.once import one_at_a_time, refuse_other_content

# A program may be entered late or ahead; further away it is a typing error in the year.
EARLIEST_START = timedelta(days=90)
LATEST_START = timedelta(days=180)


@transaction.atomic
def assign_program(
    *,
    patient: Patient,
    template: ProgramTemplate,
    start_date: date,
    side: str,
    schedules: Sequence[ScheduleSpec],
    assigned_by: User | None,
    now: datetime,
    program_id: uuid.UUID | None = None,
    phases: Sequence[PhaseSpec] | None = None,
    intake: IntakeSpec | None = None,
) -> Program:
    """Copy `template` for `patient` and plan its texts from `now` on.

    `phases` take the place of the template's, adapted to this patient; an intake that asks to `fit`
    swaps what speaks against them. A repeated `program_id` of the same patient returns the program
    it made. Raises InvalidInputError naming the field, or ConflictError when such a program is
    already open.
    """
    if program_id and (known := _known(program_id, patient)):
        refuse_other_content(known, {"template": template, "start_date": start_date, "side": side})
        return known
    _check_whose(patient, template)
    today = now.astimezone(patient.zone).date()
    _check_start(start_date, today=today)
    check_schedules(schedules, patient=patient)
    screening = Screening(template, intake, birth_year=patient.birth_year, today=today)
    asked = screening.fitted(phases if phases is not None else _of_template(template))
    screening.check(asked)
    program = _open(
        Program(
            id=program_id or uuid.uuid4(),
            patient=patient,
            template=template,
            name=template.name,
            question=template.question,
            start_date=start_date,
            side=side,
            assigned_by=assigned_by,
            alert_rise=patient.clinic.alert_rise,
            alert_sharp_rise=patient.clinic.alert_sharp_rise,
            heard_at=now,
            watch_at=next_watch(now, patient.zone),
        )
    )
    write_version(
        program,
        asked,
        from_date=start_date,
        decided_on=max(start_date, today),
        reason="Assigned",
        changed_by=assigned_by,
    )
    screening.keep(program, by=assigned_by)
    plan_reviews(program, today=today)
    for spec in schedules:
        _add_schedule(program, spec, now=now)
    return program


def _check_whose(patient: Patient, template: ProgramTemplate) -> None:
    """The record as it is now (the form may be older than what became of it); whose template."""
    refuse_removed(Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk), "patient")
    if template.clinic_id not in {None, patient.clinic_id}:
        raise InvalidInputError("template", "This is another clinic's.", code="does_not_exist")


def _known(program_id: uuid.UUID, patient: Patient) -> Program | None:
    """The program that this id stands for already; two at once wait for each other."""
    one_at_a_time(program_id)
    known = Program.objects.filter(pk=program_id).first()
    if known is not None and known.patient_id != patient.pk:
        raise ConflictError("id", "This id is already used.", code="id_taken")
    return known


def _of_template(template: ProgramTemplate) -> tuple[PhaseSpec, ...]:
    """The template's phases, checked as a whole: a clinic may have left one half done."""
    if not template.phases.filter(items__isnull=False).exists():
        raise InvalidInputError("template", "This template has no exercises.", code="empty")
    try:
        phases = template_phases(template)
        check_phases(phases)
    except ValueError as error:
        message = "This template is not complete: look at its phases and their weeks."
        raise InvalidInputError("template", message, code="incomplete") from error
    return phases


def _open(program: Program) -> Program:
    try:
        with transaction.atomic():
            program.save(force_insert=True)
    except IntegrityError as error:
        message = "This patient already has this program. End it before assigning it again."
        raise ConflictError("template", message, code="already_assigned") from error
    return program


def _add_schedule(program: Program, spec: ScheduleSpec, *, now: datetime) -> None:
    schedule = Schedule(
        program=program,
        kind=spec.kind,
        local_times=sorted(spec.local_times),
        steps=steps_of(spec),
        starts_on=program.start_date + timedelta(days=Schedule.STARTS_LATER.get(spec.kind, 0)),
    )
    plan_next(schedule, zone=program.patient.zone, now=now)
    schedule.save()


def _check_start(start_date: date, *, today: date) -> None:
    if start_date < today - EARLIEST_START:
        raise InvalidInputError(
            "start_date", "The start date is more than 90 days ago.", code="too_early"
        )
    if start_date > today + LATEST_START:
        raise InvalidInputError(
            "start_date", "The start date is more than 180 days away.", code="too_late"
        )
