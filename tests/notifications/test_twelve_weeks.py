"""A thousand made-up patients over 12 weeks, asked by the rules and guards of the product.

They answer as published: 73 of 100 questions, exercises on 79, 67 and 60 of 100 days in weeks 1 and
2, 3 to 6, and 7 to 12 (docs/clinical-rules.md#coaching). No database: facts in, texts out.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from exercises.content.tips import tips
from exercises.models import Schedule
from exercises.rules.coaching import (
    NOT_AGAIN_WITHIN,
    SORE,
    WITHOUT_TIPS,
    Barrier,
    WeekCount,
    choose_tip,
    days_counted,
)
from exercises.rules.recurrence import TAPER, Rule, is_on
from notifications.outgoing.guards import Facts, reason_to_skip
from tests.depth import tries
from tests.factories import TODAY

ZONE = ZoneInfo("America/New_York")
DAYS = 84
ANSWERS = 0.731
# (until week, share of days done)
DONE = ((2, 0.79), (6, 0.67), (12, 0.60))
FIXED = Schedule.FIXED
RULES = {
    "check_in": Rule((time(8, 30),), TODAY, TAPER),
    "signs": Rule((time(12),), TODAY, FIXED["signs"]),
    "nudge": Rule((time(14),), TODAY, TAPER),
    "pass": Rule((time(17),), TODAY, FIXED["pass"]),
    "week": Rule((time(18),), TODAY + timedelta(days=1), FIXED["week"]),
}
FINE = Facts(
    kind="", wording="", due_at=datetime(2026, 3, 3, tzinfo=ZONE), local_date=None, zone=ZONE, hours=(time(8), time(20)),
    consent="granted", has_sender=True, texting_on=True, program_active=True, on_hold=False,
    nothing_planned=False, too_sore=False, answered=False, asked_today=False, silent_days=0, prompts_today=0,
    prompts_per_day=2, week_to_come=False, asked_for=False, texts_today=0, daily_cap=10, same_text_lately=0, worded=True,
)  # fmt: skip  # a table


@dataclass
class Life:
    """One patient: what was sent, done, told and answered."""

    chance: random.Random
    sent: Counter[date] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    weeks: list[tuple[date, str, WeekCount]] = field(default_factory=list)
    tips: list[tuple[date, Barrier, str]] = field(default_factory=list)
    pain: dict[date, int] = field(default_factory=dict)
    done: set[date] = field(default_factory=set)
    unanswered: set[date] = field(default_factory=set)

    def live(self) -> Life:
        level = self.chance.randint(3, 7)
        for number in range(DAYS):
            day = TODAY + timedelta(days=number)
            self._day(day, number // 7 + 1, max(0, min(10, level + self.chance.randint(-2, 3))))
            level = max(0, level - (self.chance.random() < 0.06))
        return self

    def _day(self, day: date, week: int, pain: int) -> None:
        asked = {kind: rule for kind, rule in RULES.items() if is_on(rule, day)}
        for kind, rule in asked.items():
            at = datetime.combine(day, rule.times[0], tzinfo=ZONE)
            facts = self._facts(kind, at, day, week_is_on="week" in asked)
            if reason_to_skip(facts, now=at) is None:
                self.sent[day] += 1
                self.kinds[kind] += 1
                self._answer(kind, day, pain)
        if self.chance.random() < next(share for until, share in DONE if week <= until):
            self.done.add(day)

    def _facts(self, kind: str, at: datetime, day: date, *, week_is_on: bool) -> Facts:
        count = self.count(day)
        return replace(
            FINE,
            kind=kind,
            wording=kind,
            due_at=at,
            local_date=day,
            answered=kind in {"check_in", "nudge"} and day in self.pain,
            asked_today=self.sent[day] > 0,
            silent_days=sum(other < day for other in self.unanswered),
            prompts_today=self.sent[day],
            week_to_come=week_is_on and kind != "week",
            nothing_planned=kind == "week" and not count.is_enough,
            too_sore=kind == "week" and count.is_sore,
        )

    def count(self, on: date) -> WeekCount:
        days = days_counted(on)
        told = [self.pain[day] for day in (*days, on) if day in self.pain]
        known = frozenset(day for day in days if day >= TODAY)
        return WeekCount(known & self.done, known, max(told, default=None))

    def _answer(self, kind: str, day: date, pain: int) -> None:
        count = self.count(day)
        if kind == "week":
            self.weeks.append((day, "praise" if count.is_met else "ask", count))
        if self.chance.random() >= ANSWERS:
            if kind in {"check_in", "nudge"}:
                self.unanswered.add(day)
            return
        # A word ends a silence; a patient who stays silent is the clinic's to call.
        self.unanswered.clear()
        if kind in {"check_in", "nudge"}:
            self.pain[day] = pain
        elif kind == "week" and not count.is_met:
            self._tell(day)

    def _tell(self, day: date) -> None:
        what = self.chance.choice(list(Barrier))
        given = {key: on for on, _, key in self.tips}
        tip = choose_tip(tips(), what, given=given, on=day)
        if what in WITHOUT_TIPS:
            assert tip is None
        else:
            assert tip is not None
            self.tips.append((day, what, tip.key))


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    return [Life(random.Random(seed)).live() for seed in range(tries(300, 1_000))]  # noqa: S311  # made-up patients


def test_few_texts_a_day_and_never_more_than_agreed(lives: list[Life]) -> None:
    texts = sum(sum(life.sent.values()) for life in lives)
    assert 0.5 < texts / (len(lives) * DAYS) <= 1.2
    assert max(max(life.sent.values()) for life in lives) == 2
    # The day has one question, the week's count among them: none of the kinds goes hungry.
    assert all(set(RULES) <= set(life.kinds) for life in lives if not life.unanswered)


def test_no_tip_comes_again_within_three_weeks_and_each_answers(lives: list[Life]) -> None:
    by_key = {tip.key: tip.barrier for tip in tips()}
    given = 0
    for life in lives:
        last: dict[str, date] = {}
        for day, what, key in life.tips:
            assert by_key[key] == what
            assert day - last.get(key, date.min) > NOT_AGAIN_WITHIN
            last[key] = day
            given += 1
    assert given > len(lives)


def test_nothing_is_said_in_a_sore_week(lives: list[Life]) -> None:
    sore = [
        count for life in lives for _, _, count in life.weeks if (count.worst_pain or 0) >= SORE
    ]
    assert sore == []
    # There were such weeks, and they were left alone.
    weeks_lived = DAYS // 7 - 1
    assert sum(weeks_lived - len(life.weeks) for life in lives) > len(lives) // 4


def test_who_does_four_in_five_is_praised_and_nobody_else(lives: list[Life]) -> None:
    """Prints what each week asked (`pytest -s`)."""
    table: dict[int, Counter[str]] = {}
    for life in lives:
        for day, how, count in life.weeks:
            assert (how == "praise") == (5 * count.done >= 4 * count.planned)
            table.setdefault((day - TODAY).days // 7, Counter())[how] += 1
    for week, told in sorted(table.items()):
        print(f"week {week}: {told['ask']} asked, {told['praise']} praised")  # noqa: T201  # what it is for
    assert sorted(table) == list(range(1, DAYS // 7))
    # As adherence falls, more are asked.
    share = {week: told["ask"] / told.total() for week, told in table.items()}
    assert share[11] > share[1]
