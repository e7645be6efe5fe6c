"""Which order held when: each exercise of each version of a program, as it really came to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from exercises.models import Prescription, Program, ProgramVersion, SessionLog, User
from exercises.reads.versions import ProgramVersions, versions_of
from exercises.rules.plan import week_of

ONE_DAY = timedelta(days=1)
STATUS = {
    Program.Status.ACTIVE: "active",
    Program.Status.PAUSED: "on-hold",
    Program.Status.ENDED: "completed",
}


@dataclass(frozen=True, slots=True)
class Order:
    """An exercise with its dose: its state, the days it is or was for (`start` None: not yet known,
    it waits for a decision, or never began), who asked for it and when that last changed.
    """

    row: Prescription
    status: str
    start: date | None
    end: date | None
    authored_at: datetime
    requester: User | None
    updated: datetime

    @property
    def key(self) -> str:
        """Its lasting id."""
        return f"prescription-{self.row.pk}"


class Orders:
    """The orders of a patient's programs as they stand on a day. Five queries."""

    def __init__(self, programs: Sequence[Program], *, today: date) -> None:
        self._programs = {program.pk: program for program in programs}
        self._today = today
        self._known = versions_of(list(self._programs))
        self.changed = _changes(programs)
        self._versions: dict[UUID, dict[int, ProgramVersion]] = defaultdict(dict)
        for version in ProgramVersion.objects.filter(program__in=programs).select_related(
            "changed_by"
        ):
            self._versions[version.program_id][version.number] = version
        self._rows: dict[UUID, list[Prescription]] = defaultdict(list)
        for row in (
            Prescription.objects.filter(phase__program__in=programs)
            .select_related("phase", "exercise")
            .order_by("phase__version", "phase__number", "position")
        ):
            self._rows[row.phase.program_id].append(row)

    def of_program(self, program: Program) -> list[Order]:
        """Every order of every version, the oldest version first."""
        return [self._order(row, program) for row in self._rows[program.pk]]

    def people_of(self, program: Program) -> list[User]:
        """Who assigned and changed it."""
        found = [program.assigned_by]
        found += [row.changed_by for row in self._versions[program.pk].values()]
        return [user for user in found if user is not None]

    def of_log(self, log: SessionLog) -> str:
        """The id of the order that `log` tells of; empty: of a whole day, or of none."""
        if log.exercise is None:
            return ""
        versions, day = self._known[log.program_id], log.local_date
        number, week = versions.number_on(day), _week_on(versions, day)
        same = [
            row
            for row in self._rows[log.program_id]
            if row.phase.version == number and row.exercise.slug == log.exercise.slug
        ]
        on_that_day = [row for row in same if _first(row) <= week <= (_last(row) or week)]
        return next((f"prescription-{row.pk}" for row in (*on_that_day, *same)), "")

    def _order(self, row: Prescription, program: Program) -> Order:
        versions = self._known[program.pk]
        version = self._versions[program.pk].get(row.phase.version)
        since, until = _holds(versions, row.phase.version)
        start, end = _bounds(row, versions, since=since, until=until, today=self._today)
        turns = [day for day in (since, until + ONE_DAY if until else None) if day]
        zone = program.patient.zone
        passed = [
            datetime.combine(day, time.min, tzinfo=zone) for day in turns if day <= self._today
        ]
        authored_at = version.created_at if version else program.created_at
        return Order(
            row=row,
            status=self._status(row, program, start=start, end=end, until=until),
            start=start,
            end=end,
            authored_at=authored_at,
            requester=(version.changed_by if version else None) or program.assigned_by,
            updated=max([authored_at, *passed, *self.changed[program.pk]]),
        )

    def _status(
        self,
        row: Prescription,
        program: Program,
        *,
        start: date | None,
        end: date | None,
        until: date | None,
    ) -> str:
        is_over = until is not None and until < self._today
        if start is None:
            return "revoked" if is_over or program.ended_at else "draft"
        if is_over or (end is not None and end < self._today):
            return "completed"
        return STATUS[Program.Status(program.status)]


def _changes(programs: Sequence[Program]) -> Mapping[UUID, list[datetime]]:
    """When each program was assigned, paused, resumed or ended. One query."""
    found = {
        str(program.pk): [at for at in (program.created_at, program.ended_at) if at]
        for program in programs
    }
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Program),
        object_pk__in=found,
        changes__has_key="status",
    )
    for key, at in entries.values_list("object_pk", "timestamp"):
        found[key].append(at)
    return {program.pk: found[str(program.pk)] for program in programs}


def _holds(versions: ProgramVersions, number: int) -> tuple[date, date | None]:
    """The first and the last day of a version; None: nothing took its place yet."""
    since = dict(versions.from_dates).get(number, versions.start_date)
    later = [day for other, day in versions.from_dates if other > number]
    return since, min(later) - ONE_DAY if later else None


def _bounds(
    row: Prescription,
    versions: ProgramVersions,
    *,
    since: date,
    until: date | None,
    today: date,
) -> tuple[date | None, date | None]:
    """The days an order is or was for. Where load waits for a decision the calendar does not end
    what goes on meanwhile, nor begin what waits.
    """
    start = max(since, versions.start_date + timedelta(weeks=_first(row) - 1))
    last = _last(row)
    end = versions.start_date + timedelta(weeks=last) - ONE_DAY if last else None
    looked_at = min(until or today, max(today, since))
    if versions.decided.get(row.phase.version) is not None:
        week = _week_on(versions, looked_at)
        if _first(row) > week:
            return None, None
        if last is not None and week <= last:
            end = None  # it goes on until somebody decides
    ends = [day for day in (end, until) if day is not None]
    end = min(ends, default=None)
    return (None, None) if end is not None and end < start else (start, end)


def _week_on(versions: ProgramVersions, day: date) -> int:
    """The week whose plan held that day: the calendar's, or an earlier one that waits."""
    return versions.stage_on(day).week or max(1, week_of(day, start_date=versions.start_date))


def _first(row: Prescription) -> int:
    return row.first_week or row.phase.first_week


def _last(row: Prescription) -> int | None:
    return row.last_week or row.phase.last_week
