"""What programs and templates ask for, version by version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from exercises.models import (
    Exercise,
    Prescription,
    Program,
    ProgramTemplate,
    ProgramVersion,
)
from exercises.models.doses import DOSE_FIELDS, Dose, PhaseWeeks
from exercises.rules.doses import ItemSpec
from exercises.rules.phases import PhaseSpec
from exercises.rules.plan import DayPlan, Item, Stage, item_of, phase_on, plan_on, week_of
from exercises.rules.stages import next_rise, postponed

# Of a prescription, before its dose. Whole rows would make a phase and an exercise of each, which
# cost more than all else of the daily look.
ITEM_COLUMNS = (
    "phase__program_id",
    "phase__version",
    "phase__name",
    "phase__first_week",
    "phase__last_week",
    "exercise__slug",
    "exercise__name",
    "exercise__minutes",
)


@dataclass(frozen=True, slots=True)
class ProgramVersions:
    """What a program asked for, version by version."""

    start_date: date
    # (number, first day), the oldest first; items by the version's number.
    from_dates: tuple[tuple[int, date], ...]
    items: Mapping[int, Sequence[Item]]
    # The week up to which somebody decided, by the version's number; None: the calendar moves it.
    decided: Mapping[int, int | None] = field(default_factory=dict)

    def number_on(self, day: date) -> int:
        """The newest version that holds on `day`; before the first one, the first."""
        holding = [number for number, from_date in self.from_dates if from_date <= day]
        return max(holding, default=self.from_dates[0][0])

    def items_on(self, day: date) -> Sequence[Item]:
        """The items of the version that holds on `day`."""
        return self.items.get(self.number_on(day), ())

    def next_rise_on(self, day: date) -> int | None:
        """The week whose higher load waits for a decision on `day`; None: none does."""
        decided = self.decided.get(self.number_on(day))
        return None if decided is None else next_rise(self.items_on(day), after=decided)

    def stage_on(self, day: date) -> Stage:
        """How far the program is on `day`: as the calendar says, but not past what was decided."""
        if self.decided.get(self.number_on(day)) is None:
            return Stage()
        week, rise = week_of(day, start_date=self.start_date), self.next_rise_on(day)
        return Stage(week if rise is None else min(week, rise - 1), counts_from_start=True)

    def plan_on(self, day: date) -> DayPlan:
        """What stands on the plan of `day`."""
        return plan_on(
            self.items_on(day), start_date=self.start_date, on=day, stage=self.stage_on(day)
        )

    def phase_on(self, day: date) -> str:
        """The name of the phase on `day`."""
        return phase_on(
            self.items_on(day), start_date=self.start_date, on=day, stage=self.stage_on(day)
        )


def program_versions(program: Program) -> ProgramVersions:
    """All versions of one program. Two queries."""
    return versions_of([program.pk])[program.pk]


def versions_of(programs: Collection[UUID]) -> dict[UUID, ProgramVersions]:
    """All versions of several programs. Two queries, three where one has no version yet."""
    starts: dict[UUID, date] = {}
    from_dates: dict[UUID, list[tuple[int, date]]] = defaultdict(list)
    rows = ProgramVersion.objects.filter(program__in=programs).order_by("number")
    decided: dict[UUID, dict[int, int | None]] = defaultdict(dict)
    for program_id, start_date, number, from_date, week in rows.values_list(
        "program_id", "program__start_date", "number", "from_date", "decided_week"
    ):
        starts[program_id] = start_date
        from_dates[program_id].append((number, from_date))
        decided[program_id][number] = week
    # A program without a row yet, written by an older release, is its own first version.
    missing = set(programs) - set(starts)
    others = Program.objects.filter(pk__in=missing) if missing else Program.objects.none()
    for program_id, start_date in others.values_list("pk", "start_date"):
        starts[program_id] = start_date
        from_dates[program_id].append((1, start_date))
    items: dict[UUID, dict[int, list[Item]]] = defaultdict(lambda: defaultdict(list))
    prescriptions = Prescription.objects.filter(phase__program__in=programs)
    for program_id, version, phase, first, last, slug, name, minutes, *dose in (
        prescriptions.order_by("phase__number", "position").values_list(*ITEM_COLUMNS, *DOSE_FIELDS)
    ):  # fmt: skip  # a row
        spec = ItemSpec(exercise=slug, **dict(zip(DOSE_FIELDS, dose, strict=True)))
        item = item_of(spec, name=name, phase=phase, weeks=(first, last), minutes=minutes)
        items[program_id][version].append(item)
    return {
        program_id: ProgramVersions(
            start, tuple(from_dates[program_id]), items[program_id], decided[program_id]
        )
        for program_id, start in starts.items()
    }


def template_items(template: ProgramTemplate) -> list[Item]:
    """A template's items in order. Three queries."""
    phases = template.phases.prefetch_related("items__exercise")
    return [item.as_item(phase, item.exercise) for phase in phases for item in phase.items.all()]


def template_phases(template: ProgramTemplate) -> tuple[PhaseSpec, ...]:
    """A template as it is asked for; phases without items are left out. Three queries."""
    return _specs(
        (phase, [(item, item.exercise) for item in phase.items.all()])
        for phase in template.phases.prefetch_related("items__exercise")
    )


def program_phases(program: Program, *, version: int | None = None) -> tuple[PhaseSpec, ...]:
    """What a version of a program (the newest) asks for. Three queries."""
    phases = program.phases.filter(version=version or program.version)
    return _specs(
        (phase, [(row, row.exercise) for row in phase.prescriptions.all()])
        for phase in phases.prefetch_related("prescriptions__exercise")
    )


def standing_phases(
    program: Program, *, on: date, versions: ProgramVersions | None = None
) -> tuple[PhaseSpec, ...]:
    """The newest version as it stands on `on`: what waits for a decision begins next week at the
    earliest, so that a change of something else does not let it begin. Five queries, three with the
    `versions` that were read already.
    """
    phases = program_phases(program)
    rise = (versions or program_versions(program)).next_rise_on(on)
    if rise is None:
        return phases
    week = week_of(on, start_date=program.start_date)
    return postponed(phases, from_week=rise, weeks=max(0, week + 1 - rise))


def _specs(
    phases: Iterable[tuple[PhaseWeeks, Sequence[tuple[Dose, Exercise]]]],
) -> tuple[PhaseSpec, ...]:
    return tuple(
        PhaseSpec(
            number=phase.number,
            name=phase.name,
            forward_when=phase.forward_when,
            first_week=phase.first_week,
            last_week=phase.last_week,
            items=tuple(dose.as_spec(exercise) for dose, exercise in items),
        )
        for phase, items in phases
        if items
    )


def exercises_of(clinic: int, slugs: Iterable[str]) -> dict[str, Exercise]:
    """Exercises by slug; a clinic's own one comes before a shared one. One query."""
    owners = Q(clinic=None) | Q(clinic=clinic)
    rows = Exercise.objects.filter(owners, slug__in=list(slugs))
    # The clinic's own ones last, so that they stay.
    return {row.slug: row for row in sorted(rows, key=lambda row: row.clinic_id is not None)}
