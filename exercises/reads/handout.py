"""A program's week on paper: how to do each exercise, and a box to tick for each round."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from exercises.content.files import HandoutWords, handout_words
from exercises.content.screening import start_test
from exercises.models import IntakeScreen, Program
from exercises.reads.today import Guide, guides_of
from exercises.reads.versions import program_versions
from exercises.rules.plan import DAYS_IN_WEEK, Item, PlannedRound
from exercises.rules.questions import MainQuestion

# "12RM": a weight that one can lift 12 times. "3-2-3": seconds up, held and down.
REPETITION_MAXIMUM = re.compile(r"^(\d+)RM$")
TEMPO = re.compile(r"^(\d+)-(\d+)-(\d+)$")
# With more items the steps of each get shorter, so that all of it fits two pages.
FEW_ITEMS, MANY_ITEMS = 4, 6
STEPS = {"few": 4, "some": 3, "many": 2}


@dataclass(frozen=True, slots=True)
class HandoutItem:
    """An exercise of the week in the patient's words; `rounds` are those of each day."""

    guide: Guide
    steps: Sequence[str]
    dose: str
    when: str
    note: str
    # Printed whatever the room: when to stop, and how a splint's hours grow.
    stop_if: str
    ramp: str
    rounds: tuple[range, ...]


@dataclass(frozen=True, slots=True)
class Handout:
    """Seven days of a program from `days[0]` on; `words` are in the patient's language."""

    program: Program
    week: int
    phase: str
    days: Sequence[tuple[str, date]]
    items: Sequence[HandoutItem]
    words: HandoutWords
    pain: str
    call: str


def handout_of(program: Program, *, week: int) -> Handout:
    """The handout for a week (from 1) of `program`. Seven queries."""
    patient = program.patient
    words = handout_words()[patient.language]
    first = program.start_date + timedelta(weeks=week - 1)
    days = [first + timedelta(days=number) for number in range(DAYS_IN_WEEK)]
    versions = program_versions(program)
    # By item, not by exercise: one may stand in a week with two doses.
    rounds: dict[Item, dict[date, list[PlannedRound]]] = defaultdict(lambda: defaultdict(list))
    for day in days:
        plan = versions.plan_on(day)
        for planned in plan.rounds:
            rounds[planned.item][day].append(planned)
    slugs = {item.exercise for item in rounds}
    guides = guides_of(slugs, clinic=patient.clinic_id, language=patient.language)
    tested = IntakeScreen.objects.filter(program=program, start_raises__isnull=False).exists()
    size = "few" if len(rounds) <= FEW_ITEMS else "some" if len(rounds) <= MANY_ITEMS else "many"
    return Handout(
        program=program,
        week=week,
        phase=in_words(versions.phase_on(first), words),
        days=[(words.days[day.weekday()], day) for day in days],
        items=[
            _item(guides[item.exercise], by_day, days, words, most_steps=STEPS[size], tested=tested)
            for item, by_day in rounds.items()
        ],
        words=words,
        pain=words.pain[MainQuestion(program.question)],
        call=_whom_to_ask(program, words),
    )


def _whom_to_ask(program: Program, words: HandoutWords) -> str:
    clinic = program.patient.clinic
    if not clinic.phone:
        return words.ask.format(clinic=clinic.name)
    return words.call.format(clinic=clinic.name, phone=clinic.phone.as_national)


def in_words(said: str, words: HandoutWords) -> str:
    """A phase's name or a note of a shared template in the patient's language; a clinic's own words
    stay as they are.
    """
    return words.said.get(said, said)


# Steps with these words keep somebody safe; they are printed whatever the room.
SAFETY = re.compile(
    r"\b(?:never|rail|hold on|do not walk|nunca|barandal|pasamanos|ag[aá]rrese|no camine)\b",
    re.IGNORECASE,
)


def shown_steps(steps: Sequence[str], most: int) -> Sequence[str]:
    """At most so many steps, in their order: the first ones, and each that keeps somebody safe."""
    safe = [number for number, step in enumerate(steps) if SAFETY.search(step)]
    first = [number for number in range(len(steps)) if number not in safe]
    kept = {*safe, *first[: max(0, most - len(safe))]}
    return [step for number, step in enumerate(steps) if number in kept]


def _item(
    guide: Guide,
    by_day: Mapping[date, list[PlannedRound]],
    days: Sequence[date],
    words: HandoutWords,
    *,
    most_steps: int,
    tested: bool,
) -> HandoutItem:
    # The last day's dose: a splint's hours grow through its first week.
    planned = by_day[max(by_day)]
    slots = [words.slots[row.slot] for row in planned]
    ramps = planned[0].item.ramps
    return HandoutItem(
        guide=guide,
        steps=shown_steps(guide.steps, most_steps),
        # While a splint's hours grow, the table says them.
        dose="" if ramps else dose_words(planned[0], words),
        when=", ".join(dict.fromkeys(slots)),
        note=_note(planned[0].item, words, tested=tested),
        stop_if=guide.stop_if,
        ramp=words.ramp if ramps else "",
        rounds=tuple(range(len(by_day[day])) if day in by_day else range(0) for day in days),
    )


def _note(item: Item, words: HandoutWords, *, tested: bool) -> str:
    """The provider's note; before it the start test, where nobody counted at assignment."""
    note = in_words(item.note, words)
    test = start_test()
    if tested or item.exercise not in test.one_leg:
        return note
    counts = words.start_test.format(fewest=test.easier[0], most=test.easier[-1])
    return f"{counts} {note}".strip()


def dose_words(planned: PlannedRound, words: HandoutWords) -> str:
    """A dose as a patient reads it, such as “3 times 10, hold 30 seconds”."""
    item = planned.item
    told = (
        (words.hold, "seconds", item.hold_seconds),
        (words.minutes, "minutes", item.minutes),
        (words.hours, "hours", planned.hours),
    )
    parts = [_amount(item, words)]
    parts += [text.format(**{name: value}) for text, name, value in told if value]
    if tempo := TEMPO.match(item.tempo):
        parts.append(words.tempo.format(up=tempo[1], hold=tempo[2], down=tempo[3]))
    parts.append(_load(item.load, words))
    return ", ".join(part for part in parts if part)


def _amount(item: Item, words: HandoutWords) -> str:
    if item.sets and item.reps:
        return words.sets_of_reps.format(sets=item.sets, reps=item.reps)
    if item.reps:
        return words.reps.format(reps=item.reps)
    return words.sets.format(sets=item.sets) if item.sets else ""


def _load(load: str, words: HandoutWords) -> str:
    if weight := REPETITION_MAXIMUM.match(load):
        return words.weight.format(count=weight[1])
    return words.band.format(colour=words.colours[load]) if load in words.colours else load
