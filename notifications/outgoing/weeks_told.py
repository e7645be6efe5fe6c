"""The week's count in a text: what it says is looked up when it leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from exercises.models import Program, Schedule
from exercises.reads.weeks import week_counts
from exercises.rules.coaching import WeekCount
from exercises.rules.recurrence import Rule, is_on
from exercises.services.coaching import keep_asked
from notifications.models import OutboundMessage
from notifications.wording import ASK_BARRIER, PRAISE

Kind = OutboundMessage.Kind
NOTHING = WeekCount()


class WeeksTold:
    """The weeks that a batch speaks of or leaves room for, fetched once.

    One query, and a constant number more where a text speaks of one.
    """

    def __init__(
        self,
        messages: Sequence[OutboundMessage],
        schedules: Mapping[int, Any],
        *,
        patients: Collection[UUID],
    ) -> None:
        self._programs = {pk: row.program_id for pk, row in schedules.items()}
        # What a preview takes as done meanwhile.
        self._done: dict[UUID, set[date]] = defaultdict(set)
        wanted: dict[UUID, set[date]] = defaultdict(set)
        for message in messages:
            if _is_of_week(message) and message.schedule_id and message.local_date:
                wanted[self._programs[message.schedule_id]].add(message.local_date)
        self._counts = week_counts(wanted)
        self._rules: dict[UUID | None, list[Rule]] = defaultdict(list)
        weekly = Schedule.objects.filter(
            program__patient__in=patients, program__status=Program.Status.ACTIVE, kind=Kind.WEEK
        )
        for schedule in weekly.select_related("program"):
            self._rules[schedule.program.patient_id].append(schedule.rule)

    def of(self, message: OutboundMessage) -> WeekCount:
        """The week that `message` speaks of; an empty one for every other text."""
        if not (_is_of_week(message) and message.schedule_id and message.local_date):
            return NOTHING
        program = self._programs[message.schedule_id]
        known = self._counts.get((program, message.local_date), NOTHING)
        return known.with_done(self._done[program])

    def is_to_come(self, patient: UUID | None, at: datetime) -> bool:
        """Whether a week's count is to come later on the day of `at`, on the patient's clock."""
        return any(
            is_on(rule, at.date()) and max(rule.times) > at.time() for rule in self._rules[patient]
        )

    def word(self, message: OutboundMessage) -> None:
        """Praise or a question, as its week was; what was tried before keeps its words."""
        if _is_of_week(message) and not message.body:
            message.wording = PRAISE if self.of(message).is_met else ASK_BARRIER

    def keep_asked(self, messages: Sequence[OutboundMessage]) -> None:
        """Keep the counts that these questions tell, as they leave. One query, or none."""
        asked = [row for row in messages if row.wording == ASK_BARRIER]
        keep_asked(
            (self._programs[row.schedule_id], row.local_date, self.of(row))
            for row in asked
            if row.schedule_id and row.local_date
        )

    def count_done(self, message: OutboundMessage) -> None:
        """Take the exercises of the day that `message` reminds of as done."""
        if message.kind == Kind.EXERCISE and message.schedule_id and message.local_date:
            self._done[self._programs[message.schedule_id]].add(message.local_date)


def _is_of_week(message: OutboundMessage) -> bool:
    return message.kind == Kind.WEEK
