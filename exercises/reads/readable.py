"""A patient's record in the patient's own words: what a person reads, not what a computer does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import formats

from exercises.content.files import HandoutWords, handout_words
from exercises.content.page import page_words
from exercises.models import (
    Barrier,
    CheckIn,
    Measure,
    Patient,
    Program,
    SessionLog,
    TreatmentSession,
    User,
)
from exercises.reads.handout import dose_words, in_words
from exercises.reads.today import guides_of
from exercises.reads.versions import ProgramVersions, versions_of
from exercises.rules.plan import Item, PlannedRound
from exercises.rules.questions import MainQuestion

FIGURES = ("sets", "reps", "load", "hours", "minutes", "pain_during")


@dataclass(frozen=True, slots=True)
class Line:
    """What stands at a day: the day in words, and what was said or done."""

    when: str
    said: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the record under its heading, the oldest line first."""

    title: str
    lines: Sequence[Line]


class Teller:
    """Says what rows hold in one language; to be used with that language in force."""

    def __init__(self, language: str) -> None:
        self.words: Mapping[str, Any] = page_words()[language]
        self.own: Mapping[str, Any] = self.words["record"]
        self.handout: HandoutWords = handout_words()[language]

    def day(self, day: date) -> str:
        """Such as "March 3, 2026"."""
        return str(formats.date_format(day, "DATE_FORMAT"))

    def said(self, key: str, value: str) -> str:
        """The words of a choice; one that has none yet stands as it is kept."""
        found: str = self.own[key].get(value, value)
        return found

    def several(self, key: str, values: Iterable[str]) -> str:
        """Choices behind each other."""
        return ", ".join(self.said(key, value) for value in values)


def record_in_words(patient: Patient, user: User, teller: Teller) -> list[Section]:
    """Programs, pain, exercises, reviews and care, as `user` may see them, in `teller`'s language.

    A constant number of queries.
    """
    visible = Program.objects.visible_to(user).filter(patient=patient)
    programs = {row.pk: row for row in visible.order_by("created_at", "pk")}
    versions = versions_of(programs) if programs else {}
    logs = list(_of(SessionLog, user, patient).select_related("exercise"))
    slugs = {
        item.exercise for row in versions.values() for items in row.items.values() for item in items
    }
    slugs |= {log.exercise.slug for log in logs if log.exercise}
    guides = guides_of(slugs, clinic=patient.clinic_id, language=patient.language) if slugs else {}
    names = {slug: guide.name for slug, guide in guides.items()}
    own = teller.own
    return [
        *(_program(row, versions[row.pk], names, teller) for row in programs.values()),
        *_pain(_scores(user, patient), programs, teller),
        Section(own["done"], [_log(row, names, teller) for row in logs]),
        Section(own["weeks"], [_week(row, teller) for row in _of(Barrier, user, patient)]),
        Section(own["reviews"], [_measure(row, teller) for row in _of(Measure, user, patient)]),
        Section(own["care"], [_care(row, teller) for row in _care_rows(user, patient)]),
    ]  # fmt: skip  # a list


def _of(model: type[Model], user: User, patient: Patient) -> Any:
    """What belongs to the patient's programs, the oldest first."""
    rows: Any = model._default_manager
    return rows.visible_to(user).filter(program__patient=patient).order_by("local_date", "pk")


def _scores(user: User, patient: Patient) -> Iterable[CheckIn]:
    rows: Iterable[CheckIn] = _of(CheckIn, user, patient).prefetch_related("entries")
    return rows


def _care_rows(user: User, patient: Patient) -> Iterable[TreatmentSession]:
    rows = TreatmentSession.objects.visible_to(user).filter(patient=patient)
    return rows.order_by("local_date", "created_at", "pk")


def _program(
    program: Program, versions: ProgramVersions, names: Mapping[str, str], teller: Teller
) -> Section:
    """Each version from its first day on, an exercise a line."""
    side = teller.words["sides"][program.side]
    state = teller.said("states", program.status)
    lines = [
        Line(teller.day(from_date), _item(item, names, teller))
        for number, from_date in versions.from_dates
        for item in versions.items.get(number, ())
    ]
    title = f"{in_words(program.name, teller.handout)} · {side} · {state}"
    return Section(title, lines)


def _item(item: Item, names: Mapping[str, str], teller: Teller) -> str:
    dose = dose_words(PlannedRound(item, "", item.hours), teller.handout)
    phase = in_words(item.phase, teller.handout)
    first, last = item.first_week, item.last_week
    weeks = teller.own["weeks_of"].format(first=first, last=last or "…")
    return " · ".join(part for part in (names[item.exercise], dose, phase, weeks) if part)


def _pain(
    rows: Iterable[CheckIn], programs: Mapping[UUID, Program], teller: Teller
) -> list[Section]:
    """Each question with its answers, for each side of somebody who has two programs."""
    found: dict[str, list[Line]] = defaultdict(list)
    for row in rows:
        program = programs[row.program_id]
        question = (
            teller.handout.pain[MainQuestion(program.question)]
            if row.kind == CheckIn.Kind.FIRST_STEP
            else teller.own["average"]
        )
        side = f" · {teller.words['sides'][program.side]}" if len(programs) > 1 else ""
        found[question + side].append(_score(row, teller))
    return [Section(question, lines) for question, lines in found.items()]


def _score(row: CheckIn, teller: Teller) -> Line:
    parts = [str(row.score), teller.said("sources", row.source)]
    earlier = [str(entry.score) for entry in row.entries.all()][:-1]
    if earlier:
        parts.append(teller.own["before"].format(scores=", ".join(earlier)))
    if row.taken_back_at:
        parts.append(teller.own["taken_back"])
    parts += [entry.note for entry in row.entries.all() if entry.note]
    return Line(teller.day(row.local_date), " · ".join(parts))


def _log(row: SessionLog, names: Mapping[str, str], teller: Teller) -> Line:
    what = names[row.exercise.slug] if row.exercise else teller.said("kinds", row.kind)
    parts = [what, teller.said("outcomes", row.outcome)]
    if row.reason:
        parts.append(teller.words["reasons"][row.reason])
    figures = [(name, getattr(row, name)) for name in FIGURES]
    parts += [
        teller.own["figures"][name].format(value=value)
        for name, value in figures
        if value not in {None, ""}
    ]
    parts += [row.note] if row.note else []
    parts += [teller.own["taken_back"]] if row.undone_at else []
    return Line(
        teller.day(row.local_date), " · ".join([*parts, teller.said("sources", row.source)])
    )


def _week(row: Barrier, teller: Teller) -> Line:
    told = teller.words["days_done"].format(done=row.done, planned=row.planned)
    what = teller.words["barriers"].get(row.what, "")
    return Line(teller.day(row.local_date), f"{told} {what}".strip())


def _measure(row: Measure, teller: Teller) -> Line:
    said = teller.said("instruments", row.instrument)
    if row.instrument == Measure.Instrument.PSFS:
        value = ", ".join(f"{one['activity']} {one['score']}" for one in row.activities)
    elif row.instrument == Measure.Instrument.GROC:
        value = f"{int(row.value):+d}"
    else:
        value = teller.own["yes" if row.value else "no"]
    return Line(teller.day(row.local_date), f"{said}: {value}")


def _care(row: TreatmentSession, teller: Teller) -> Line:
    parts = [
        teller.several("modalities", row.modalities),
        teller.several("sites", row.sites),
        "" if row.adverse == TreatmentSession.Adverse.NONE else teller.said("adverse", row.adverse),
        row.adverse_detail,
        row.note,
    ]
    return Line(teller.day(row.local_date), " · ".join(part for part in parts if part))
