"""Assigning a program: the intake screen, a snapshot of the template, its texts and reviews."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from exercises.content import before_assigning, screens
from exercises.models import IntakeScreen, Patient, Program, ProgramTemplate, Schedule, User
from exercises.reads.versions import template_phases
from exercises.rules.phases import PhaseSpec, check_phases
from exercises.services.changing import write_version
from exercises.services.programs import ScheduleSpec, check_schedules, plan_next, step_data
from exercises.services.reviews import plan_reviews
from exercises.services.watch import next_watch
from hep.errors import ConflictError, InvalidInputError
from hep.once import one_at_a_time, refuse_other_content

# A program may be entered late or ahead; further away it is a typing error in the year.
EARLIEST_START = timedelta(days=90)
LATEST_START = timedelta(days=180)


@dataclass(frozen=True)
class IntakeSpec:
    """What the provider found, by the keys of the template's screen."""

    pattern: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    override_reason: str = ""


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

    `phases` take the place of the template's, adapted to this patient. A repeated `program_id` of
    the same patient returns the program it made. Raises InvalidInputError naming the field, or
    ConflictError when such a program is already open.
    """
    if program_id and (known := _known(program_id, patient)):
        refuse_other_content(known, {"template": template, "start_date": start_date, "side": side})
        return known
    today = now.astimezone(patient.zone).date()
    _check_start(start_date, today=today)
    check_schedules(schedules, patient=patient)
    if template.clinic_id not in {None, patient.clinic_id}:
        raise InvalidInputError("template", "This is another clinic's.", code="does_not_exist")
    asked = phases if phases is not None else _of_template(template)
    _check_intake(intake, template, asked)
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
    if intake is not None:
        _keep_intake(program, intake, template, by=assigned_by)
    plan_reviews(program, today=today)
    for spec in schedules:
        _add_schedule(program, spec, now=now)
    return program


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
        steps=[step_data(step) for step in spec.steps],
        starts_on=program.start_date,
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


def _check_intake(
    intake: IntakeSpec | None, template: ProgramTemplate, phases: Sequence[PhaseSpec]
) -> None:
    """Refuse unknown signs, and without a reason to go on a red flag, or exercises that what is
    known of the patient speaks against.
    """
    if intake is None:
        return
    screen = screens().get(template.screen)
    if screen is None:
        raise InvalidInputError("intake", "This template has no intake screen.", code="no_screen")
    known = {
        "pattern": {row.key for row in screen.pattern},
        "red_flags": set(screen.red_flags),
        "before": set(before_assigning()),
    }
    for field, keys in known.items():
        unknown = sorted(set(getattr(intake, field)) - keys)
        if unknown:
            message = f"Not on this screen: {', '.join(unknown)}."
            raise InvalidInputError(f"intake.{field}", message, code="unknown")
    if intake.override_reason.strip():
        return
    if intake.red_flags:
        message = "A red flag was found: refer first, or write why this is right all the same."
        raise InvalidInputError("intake.override_reason", message, code="red_flag")
    _refuse_contraindicated(intake, {item.exercise for row in phases for item in row.items})


def _refuse_contraindicated(intake: IntakeSpec, exercises: set[str]) -> None:
    """Exercises that something known of the patient speaks against need a reason on record."""
    for row in (before_assigning()[key] for key in intake.before):
        against = exercises if "*" in row.not_with else exercises & set(row.not_with)
        if against:
            names = ", ".join(sorted(against))
            message = f"{row.question}: {row.advice} Take out {names}, or write why not."
            raise InvalidInputError("intake.override_reason", message, code="contraindicated")


def _keep_intake(
    program: Program, intake: IntakeSpec, template: ProgramTemplate, *, by: User | None
) -> None:
    IntakeScreen.objects.create(
        program=program,
        screen=template.screen,
        pattern=sorted(set(intake.pattern)),
        red_flags=sorted(set(intake.red_flags)),
        before=sorted(set(intake.before)),
        override_reason=intake.override_reason.strip(),
        screened_by=by,
    )


def fits_pattern(intake: IntakeScreen) -> bool:
    """Whether enough signs of the condition were found; False asks for a second look."""
    screen = screens().get(intake.screen)
    return screen is None or len(intake.pattern) >= screen.pattern_needed
