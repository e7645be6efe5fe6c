"""A day as the patient's own page shows it: rounds in words, what was told of each, and pain."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Coalesce

from exercises.content.files import HandoutWords, handout_words, lowering
from exercises.models import CheckIn, Patient, Program, SessionLog
from exercises.reads.course import ladders_of
from exercises.reads.days import kind_of
from exercises.reads.handout import TEMPO, dose_words, in_words
from exercises.reads.holds import on_hold
from exercises.reads.today import Guide, ProgramDay, TodayRound, program_days
from exercises.rules.doses import Slot
from exercises.rules.plan import ANY_TIME, Item
from exercises.rules.progression import is_loaded
from exercises.rules.questions import MainQuestion

# The times of a day as one comes to them; what has no time goes before the night.
ORDER = [Slot.FIRST_STEP, Slot.MIDDAY, ANY_TIME, Slot.EVENING, Slot.BEDTIME]
# Outcomes after which the worst pain meanwhile is asked for.
WAS_DONE = frozenset({SessionLog.Outcome.DONE, SessionLog.Outcome.PARTLY})


def mark_of(program: UUID) -> str:
    """What tells the parts of a program on the page from those of another."""
    return program.hex[:8]


def key_of(program: UUID, exercise: str, slot: str) -> str:
    """The place of a round on the page."""
    return f"{exercise}-{slot}-{mark_of(program)}"


@dataclass(frozen=True, slots=True)
class PageRound:
    """An exercise at one time of the day, or so many `times` at any; `state` is an outcome, empty
    while nothing was told.
    """

    program: UUID
    exercise: str
    slot: str
    guide: Guide
    dose: str
    when: str
    note: str
    minutes: int
    times: int
    state: str
    for_whole_day: bool
    is_splint: bool
    # Its parts for the player: sets, reps, hold, minutes, tempo (seconds up, held, down), and
    # whether one goes down first.
    timing: Mapping[str, Any]
    # Its picture and its warning stand where it comes up first on the day.
    is_first: bool

    @property
    def key(self) -> str:
        """What its forms and its place on the page are called by."""
        return key_of(self.program, self.exercise, self.slot)

    @property
    def timing_json(self) -> str:
        """As the player reads it."""
        return json.dumps(self.timing)

    @property
    def told(self) -> str:
        """The key of the words for its state."""
        return {
            SessionLog.Outcome.DONE.value: "is_done",
            SessionLog.Outcome.PARTLY.value: "is_partly",
            SessionLog.Outcome.SKIPPED.value: "is_skipped",
        }.get(self.state, "")


@dataclass(frozen=True, slots=True)
class PageProgram:
    """A program on a day; `asks_during` that something heavy was done and its pain is not told."""

    program: Program
    phase: str
    minutes: int
    rounds: Sequence[PageRound]
    question: str
    score: int | None
    asks_during: bool

    @property
    def mark(self) -> str:
        """What its parts on the page are called by."""
        return mark_of(self.program.pk)

    @property
    def times(self) -> list[tuple[str, list[PageRound]]]:
        """The rounds by the time of the day, in words, in the order of the day."""
        found: dict[str, list[PageRound]] = defaultdict(list)
        for row in self.rounds:
            found[row.when].append(row)
        return list(found.items())

    @property
    def told_whole(self) -> PageRound | None:
        """A round whose state was told for the whole day, which is taken back as a whole."""
        return next((row for row in self.rounds if row.for_whole_day), None)

    @property
    def is_open(self) -> bool:
        """Whether an exercise is left to tell about."""
        return any(not row.state and not row.is_splint for row in self.rounds)


@dataclass(frozen=True, slots=True)
class PageDay:
    """Everything of a day."""

    local_date: date
    is_held: bool
    programs: Sequence[PageProgram]

    @property
    def has_sides(self) -> bool:
        """Whether programs for several sides have to be told apart."""
        return len({row.program.side for row in self.programs}) > 1


def page_day(patient: Patient, programs: Sequence[Program], day: date) -> PageDay:
    """A day of a patient's `programs`. A constant number of queries, however many there are."""
    for program in programs:
        program.patient = patient
    found = program_days(programs, [day], language=patient.language)[day]
    logs = _logs([program.pk for program in programs], day)
    loaded = _loaded(patient, found, logs)
    words = handout_words()[patient.language]
    return PageDay(
        local_date=day,
        is_held=bool(on_hold([patient.pk])),
        programs=[_program(row, logs, loaded, words) for row in found],
    )


