"""Keeping what patients did: whole days by text, items with their details by app."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from exercises.models import CheckIn, Exercise, Patient, Program, SessionLog, SessionLogEdit, User
from exercises.models.records import MOST_SPLINT_HOURS
from exercises.reads.days import kind_of
from exercises.reads.versions import exercises_of, program_versions
from exercises.rules.alerts import of_pain_during
from exercises.rules.limits import LIMITS
from exercises.rules.pain import WORST
from exercises.rules.plan import PlannedRound
from exercises.services.alerts import open_alert
from exercises.services.records import alert_of_skipping, refuse_other_days
from exercises.services.watch import heard_from
from hep.errors import ConflictError, InvalidInputError
from hep.once import refuse_other_content


@dataclass(frozen=True)
class LogSpec:
    """What was done: `hours` only for a splint, `reason` only for something skipped.

    With `exercise` (a slug) it is about that item, at the time of day `slot` if the item has times.
    """

    kind: str
    outcome: str
    hours: Decimal | None = None
    reason: str = ""
    exercise: str = ""
    slot: str = ""
    sets: int | None = None
    reps: int | None = None
    load: str = ""
    minutes: int | None = None
    pain_during: int | None = None
    note: str = ""


# Sessions further apart than this do not run into each other.
RUNNING = timedelta(days=7)
# What an edit may change; what a log is about stays.
DETAILS = ("outcome", "reason", "hours", "sets", "reps", "load", "minutes", "pain_during", "note")


@transaction.atomic
def log_session(
    *,
    program: Program,
    local_date: date,
    log: LogSpec,
    source: str,
    client_id: str,
    now: datetime,
    said_at: datetime | None = None,
) -> SessionLog:
    """Keep what was done on `local_date`, or why not. Idempotent by `client_id`.

    `said_at` is when it was said, if that was before `now`: a phone that was offline tells late.

    Raises InvalidInputError naming the field: a day outside the program or ahead, an item that is
    not on the plan of that day, a figure without sense.
    """
    known = SessionLog.objects.filter(program=program, client_id=client_id).first()
    if known is not None:
        _refuse_other_log(known, local_date, log)
        return known
    _check_figures(log)
    if source != CheckIn.Source.SMS:
        # A text is taken for the day it answers, whatever the plan says.
        refuse_other_days(program, local_date, now=now)
    planned = _planned(program, local_date, log, source=source)
    fields = {name: getattr(log, name) for name in DETAILS}
    row, created = SessionLog.objects.get_or_create(
        program=program,
        client_id=client_id,
        defaults=fields
        | {
            "kind": kind_of(planned) if planned else log.kind,
            "exercise": _exercise(program, log) if planned else None,
            "slot": log.slot,
            "local_date": local_date,
            "source": source,
            "said_at": min(said_at, now) if said_at else None,
        },
    )
    if created:
        heard_from(program=program, now=now)
        _alert(row, now=now)
    return row


@transaction.atomic
def edit_session(
    *, log: SessionLog, to: LogSpec, edited_by: User | None, now: datetime
) -> SessionLog:
    """Correct the details of a log on the day it was written; what it said before is kept.

    Raises ConflictError on a later day, InvalidInputError naming the field.
    """
    row = (
        SessionLog.objects.select_for_update(of=("self",))
        .select_related("program__patient")
        .get(pk=log.pk)
    )
    zone = row.program.patient.zone
    if row.created_at.astimezone(zone).date() != now.astimezone(zone).date():
        message = "A log can be corrected on the day it was written."
        raise ConflictError("id", message, code="too_late")
    _check_figures(to)
    before = {name: getattr(row, name) for name in DETAILS}
    after = {name: value for name, value in asdict(to).items() if name in DETAILS}
    if before != after:
        stored = {name: str(v) if isinstance(v, Decimal) else v for name, v in before.items()}
        SessionLogEdit.objects.create(log=row, before=stored, edited_by=edited_by)
        for name, value in after.items():
            setattr(row, name, value)
        row.save()
        _alert(row, now=now)
    return row


@transaction.atomic
def tell_pain_during(*, client_id: str, patient: Patient, pain: int, now: datetime) -> bool:
    """Keep the worst pain of the session logged under `client_id`; False: nothing waits for it."""
    waiting = SessionLog.objects.filter(
        program__patient=patient,
        client_id=client_id,
        outcome__in=[SessionLog.Outcome.DONE, SessionLog.Outcome.PARTLY],
        pain_during=None,
        undone_at=None,
    )
    log = waiting.select_related("program__patient__clinic").first()
    if log is None or not waiting.update(pain_during=pain):
        return False
    log.pain_during = pain
    _alert(log, now=now)
    return True


def _refuse_other_log(row: SessionLog, local_date: date, log: LogSpec) -> None:
    """As it was first written: a correction since is no other content."""
    refuse_other_content(row, {"local_date": local_date, "slot": log.slot})
    exercise = row.exercise.slug if row.exercise else ""
    edit = row.edits.first()
    stored = edit.before if edit else {name: getattr(row, name) for name in DETAILS}
    was = stored | {"exercise": exercise}
    if any(_printed(getattr(log, name)) != _printed(value) for name, value in was.items()):
        message = "This id was used for another log. Send this one under its own id."
        raise ConflictError("id", message, code="id_taken")


def _printed(value: object) -> str:
    """As an edit keeps it, without a nought behind the point."""
    return str(value).removesuffix(".0")


def _check_figures(log: LogSpec) -> None:
    if log.hours is not None and not 0 <= log.hours <= MOST_SPLINT_HOURS:
        message = f"A night has at most {MOST_SPLINT_HOURS} hours."
        raise InvalidInputError("hours", message, code="out_of_range")
    if log.pain_during is not None and not 0 <= log.pain_during <= WORST:
        message = "Pain is a number from 0 to 10."
        raise InvalidInputError("pain_during", message, code="out_of_range")
    for name in ("sets", "reps", "minutes"):
        least, most = LIMITS[name]
        value: Any = getattr(log, name)
        if value is not None and not least <= value <= most:
            message = f"Use a number from {least} to {most}."
            raise InvalidInputError(name, message, code="out_of_range")
    if log.reason and log.outcome != SessionLog.Outcome.SKIPPED:
        raise InvalidInputError("reason", "Only what was skipped has a reason.", code="invalid")


def _planned(
    program: Program, local_date: date, log: LogSpec, *, source: str
) -> PlannedRound | None:
    """The round that `log` tells of; None where it tells of the whole day. Two queries or none."""
    if not log.exercise and source == CheckIn.Source.SMS:
        return None
    versions = program_versions(program)
    if source != CheckIn.Source.SMS and not versions.phase_on(local_date):
        message = "The program was over on this day."
        raise InvalidInputError("local_date", message, code="outside_program")
    if not log.exercise:
        return None
    plan = versions.plan_on(local_date)
    rounds = [planned for planned in plan.rounds if planned.item.exercise == log.exercise]
    if not rounds:
        message = "This exercise is not on the plan of this day."
        raise InvalidInputError("exercise", message, code="not_planned")
    if not log.slot:
        return rounds[0]
    for planned in rounds:
        if planned.slot == log.slot:
            return planned
    raise InvalidInputError("slot", "Not planned at this time of the day.", code="not_planned")


def _exercise(program: Program, log: LogSpec) -> Exercise:
    return exercises_of(program.patient.clinic_id, [log.exercise])[log.exercise]


def _alert(row: SessionLog, *, now: datetime) -> None:
    """Tell of too much pain while exercising, and of skipping for pain."""
    alert_of_skipping(row, now=now)
    if row.pain_during is None:
        return
    told = row.program.session_logs.filter(undone_at=None, pain_during__isnull=False)
    day = row.local_date
    around = told.filter(local_date__range=(day - RUNNING, day + RUNNING))
    before = around.filter(local_date__lt=day).order_by("-local_date", "-pain_during").first()
    after = around.filter(local_date__gt=day).order_by("local_date", "-pain_during").first()
    pains = [other.pain_during for other in (before, after) if other and other.pain_during]
    for reason in of_pain_during(row.pain_during, pains):
        open_alert(
            patient=row.program.patient,
            program=row.program,
            reason=reason.name,
            detail=reason.detail,
            now=now,
        )
