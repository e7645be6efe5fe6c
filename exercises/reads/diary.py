"""What was done of a program, item by item and day by day: the adherence calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from exercises.models import Program
from exercises.reads.course import NOTHING, DayLog, day_logs
from exercises.reads.versions import program_versions
from exercises.rules.plan import PlannedRound


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """An item on a day: its rounds done of those planned, and whether some were skipped."""

    local_date: date
    done: int = 0
    planned: int = 0
    skipped: bool = False

    @property
    def state(self) -> str:
        """ "done", "part", "skipped" with a word, "untold" without one; empty: not planned."""
        if not self.planned:
            return ""
        if self.done:
            return "done" if self.done == self.planned else "part"
        return "skipped" if self.skipped else "untold"


@dataclass(frozen=True, slots=True)
class DiaryItem:
    """An item over the days asked for, in their order."""

    name: str
    days: tuple[DiaryDay, ...]


def diary_of(program: Program, days: Sequence[date]) -> list[DiaryItem]:
    """Every item planned on any of `days` (in order, not empty). Three queries."""
    versions = program_versions(program)
    logs = day_logs(program, since=days[0], until=days[-1])
    rounds: dict[str, dict[date, list[PlannedRound]]] = defaultdict(lambda: defaultdict(list))
    for day in days:
        plan = versions.plan_on(day)
        for planned in plan.rounds:
            rounds[planned.item.name][day].append(planned)
    return [
        DiaryItem(name, tuple(_day(day, by_day[day], logs.get(day, NOTHING)) for day in days))
        for name, by_day in rounds.items()
    ]


def _day(day: date, planned: Collection[PlannedRound], log: DayLog) -> DiaryDay:
    return DiaryDay(
        local_date=day,
        done=sum(log.is_done(row) for row in planned),
        planned=len(planned),
        skipped=any(log.is_skipped(row) for row in planned),
    )
