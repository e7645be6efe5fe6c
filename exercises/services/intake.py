"""The intake screen before a program: what was found, what it speaks against, what is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from exercises.content import asked_before, before_assigning, screens, start_test
from exercises.models import IntakeScreen, Program, ProgramTemplate, User
from exercises.rules.phases import PhaseSpec
from exercises.rules.screening import Against, fitted, of_age
from hep.errors import InvalidInputError


@dataclass(frozen=True)
class IntakeSpec:
    """What the provider found, by the keys of the template's screen.

    `start_raises`: slow heel raises on the sore leg, 0 to 100. `fit`: swap the exercises that the
    answers speak against for those that fit, instead of being refused.
    """

    pattern: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    override_reason: str = ""
    start_raises: int | None = None
    fit: bool = False


class Screening:
    """The screen of `template`, answered for somebody born in `birth_year`; without an `intake`
    nobody answered it.
    """

    def __init__(
        self,
        template: ProgramTemplate,
        intake: IntakeSpec | None,
        *,
        birth_year: int | None,
        today: date,
    ) -> None:
        self.template, self.intake = template, intake
        self.screen = screens().get(template.screen)
        self.asked = asked_before(template.screen) if self.screen else {}
        found = intake or IntakeSpec()
        known = {*found.before, *found.pattern, *of_age(birth_year, year=today.year)}
        # What the record or another answer says already counts without its tick.
        self.before = sorted(known & self.asked.keys())

    def fitted(self, phases: Sequence[PhaseSpec]) -> tuple[PhaseSpec, ...]:
        """`phases` with what fits the patient, if that was asked for."""
        if self.intake is None or not self.intake.fit:
            return tuple(phases)
        return fitted(phases, self._against())

    def check(self, phases: Sequence[PhaseSpec]) -> None:
        """Refuse unknown signs, and without a reason to go on a red flag, or exercises that what is
        known of the patient speaks against. Raises InvalidInputError naming the field.
        """
        if self.intake is not None:
            self._check_keys(self.intake)
            if self.intake.override_reason.strip():
                return
            if self.intake.red_flags:
                message = (
                    "A red flag was found: refer first, or write why this is right all the same."
                )
                raise InvalidInputError("intake.override_reason", message, code="red_flag")
        exercises = {item.exercise for row in phases for item in row.items}
        for row in self._against():
            if against := row.among(exercises):
                raise InvalidInputError(
                    "intake.override_reason", _refusal(row, against), code="contraindicated"
                )

    def _check_keys(self, intake: IntakeSpec) -> None:
        if self.screen is None:
            message = "This template has no intake screen."
            raise InvalidInputError("intake", message, code="no_screen")
        known = {
            "pattern": {row.key for row in self.screen.pattern},
            "red_flags": set(self.screen.red_flags),
            "before": self.asked.keys(),
        }
        for field, keys in known.items():
            unknown = sorted(set(getattr(intake, field)) - keys)
            if unknown:
                message = f"Not on this screen: {', '.join(unknown)}."
                raise InvalidInputError(f"intake.{field}", message, code="unknown")

    def _against(self) -> list[Against]:
        rows = [self.asked[key].against for key in self.before]
        raises = self.intake.start_raises if self.intake else None
        tested = start_test().against(raises) if raises is not None else None
        return [*rows, tested] if tested else rows

    def keep(self, program: Program, *, by: User | None) -> None:
        """Write down what was found."""
        if self.intake is None:
            return
        IntakeScreen.objects.create(
            program=program,
            screen=self.template.screen,
            pattern=sorted(set(self.intake.pattern)),
            red_flags=sorted(set(self.intake.red_flags)),
            before=self.before,
            start_raises=self.intake.start_raises,
            override_reason=self.intake.override_reason.strip(),
            screened_by=by,
        )


def _refusal(row: Against, against: Collection[str]) -> str:
    """What is in the way, and what to do instead."""
    swaps = sorted({row.instead[name] for name in against if name in row.instead})
    names = ", ".join(sorted(against))
    instead = f" ({', '.join(swaps)} instead)" if swaps else ""
    return f"{row.why} Take out {names}{instead}, or write why not."


def against_of(program: Program) -> frozenset[str]:
    """The exercises that what was known at the intake speaks against. One query."""
    intake = IntakeScreen.objects.filter(program=program).first()
    known = before_assigning()
    rows = [known[key].not_with for key in intake.before if key in known] if intake else []
    return frozenset(name for row in rows for name in row)


def fits_pattern(intake: IntakeScreen) -> bool:
    """Whether the signs of the condition were found; False asks for a second look."""
    screen = screens().get(intake.screen)
    return screen is None or screen.fits(intake.pattern)
