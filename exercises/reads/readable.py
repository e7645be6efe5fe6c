"""A patient's record in the patient's own words: what a person reads, not what a computer does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    programs = {
        row.pk: row for row in visible.select_related("patient").order_by("created_at", "pk")
    }
    versions = versions_of(programs) if programs else {}
    logs = list(_of(SessionLog, user, patient).select_related("exercise").prefetch_related("edits"))
    names = _names(patient, versions, logs)
    own, weeks, measures = teller.own, _of(Barrier, user, patient), _of(Measure, user, patient)

    def side(row: Any) -> str:
        """Which side a line is about, for who has two programs."""
        told: str = teller.words["sides"][programs[row.program_id].side]
        return told if len(programs) > 1 else ""

    return [
        *(_program(row, versions[row.pk], names, teller) for row in programs.values()),
        *_pain(_scores(user, patient), programs, side, teller),
        Section(own["done"], [_log(row, side(row), names, teller) for row in logs]),
        Section(own["weeks"], [_week(row, side(row), teller) for row in weeks]),
        Section(own["reviews"], [_measure(row, side(row), teller) for row in measures]),
        Section(own["care"], [_care(row, teller) for row in _care_rows(user, patient)]),
    ]  # fmt: skip  # a list


def _names(
    patient: Patient, versions: Mapping[UUID, ProgramVersions], logs: Iterable[SessionLog]
) -> dict[str, str]:
    """What each exercise that was asked for or logged is called, by its slug."""
    asked = [items for row in versions.values() for items in row.items.values()]
    slugs = {item.exercise for items in asked for item in items}
    slugs |= {log.exercise.slug for log in logs if log.exercise}
    guides = guides_of(slugs, clinic=patient.clinic_id, language=patient.language) if slugs else {}
    return {slug: guide.name for slug, guide in guides.items()}


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


def _joined(*parts: str) -> str:
    """What there is, with a dot between."""
    return " · ".join(part for part in parts if part)


def _program(
    program: Program, versions: ProgramVersions, names: Mapping[str, str], teller: Teller
) -> Section:
    """Each version from its first day on, an exercise a line; then the day it ended."""
    own, zone = teller.own, program.patient.zone
    days = dict(versions.from_dates)
    several = len(days) > 1
    lines = [
        Line(
            _joined(teller.day(from_date), own["version"].format(number=number) if several else ""),
            _item(item, names, teller),
        )
        for number, from_date in versions.from_dates
        for item in versions.items.get(number, ())
    ]
    lines = lines or [Line(teller.day(program.start_date), own["begun"])]
    if program.ended_at:
        lines.append(Line(teller.day(program.ended_at.astimezone(zone).date()), own["ended"]))
    name = in_words(program.name, teller.handout)
    side = teller.words["sides"][program.side]
    return Section(_joined(name, side, teller.said("states", program.status)), lines)


def _item(item: Item, names: Mapping[str, str], teller: Teller) -> str:
    """The dose of a round, when and how often, and what the provider wrote beside it."""
    dose = dose_words(PlannedRound(item, "", item.hours), teller.handout)
    slots = dict.fromkeys(teller.handout.slots[slot] for slot in item.slots)
    times = item.times_per_day or 1
    return _joined(
        names[item.exercise],
        teller.handout.ramp if item.ramps else dose,
        ", ".join(slots) or (teller.own["a_day"].format(times=times) if times > 1 else ""),
        _days(item, teller),
        in_words(item.note, teller.handout),
        in_words(item.phase, teller.handout),
        teller.own["weeks_of"].format(first=item.first_week, last=item.last_week or "…"),
    )


def _days(item: Item, teller: Teller) -> str:
    if item.weekdays:
        return ", ".join(teller.handout.days[day] for day in item.weekdays)
    every = item.every_n_days or 1
    found: str = teller.own["every"].format(days=every) if every > 1 else teller.own["daily"]
    return found


def _pain(
    rows: Iterable[CheckIn],
    programs: Mapping[UUID, Program],
    side: Callable[[CheckIn], str],
    teller: Teller,
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
        found[_joined(question, side(row))].append(_score(row, teller))
    return [Section(question, lines) for question, lines in found.items()]


def _score(row: CheckIn, teller: Teller) -> Line:
    """What counts, and beside it what was said before and what was taken back."""
    entries = sorted(row.entries.all(), key=lambda one: (one.said_at or one.created_at, one.pk))
    given = [one for one in entries if one.undone_at is None]
    earlier = [str(one.score) for one in given[:-1]]
    undone = [str(one.score) for one in entries if one.undone_at is not None]
    parts = [
        "" if row.taken_back_at else str(row.score),
        teller.said("sources", row.source),
        teller.own["before"].format(scores=", ".join(earlier)) if earlier else "",
        teller.own["taken_back"].format(said=", ".join(undone)) if undone else "",
        *(one.note for one in given),
    ]
    return Line(teller.day(row.local_date), _joined(*parts))


def _log(row: SessionLog, side: str, names: Mapping[str, str], teller: Teller) -> Line:
    what = names[row.exercise.slug] if row.exercise else teller.said("kinds", row.kind)
    edits = [_figures(edit.before, teller) for edit in row.edits.all()]
    told = {name: getattr(row, name) for name in ("outcome", "reason", *FIGURES, "note")}
    said = _joined(
        what,
        teller.handout.slots.get(row.slot, ""),
        side,
        _figures(told, teller),
        teller.said("sources", row.source),
        *(teller.own["before"].format(scores=edit) for edit in edits),
    )
    if row.undone_at:
        said = teller.own["taken_back"].format(said=said)
    return Line(teller.day(row.local_date), said)


def _figures(told: Mapping[str, Any], teller: Teller) -> str:
    """What was told of a session, as it stands in the row or stood before an edit."""
    own, reasons = teller.own["figures"], teller.words["reasons"]
    reason = str(told.get("reason") or "")
    load = str(told.get("load") or "")
    values = {**told, "load": teller.handout.colours.get(load, load)}
    figures = [(name, values.get(name)) for name in FIGURES]
    return _joined(
        teller.said("outcomes", str(told.get("outcome", ""))),
        reasons.get(reason, reason),
        *(own[name].format(value=value) for name, value in figures if value not in {None, ""}),
        str(told.get("note") or ""),
    )


def _week(row: Barrier, side: str, teller: Teller) -> Line:
    told = teller.own["week"].format(done=row.done, planned=row.planned)
    what = teller.words["barriers"].get(row.what, row.what)
    return Line(teller.day(row.local_date), _joined(side, told, what))


def _measure(row: Measure, side: str, teller: Teller) -> Line:
    said = teller.said("instruments", row.instrument)
    if row.instrument == Measure.Instrument.PSFS:
        value = ", ".join(
            f"{one.get('activity', '')} {one.get('score', '')}" for one in row.activities
        )
    elif row.instrument == Measure.Instrument.GROC:
        value = f"{int(row.value):+d}" if row.value else "0"
    else:
        value = teller.own["yes" if row.value else "no"]
    return Line(teller.day(row.local_date), _joined(side, f"{said}: {value}"))


def _care(row: TreatmentSession, teller: Teller) -> Line:
    parts = [
        teller.several("modalities", row.modalities),
        teller.several("sites", row.sites),
        "" if row.adverse == TreatmentSession.Adverse.NONE else teller.said("adverse", row.adverse),
        row.adverse_detail,
        row.note,
    ]
    return Line(teller.day(row.local_date), _joined(*parts))
