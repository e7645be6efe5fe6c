"""When somebody is told: the slow rise, skipping, pain during, and review points."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from exercises.rules import alerts
from exercises.rules.pain import trend
from tests.depth import tries

START = date(2026, 3, 3)


def course(*weeks: float, noise: float = 0.0, seed: int = 1) -> dict[date, int]:
    """A score a day around the value of each week."""
    random = Random(seed)  # noqa: S311  # made-up scores
    return {
        START + timedelta(days=day): min(10, max(0, round(random.gauss(weeks[day // 7], noise))))
        for day in range(len(weeks) * 7)
    }


def told_on(scores: dict[date, int]) -> list[int]:
    """The days (from 1) on which a slow rise is seen."""
    return [(day - START).days + 1 for day in sorted(scores) if alerts.of_weeks(scores, day)]


@pytest.mark.parametrize(
    ("label", "weeks", "first"),
    [
        ("a quiet course", (4, 4, 4, 4, 4, 4), None),
        ("better", (6, 5, 5, 4, 3, 3), None),
        ("the finding: 3 to 8 over ten weeks", (3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8), 42),
        ("up by one in two weeks running", (3, 4, 5), 21),
        ("up by one once", (3, 4, 4, 4), None),
        ("two above the best two weeks", (5, 3, 3, 4, 5), 35),
    ],
)
def test_a_slow_rise_is_seen_before_it_is_far(
    label: str, weeks: tuple[float, ...], first: int | None
) -> None:
    days = told_on(course(*weeks))
    assert bool(days) == (first is not None), (label, days)
    if first is not None:
        assert days[0] <= first, (label, days)


# The same lines thousands of times: others count them.
@pytest.mark.no_cover
def test_day_to_day_noise_of_a_stable_patient_is_rarely_a_slow_rise() -> None:
    seeds = range(tries(20, 60))
    false = sum(bool(told_on(course(*[4.0] * 12, noise=0.7, seed=seed))) for seed in seeds)
    # Seen: 9 of 60 courses of twelve weeks, each looked at on every day.
    assert false <= tries(4, 10)


@pytest.mark.no_cover
def test_a_noisy_slow_rise_is_seen() -> None:
    weeks = [3 + week * 0.5 for week in range(10)]
    seen = [told_on(course(*weeks, noise=0.7, seed=seed)) for seed in range(tries(10, 40))]
    assert all(days and days[0] <= 56 for days in seen)


@pytest.mark.parametrize(
    ("for_pain", "is_told"),
    [((True,), False), ((True, True), True), ((True, False, True), True), ((True, True, False, False), False), ((), False)],
)  # fmt: skip
def test_skipping_for_pain_is_told_at_two_of_three(
    for_pain: tuple[bool, ...], is_told: bool
) -> None:
    assert bool(alerts.of_skipping(for_pain)) == is_told


@pytest.mark.parametrize(
    ("pain", "beside", "is_told"),
    [(10, (), True), (9, (2,), True), (8, (), False), (6, (6,), True), (6, (5,), False), (5, (9,), False), (None, (9,), False)],
)  # fmt: skip
def test_pain_during(pain: int | None, beside: tuple[int, ...], is_told: bool) -> None:
    assert bool(alerts.of_pain_during(pain, beside)) == is_told


@pytest.mark.parametrize(
    ("label", "weeks", "name"),
    [
        ("3 to 7, the finding", (3, 3, 4, 5, 6, 7), "review_worse"),
        ("the same", (5, 5, 5, 5, 5, 5), "no_change"),
        ("a response", (6, 5, 4, 4, 3, 3), None),
        ("a low start that went to hardly any", (2, 2, 2, 1, 1, 1), None),
        ("nothing told for weeks", (5,), "review_no_data"),
    ],
)
def test_a_review_point(label: str, weeks: tuple[float, ...], name: str | None) -> None:
    on = START + timedelta(weeks=6) - timedelta(days=1)
    known = trend(course(*weeks), kind="first_step", start=START, on=on)
    assert [row.name for row in alerts.of_review(known, week=6)] == ([name] if name else []), label


def test_a_ten_is_critical_only_where_it_is_unusual() -> None:
    usual = {START + timedelta(days=day): 9 for day in range(7)}
    day = START + timedelta(days=7)
    assert alerts.of_score(usual | {day: 10}, day) == []
    lower = dict.fromkeys(usual, 8)
    assert [row.name for row in alerts.of_score(lower | {day: 10}, day)] == ["worst_pain"]
    assert [row.name for row in alerts.of_score({day: 10}, day)] == ["worst_pain"]
