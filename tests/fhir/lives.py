"""Patients whose record has everything in it, for the bundle."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from exercises.models import Clinic, Measure, Patient, Program, ProgramTemplate, User
from exercises.reads.days import plan_for_day
from exercises.services import (
    LogSpec,
    TreatmentSpec,
    log_session,
    record_check_in,
    record_groc,
    record_psfs,
    record_treatment,
    record_yes_or_no,
    take_back,
    tell_barrier,
)
from notifications.messages import keep_message
from tests import factories
from tests.factories import MORNING, TODAY


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def at(number: int) -> datetime:
    return MORNING + timedelta(days=number, hours=6)


def everything(
    clinic: Clinic,
    by: User,
    *,
    seed: int = 0,
    days: int = 15,
    source: ProgramTemplate | None = None,
    **fields: Any,
) -> Program:
    """A program with every kind of row; `seed` varies what was told."""
    chance = random.Random(seed)  # noqa: S311  # made-up lives
    patient: Patient = factories.PatientFactory.create(clinic=clinic, **fields)
    program = factories.program(patient, source=source)
    for number in range(days):
        tell(program, number, chance)
    record_check_in(
        program=program, local_date=day(1), score=9, source="sms", client_id="again", now=at(1),
        note="sorry, it was 9",
    )  # fmt: skip  # a call
    take_back(client_id="score-2", patient=patient, now=at(2))
    activities: list[Any] = [
        {"activity": name, "score": chance.randint(0, 10)}
        for name in ("stairs", "standing", "walk")
    ]
    record_psfs(
        program=program, local_date=day(0), activities=activities, recorded_by=by, now=at(0)
    )
    record_groc(
        program=program,
        local_date=day(14),
        rating=chance.randint(-7, 7),
        recorded_by=by,
        now=at(14),
    )
    record_yes_or_no(
        program=program,
        instrument=Measure.Instrument.PASS,
        local_date=day(10),
        yes=chance.random() < 0.5,
    )
    tell_barrier(program=program, local_date=day(8), what="forgot", source="sms", now=at(8))
    record_treatment(
        patient=patient, local_date=day(3), treated_by=by, now=at(3),
        treatment=TreatmentSpec(("dry_needling", "kinesiotape"), ("gastrocnemius",), adverse="minor", adverse_detail="A bruise.", note="Went well."),
    )  # fmt: skip  # a call
    keep_message(
        patient=patient, message_id=uuid4(), body="Can I swim?\nIt is <b>warm</b>. ñ 🙂", now=at(4)
    )
    return program


def tell(program: Program, number: int, chance: random.Random) -> None:
    """A day: a score, and the exercises as a whole, one by one, or not."""
    record_check_in(
        program=program, local_date=day(number), score=chance.randint(0, 8), source="sms",
        client_id=f"score-{number}", now=at(number), note=chance.choice(["", "ran for the bus"]),
    )  # fmt: skip  # a call
    how = chance.choice(["whole", "one by one", "skipped", "nothing"])
    log: dict[str, LogSpec] = {
        "whole": LogSpec("exercise", "done", pain_during=chance.randint(0, 5)),
        "skipped": LogSpec("exercise", "skipped", reason="time"),
    }
    if how in log:
        keep(program, number, log[how], how)
    if how == "one by one":
        for planned in plan_for_day(program, day(number)).plan.exercise_rounds[:2]:
            spec = LogSpec("exercise", "done", exercise=planned.item.exercise, slot=planned.slot, sets=2, reps=12, minutes=4, note="slowly")  # fmt: skip  # one line
            keep(program, number, spec, f"{planned.item.exercise}-{planned.slot}")
    keep(program, number, LogSpec("splint", "done", hours=Decimal(6)), "splint")


def keep(program: Program, number: int, log: LogSpec, key: str) -> None:
    log_session(
        program=program, local_date=day(number), log=log, source="sms",
        client_id=f"log-{number}-{key}", now=at(number),
    )  # fmt: skip  # a call