# (program, kind, exercise or "", slot) → (outcome, pain during, when it was said)
Logs = Mapping[tuple[UUID, str, str, str], tuple[str, int | None, datetime]]


def _logs(programs: Collection[UUID], day: date) -> Logs:
    """What was told of the day, what came last of each. One query."""
    rows = SessionLog.objects.filter(program__in=programs, local_date=day, undone_at=None)
    said = Coalesce("said_at", "created_at")
    told = rows.order_by(said, "created_at", "pk").values_list(
        "program_id", "kind", "exercise__slug", "slot", "outcome", "pain_during", said
    )
    return {(row[0], row[1], row[2] or "", row[3]): (row[4], row[5], row[6]) for row in told}


def _loaded(patient: Patient, found: Sequence[ProgramDay], logs: Logs) -> frozenset[str]:
    """Which exercises of the day are heavy; not looked up while nothing was done."""
    if not any(outcome in WAS_DONE for outcome, *_ in logs.values()):
        return frozenset()
    slugs = {row.planned.item.exercise for day in found for row in day.rounds}
    ladders = ladders_of(patient.clinic_id, slugs) if slugs else {}
    return frozenset(slug for slug in slugs if is_loaded(slug, ladders))


def _program(
    day: ProgramDay, logs: Logs, loaded: frozenset[str], words: HandoutWords
) -> PageProgram:
    program = day.program
    at_a_time: dict[tuple[str, str], list[TodayRound]] = defaultdict(list)
    for row in sorted(day.rounds, key=lambda row: ORDER.index(row.planned.slot)):
        at_a_time[row.planned.item.exercise, row.planned.slot].append(row)
    rounds: list[PageRound] = []
    for same in at_a_time.values():
        is_first = all(row.exercise != same[0].planned.item.exercise for row in rounds)
        rounds.append(_round(same, program, logs, words, is_first=is_first))
    own = {key: told for key, told in logs.items() if key[0] == program.pk}
    was_heavy = any(row.exercise in loaded and row.state in WAS_DONE for row in rounds)
    told = any(pain is not None for _, pain, _ in own.values())
    return PageProgram(
        program=program,
        phase=in_words(day.phase, words),
        minutes=day.minutes,
        rounds=rounds,
        question=words.pain[MainQuestion(program.question)],
        score=day.scores[CheckIn.Kind.FIRST_STEP],
        asks_during=was_heavy and not told,
    )


def _round(
    same: Sequence[TodayRound],
    program: Program,
    logs: Logs,
    words: HandoutWords,
    *,
    is_first: bool,
) -> PageRound:
    row, planned = same[0], same[0].planned
    item, kind = planned.item, kind_of(planned)
    single = logs.get((program.pk, kind, item.exercise, planned.slot)) or logs.get(
        (program.pk, kind, item.exercise, "")
    )
    whole = logs.get((program.pk, kind, "", ""))
    # Of a word for the whole day and one for this, what was said last counts.
    counts = max(filter(None, (whole, single)), key=lambda log: log[2], default=None)
    return PageRound(
        program=program.pk,
        exercise=item.exercise,
        slot=planned.slot,
        guide=row.guide,
        dose=dose_words(planned, words),
        when=words.slots[planned.slot],
        note=in_words(item.note, words),
        minutes=item.minutes_a_round * len(same),
        times=len(same),
        state=counts[0] if counts else "",
        for_whole_day=counts is not None and counts is whole,
        is_splint=planned.hours is not None,
        timing={} if planned.hours is not None else _timing(item),
        is_first=is_first,
    )


def _timing(item: Item) -> dict[str, Any]:
    tempo = TEMPO.match(item.tempo)
    parts = {
        "sets": item.sets,
        "reps": item.reps,
        "hold": item.hold_seconds,
        "minutes": item.minutes,
        "tempo": [int(part) for part in tempo.groups()] if tempo else None,
        "lowers": item.exercise in lowering(),
    }
    return {name: part for name, part in parts.items() if part}
