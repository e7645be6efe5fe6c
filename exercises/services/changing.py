"""Changing a program: a new version from a day on; days that are past stay what they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from exercises.models import Exercise, Prescription, Program, ProgramPhase, ProgramVersion, User
from exercises.reads.versions import exercises_of
from exercises.rules.phases import PhaseSpec
from exercises.rules.plan import week_of
from exercises.services.intake import against_of
from exercises.services.programs import refuse_ended
from hep.errors import ConflictError, InvalidInputError


@transaction.atomic
def change_program(
    *,
    program: Program,
    phases: Sequence[PhaseSpec],
    reason: str,
    changed_by: User | None,
    now: datetime,
    from_date: date | None = None,
    version: int | None = None,
    decided_on: date | None = None,
    in_spite_of_intake: bool = False,
) -> ProgramVersion:
    """Ask for `phases` from `from_date` on (today on the patient's calendar).

    `decided_on` is the day that the decision speaks of, when it is earlier: what rises in a week
    after it waits for the next one.

    `version` is the one the change was made from: when another came in between, ConflictError.
    Raises InvalidInputError naming the field; so for an exercise that is new and that what is known
    of the patient speaks against, unless it is right `in_spite_of_intake`.
    """
    program = (
        Program.objects.select_for_update(of=("self",))
        .select_related("patient__clinic")
        .get(pk=program.pk)
    )
    refuse_ended(program)
    if version is not None and version != program.version:
        message = "Somebody changed this program meanwhile. Look at it again."
        raise ConflictError("version", message, code="changed_meanwhile")
    if not reason.strip():
        raise InvalidInputError("reason", "Write why the program changes.", code="required")
    today = now.astimezone(program.patient.zone).date()
    if from_date is not None and from_date < today:
        message = "Days that are past stay as they were: start today or later."
        raise InvalidInputError("from_date", message, code="past")
    if not phases:
        raise InvalidInputError("phases", "A program needs at least one phase.", code="required")
    if not in_spite_of_intake:
        _refuse_what_is_spoken_against(program, phases)
    holds_from = from_date or today
    program.version += 1
    program.save(update_fields=["version"])
    # Reminders follow by themselves: each reads its day's plan when it leaves. Planning anew here
    # could step over one that is due this very second.
    return write_version(
        program,
        phases,
        from_date=holds_from,
        decided_on=min(decided_on or holds_from, holds_from),
        reason=reason.strip(),
        changed_by=changed_by,
    )


def _refuse_what_is_spoken_against(program: Program, phases: Sequence[PhaseSpec]) -> None:
    """What stands in the program already was decided when it was assigned."""
    against = against_of(program)
    if not against:
        return
    rows = Prescription.objects.filter(phase__program=program, phase__version=program.version)
    stands = set(rows.values_list("exercise__slug", flat=True))
    for row, phase in enumerate(phases):
        for column, item in enumerate(phase.items):
            # "*": everything, as for somebody younger than 18.
            is_against = "*" in against or item.exercise in against
            if is_against and item.exercise not in stands:
                raise InvalidInputError(
                    f"phases.{row}.items.{column}.exercise",
                    f"What is known of the patient speaks against {item.exercise}. Leave it out, or"
                    " say that it is right in spite of that.",
                    code="contraindicated",
                )


def write_version(
    program: Program,
    phases: Sequence[PhaseSpec],
    *,
    from_date: date,
    decided_on: date,
    reason: str,
    changed_by: User | None,
) -> ProgramVersion:
    """Write the program's present version with its phases, decided for the week of `decided_on`:
    what asks for more in a later week waits for the next decision. Raises InvalidInputError for an
    exercise that the clinic does not have.
    """
    exercises = _exercises(program, phases)
    version = ProgramVersion.objects.create(
        program=program,
        number=program.version,
        from_date=from_date,
        decided_week=max(1, week_of(decided_on, start_date=program.start_date)),
        reason=reason,
        changed_by=changed_by,
    )
    rows = ProgramPhase.objects.bulk_create(
        ProgramPhase(program=program, version=program.version, **spec.model_dump(exclude={"items"}))
        for spec in phases
    )
    Prescription.objects.bulk_create(
        Prescription(
            phase=row,
            exercise=exercises[item.exercise],
            position=position,
            **item.model_dump(mode="json", exclude={"exercise"}),
        )
        for spec, row in zip(phases, rows, strict=True)
        for position, item in enumerate(spec.items, start=1)
    )
    return version


def _exercises(program: Program, phases: Iterable[PhaseSpec]) -> dict[str, Exercise]:
    """The named exercises by slug; an unknown one is refused at its place."""
    places = {
        item.exercise: f"phases.{row}.items.{column}.exercise"
        for row, spec in enumerate(phases)
        for column, item in enumerate(spec.items)
    }
    found = exercises_of(program.patient.clinic_id, places)
    # What was prescribed stays the same exercise, even when the clinic has its own copy by now.
    kept = Prescription.objects.filter(
        phase__program=program, phase__version=program.version - 1, exercise__slug__in=list(places)
    )
    found |= {row.exercise.slug: row.exercise for row in kept.select_related("exercise")}
    for slug, place in places.items():
        if slug not in found:
            raise InvalidInputError(place, f"There is no exercise “{slug}”.", code="does_not_exist")
    return found
