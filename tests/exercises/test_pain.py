"""What scores tell, and that a single number tells nothing but danger."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.alerts import of_score
from exercises.rules.pain import (
    FEWEST_SCORES,
    Week,
    baseline,
    current,
    trend,
    week_before,
    weekly_medians,
)

TODAY = date(2026, 3, 10)


def series(*scores: int | None) -> dict[date, int]:
    """Scores of consecutive days, the last one today's; None: no answer."""
    days = range(len(scores) - 1, -1, -1)
    return {
        TODAY - timedelta(days=back): score
        for back, score in zip(days, scores, strict=True)
        if score is not None
    }


@pytest.mark.parametrize(
    ("label", "scores", "names"),
    [
        ("a quiet week", (4, 4, 4, 4), []),
        ("a ten speaks alone", (10,), ["worst_pain"]),
        ("a first nine does not", (9,), []),
        ("four above the median", (4, 4, 4, 8), ["sharp_rise"]),
        ("three above, once", (4, 4, 4, 7), []),
        ("two above on two days", (4, 4, 4, 6, 6), ["rise"]),
        ("two above, then back", (4, 4, 4, 6, 4), []),
        ("two days, one unknown before", (4, 4, None, 6, 6), []),
        ("both, and a ten", (4, 4, 4, 6, 10), ["worst_pain", "sharp_rise", "rise"]),
        ("no score today", (4, 4, 4, None), []),
        ("eight days ago does not count", (0, None, None, None, None, None, 5, 5, 8), []),
    ],
)
def test_the_reasons_of_a_day(label: str, scores: tuple[int | None, ...], names: list[str]) -> None:
    assert [reason.name for reason in of_score(series(*scores), TODAY)] == names, label


HISTORY = st.dictionaries(
    st.integers(0, 20).map(lambda back: TODAY - timedelta(days=back)), st.integers(0, 10)
)


@given(scores=HISTORY)
def test_nothing_but_a_ten_speaks_on_fewer_scores_than_the_rule_needs(
    scores: dict[date, int],
) -> None:
    before = [scores[day] for day in scores if 1 <= (TODAY - day).days <= 7]
    names = {reason.name for reason in of_score(scores, TODAY)}
    if len(before) < FEWEST_SCORES:
        assert names <= {"worst_pain"}
    if TODAY not in scores:
        assert names == set()


@given(scores=HISTORY)
def test_the_median_is_that_of_the_seven_days_before(scores: dict[date, int]) -> None:
    before = sorted(scores[day] for day in scores if 1 <= (TODAY - day).days <= 7)
    expected = median(before) if len(before) >= FEWEST_SCORES else None
    assert week_before(scores, TODAY) == expected


def middle(values: list[int]) -> float:
    """The median worked out another way: half the sum of the two in the middle."""
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


@pytest.mark.parametrize(
    ("label", "scores", "at_first", "now"),
    [
        ("nothing", (), None, None),
        ("two scores", (7, 6), None, None),
        ("three are a baseline, no value yet", (7, 6, 5), 6, None),
        ("a week", (7, 7, 6, 6, 6, 5, 5), 6, 6),
        ("a gap in the first week", (8, None, None, 6, None, None, 7, 3), 7, 6.5),
        ("scores grow rare: the newest four", (8, 8, 8, *[None] * 7, 5, *[None] * 6, 3, *[None] * 6, 3), 8, 4),
        ("four in more than 28 days say nothing", (8, 8, 8, *[None] * 27, 3), 8, None),
    ],
)  # fmt: skip  # a table
def test_baseline_and_the_value_now(
    label: str, scores: tuple[int | None, ...], at_first: float | None, now: float | None
) -> None:
    known = series(*scores)
    assert (baseline(known), current(known, TODAY)) == (at_first, now), label


@pytest.mark.parametrize(
    ("first", "now", "kind", "matters", "responder"),
    [
        (7, 5, "first_step", True, False),  # 2 points, but 29 %
        (6, 4, "first_step", True, True),
        (3, 2, "first_step", False, False),  # 33 %, but 1 point
        (3, 2, "average", True, False),
        (4, 6, "first_step", True, False),
        (5, 5, "first_step", False, False),
    ],
)
def test_change_and_response(
    first: int, now: int, kind: str, matters: bool, responder: bool
) -> None:
    scores = series(*[first] * 7, *[now] * 7)
    course = trend(scores, kind=kind, start=TODAY - timedelta(days=13), on=TODAY)
    assert (course.baseline, course.current, course.change) == (first, now, now - first)
    assert (course.matters, course.responder) == (matters, responder)
    assert course.weeks == (Week(1, first, 7), Week(2, now, 7))


def test_the_first_week_is_no_change() -> None:
    course = trend(series(8, 8, 8, 2, 2, 2, 2), kind="first_step", start=TODAY, on=TODAY)
    assert (course.baseline, course.change, course.responder) == (2, None, None)


LONG = st.dictionaries(
    st.integers(0, 60).map(lambda back: TODAY - timedelta(days=back)), st.integers(0, 10)
)


@given(scores=LONG)
def test_the_trend_equals_an_independent_calculation(scores: dict[date, int]) -> None:
    start = TODAY - timedelta(days=60)
    course = trend(scores, kind="first_step", start=start, on=TODAY)
    ordered = sorted(scores)
    early = [scores[day] for day in ordered if day < ordered[0] + timedelta(days=7)]
    assert course.baseline == (middle(early) if len(early) >= 3 else None)
    week = [scores[day] for day in ordered if day > TODAY - timedelta(days=7)]
    newest = [scores[day] for day in ordered if day > TODAY - timedelta(days=28)][-4:]
    now = week if len(week) >= 4 else newest
    assert course.current == (middle(now) if len(now) >= 4 else None)
    if course.change is not None:
        assert course.baseline is not None
        assert course.current is not None
        assert course.change == course.current - course.baseline
        much_less = course.change <= -2 and course.current <= 0.7 * course.baseline + 1e-9
        assert course.responder == (much_less or course.current <= 1)


@given(scores=LONG)
def test_a_weekly_median_takes_four_scores(scores: dict[date, int]) -> None:
    start = TODAY - timedelta(days=60)
    for week in weekly_medians(scores, start=start, until=TODAY):
        first = start + timedelta(days=7 * (week.number - 1))
        known = [scores[day] for day in scores if first <= day < first + timedelta(days=7)]
        assert week.count == len(known)
        assert week.median == (middle(known) if len(known) >= 4 else None)
