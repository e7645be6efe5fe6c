"""The week's count on the patient's page: what the text of the day says or asks, said here too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from exercises.content.tips import tip_called
from exercises.models import Barrier, Program, Schedule
from exercises.reads.page_day import mark_of
from exercises.reads.weeks import week_counts
from exercises.rules.coaching import WeekCount
from exercises.rules.recurrence import is_on


@dataclass(frozen=True, slots=True)
class PageWeek:
    """The count of a program's week; `barrier` is what was told to be in the way, empty while
    nothing was, and `tip` the words for it.
    """

    program: Program
    count: WeekCount
    barrier: str = ""
    tip: str = ""

    @property
    def mark(self) -> str:
        """What its place on the page is called by."""
        return mark_of(self.program.pk)


def weeks_asked(programs: Sequence[Program], today: date, *, language: str) -> list[PageWeek]:
    """The weeks that are counted for the patient today. One query, more only on such a day."""
    running = {row.pk: row for row in programs if row.status == Program.Status.ACTIVE}
    schedules = Schedule.objects.filter(program__in=running, kind=Schedule.Kind.WEEK)
    asked = {row.program_id for row in schedules if is_on(row.rule, today)}
    if not asked:
        return []
    counts = week_counts({pk: [today] for pk in asked})
    told = {
        row.program_id: row
        for row in Barrier.objects.filter(program__in=asked, local_date=today).exclude(what="")
    }
    weeks = []
    for pk in (row.pk for row in programs if row.pk in asked):
        count, barrier = counts[pk, today], told.get(pk)
        tip = tip_called(barrier.tip) if barrier else None
        if count.is_enough and not count.is_sore:
            words = tip.in_language(language) if tip else ""
            weeks.append(PageWeek(running[pk], count, barrier.what if barrier else "", words))
    return weeks
