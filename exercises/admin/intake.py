"""What the intake screens ask, as choices of a form."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from exercises.content import asked_before, before_assigning, red_flags, screens
from exercises.models import Patient, ProgramTemplate
from exercises.rules.phases import PhaseSpec
from exercises.rules.screening import MOST_RAISES
from exercises.services import IntakeSpec, Screening


def answers(data: Any) -> str:
    """What the page was ticked with, as its hidden field carries it: `falls,hip;9`."""
    ticks = sorted({*data.getlist("before"), *data.getlist("pattern")})
    return f"{','.join(ticks)};{data.get('start_raises', '')}"


def fitted_to(
    phases: tuple[PhaseSpec, ...],
    answered: str,
    template: ProgramTemplate,
    patient: Patient | None,
    *,
    today: date,
) -> tuple[PhaseSpec, ...]:
    """`phases` with what fits a patient who was answered for so; junk answers nothing."""
    ticks, _, raises = answered.partition(";")
    # A number of thousands of digits is no number to Python.
    counted = int(raises) if re.fullmatch(r"[0-9]{1,3}", raises) else None
    intake = IntakeSpec(
        before=tuple(ticks.split(",")),
        start_raises=None if counted is None else min(counted, MOST_RAISES),
        fit=True,
    )
    born = patient.birth_year if patient else None
    return Screening(template, intake, birth_year=born, today=today).fitted(phases)


def pattern_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The signs of each screen, under its name."""
    return [
        (slug.replace("-", " ").capitalize(), [(row.key, row.question) for row in screen.pattern])
        for slug, screen in screens().items()
    ]


def red_flag_choices() -> list[tuple[str, str]]:
    """Every red flag, with what to think of and how soon."""
    return [
        (row.key, f"{row.question}: think of {row.think_of}. {row.urgency}.")
        for row in red_flags().values()
    ]


def before_choices(screen: str | None = None) -> list[tuple[str, str]]:
    """What to know of the patient, with what it speaks against; of one screen, or all."""
    asked = before_assigning() if screen is None else asked_before(screen)
    return [(row.key, f"{row.question}: {row.advice}") for row in asked.values()]
