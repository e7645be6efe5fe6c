"""What a patient's day asks for, with pictures and words, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from exercises.models import CheckIn, Exercise, ExerciseAsset, Program, SessionLog
from exercises.plan import PlannedRound, phase_on, plan_on
from exercises.selectors import exercises_of, is_logged, versions_of

ASKED = (CheckIn.Kind.FIRST_STEP, CheckIn.Kind.AVERAGE)


@dataclass(frozen=True, slots=True)
class Guide:
    """An exercise in a patient's language; `picture` is the address of a published picture."""

    name: str
    steps: Sequence[str]
    cues: Sequence[str]
    mistakes: Sequence[str]
    stop_if: str
    picture: UUID | None
    alt: str


@dataclass(frozen=True, slots=True)
class TodayRound:
    """A round and whether it is done or skipped already."""

    planned: PlannedRound
    logged: bool
    guide: Guide


@dataclass(frozen=True, slots=True)
class ProgramDay:
    """A program on a day: its rounds, minutes of attention, and the scores told, None if not."""

    program: Program
    local_date: date
    phase: str
    minutes: int
    rounds: tuple[TodayRound, ...]
    scores: Mapping[str, int | None]


def program_days(programs: Sequence[Program], day: date, *, language: str) -> list[ProgramDay]:
    """What each of `programs` (of one patient) asks for on `day`. Seven queries at most."""
    if not programs:
        return []
    ids = [program.pk for program in programs]
    versions = versions_of(ids)
    items = {program.pk: versions[program.pk].items_on(day) for program in programs}
    plans = {
        program.pk: plan_on(items[program.pk], start_date=program.start_date, on=day)
        for program in programs
    }
    guides = guides_of(
        {planned.item.exercise for plan in plans.values() for planned in plan.rounds},
        clinic=programs[0].patient.clinic_id,
        language=language,
    )
    logged, scores = _logged(ids, day), _scores(ids, day)
    return [
        ProgramDay(
            program=program,
            local_date=day,
            phase=phase_on(items[program.pk], start_date=program.start_date, on=day),
            minutes=plans[program.pk].minutes,
            rounds=tuple(
                TodayRound(
                    planned,
                    logged[program.pk].has(planned),
                    guides[planned.item.exercise],
                )
                for planned in plans[program.pk].rounds
            ),
            scores={kind: scores.get((program.pk, kind)) for kind in ASKED},
        )
        for program in programs
    ]


@dataclass(slots=True)
class _Logged:
    """What was logged of a day: kinds as a whole, (exercise, slot) one by one."""

    whole: set[str]
    items: set[tuple[str, str]]

    def has(self, planned: PlannedRound) -> bool:
        return kind_of(planned) in self.whole or is_logged(planned, self.items)


def _logged(programs: Sequence[UUID], day: date) -> dict[UUID, _Logged]:
    found = {program_id: _Logged(set(), set()) for program_id in programs}
    logs = SessionLog.objects.filter(program__in=programs, local_date=day, undone_at=None)
    for program_id, kind, exercise, slot in logs.values_list(
        "program_id", "kind", "exercise__slug", "slot"
    ):
        if exercise:
            found[program_id].items.add((exercise, slot))
        else:
            found[program_id].whole.add(kind)
    return found


def _scores(programs: Sequence[UUID], day: date) -> dict[tuple[UUID, str], int]:
    told = CheckIn.objects.filter(program__in=programs, local_date=day, taken_back_at=None)
    return {
        (program_id, kind): score
        for program_id, kind, score in told.values_list("program_id", "kind", "score")
    }


def kind_of(planned: PlannedRound) -> str:
    """What a whole-day log of this round is called."""
    return SessionLog.Kind.EXERCISE if planned.hours is None else SessionLog.Kind.SPLINT


def guides_of(slugs: Iterable[str], *, clinic: int, language: str) -> dict[str, Guide]:
    """How to do each exercise; a clinic's own copy comes first. Three queries at most.

    What has no text in `language` is told in another.
    """
    exercises = exercises_of(clinic, slugs)
    pictures = ExerciseAsset.objects.filter(published=True).exclude(kind="video").order_by("kind")
    prefetch_related_objects(
        list(exercises.values()),
        "texts",
        Prefetch("assets", pictures.only("id", "exercise_id", "kind")),
    )
    return {slug: _guide(row, language) for slug, row in exercises.items()}


def _guide(exercise: Exercise, language: str) -> Guide:
    texts = sorted(exercise.texts.all(), key=lambda text: text.language != language)
    picture = next((asset.pk for asset in exercise.assets.all()), None)
    if not texts:
        return Guide(exercise.name, (), (), (), "", picture, "")
    text = texts[0]
    return Guide(text.name, text.steps, text.cues, text.mistakes, text.stop_if, picture, text.alt)
