"""The week's count in a text: what it says is looked up when it leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from exercises.reads.weeks import week_counts
from exercises.rules.coaching import WeekCount
from notifications.models import OutboundMessage
from notifications.wording import ASK_BARRIER, PRAISE

Kind = OutboundMessage.Kind
NOTHING = WeekCount()


class WeeksTold:
    """The weeks that a batch speaks of, fetched once. A constant number of queries, none without
    such a text.
    """

    def __init__(self, messages: Sequence[OutboundMessage], schedules: Mapping[int, Any]) -> None:
        self._programs = {pk: row.program_id for pk, row in schedules.items()}
        # What a preview takes as done meanwhile.
        self._done: dict[UUID, set[date]] = defaultdict(set)
        wanted: dict[UUID, set[date]] = defaultdict(set)
        for message in messages:
            if _is_of_week(message) and message.schedule_id and message.local_date:
                wanted[self._programs[message.schedule_id]].add(message.local_date)
        self._counts = week_counts(wanted)

    def of(self, message: OutboundMessage) -> WeekCount:
        """The week that `message` speaks of; an empty one for every other text."""
        if not (_is_of_week(message) and message.schedule_id and message.local_date):
            return NOTHING
        program = self._programs[message.schedule_id]
        known = self._counts.get((program, message.local_date), NOTHING)
        return known.with_done(self._done[program])

    def word(self, message: OutboundMessage) -> None:
        """Praise or a question, as its week was; what was tried before keeps its words."""
        if _is_of_week(message) and not message.body:
            message.wording = PRAISE if self.of(message).is_met else ASK_BARRIER

    def count_done(self, message: OutboundMessage) -> None:
        """Take the exercises of the day that `message` reminds of as done."""
        if message.kind == Kind.EXERCISE and message.schedule_id and message.local_date:
            self._done[self._programs[message.schedule_id]].add(message.local_date)


def _is_of_week(message: OutboundMessage) -> bool:
    return message.kind == Kind.WEEK
