"""What a patient's day asks for, with pictures and words, in a constant number of queries."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from exercises.models import CheckIn, Exercise, ExerciseAsset, Program
from exercises.reads.days import PlannedDay, planned_days
from exercises.reads.versions import ProgramVersions, exercises_of, versions_of
from exercises.rules.plan import PlannedRound

# Names, words and pictures of the library are kept in the process for up to so long: they change
# a few times a year, and every app asks for them with every look at the day.
KEPT_SECONDS = 60
ASKED = (CheckIn.Kind.FIRST_STEP, CheckIn.Kind.AVERAGE)


@dataclass(frozen=True, slots=True)
class Guide:
    """An exercise in a patient's language; `picture` and `moving` number published pictures."""

    name: str
    steps: Sequence[str]
    cues: Sequence[str]
    mistakes: Sequence[str]
    stop_if: str
    picture: UUID | None
    alt: str
    moving: UUID | None = None


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


def program_days(
    programs: Sequence[Program], days: Sequence[date], *, language: str
) -> dict[date, list[ProgramDay]]:
    """What `programs` (of one patient) ask for on each day. Two queries, however many days; for
    programs and exercises that nobody asked for in the last minute up to three each more.
    """
    if not programs:
        return {day: [] for day in days}
    minute = _minute()
    ids = [program.pk for program in programs]
    versions = {row.pk: _kept_versions(row.pk, row.version, minute) for row in programs}
    planned = planned_days(versions, days)
    slugs = {row.item.exercise for day in planned.values() for row in day.plan.rounds}
    guides = _kept_guides(frozenset(slugs), programs[0].patient.clinic_id, language, minute)
    scores = _scores(ids, days)
    return {
        day: [
            _program_day(program, planned[program.pk, day], guides, scores) for program in programs
        ]
        for day in days
    }


def _minute() -> int:
    return int(time.time() // KEPT_SECONDS)


@lru_cache(maxsize=1024)
def _kept_versions(program: UUID, newest: int, minute: int) -> ProgramVersions:
    """What a program asks for; a change is a new version, so it is seen at once."""
    return versions_of([program])[program]


@lru_cache(maxsize=256)
def _kept_guides(
    slugs: frozenset[str], clinic: int, language: str, minute: int
) -> Mapping[str, Guide]:
    """How to do the exercises; patients of a template share them."""
    return guides_of(slugs, clinic=clinic, language=language)


def _program_day(
    program: Program,
    planned: PlannedDay,
    guides: Mapping[str, Guide],
    scores: Mapping[tuple[UUID, date, str], int],
) -> ProgramDay:
    day = planned.plan.local_date
    return ProgramDay(
        program=program,
        local_date=day,
        phase=planned.phase,
        minutes=planned.plan.minutes,
        rounds=tuple(
            TodayRound(row, planned.has_log(row), guides[row.item.exercise])
            for row in planned.plan.rounds
        ),
        scores={kind: scores.get((program.pk, day, kind)) for kind in ASKED},
    )


def _scores(programs: Sequence[UUID], days: Sequence[date]) -> dict[tuple[UUID, date, str], int]:
    told = CheckIn.objects.filter(program__in=programs, local_date__in=days, taken_back_at=None)
    return {
        (program_id, day, kind): score
        for program_id, day, kind, score in told.values_list(
            "program_id", "local_date", "kind", "score"
        )
    }


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
    moves = ExerciseAsset.Kind.MOVING
    moving = next((row.pk for row in exercise.assets.all() if row.kind == moves), None)
    picture = next((row.pk for row in exercise.assets.all() if row.kind != moves), None)
    if not texts:
        return Guide(exercise.name, (), (), (), "", picture, "", moving)
    text = texts[0]
    return Guide(
        text.name, text.steps, text.cues, text.mistakes, text.stop_if, picture, text.alt, moving
    )
