"""What scores tell, and that a single number tells nothing but danger."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.pain import FEWEST_SCORES, reasons_on, week_before

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
    assert [reason.name for reason in reasons_on(series(*scores), TODAY)] == names, label


HISTORY = st.dictionaries(
    st.integers(0, 20).map(lambda back: TODAY - timedelta(days=back)), st.integers(0, 10)
)


@given(scores=HISTORY)
def test_nothing_but_a_ten_speaks_on_fewer_scores_than_the_rule_needs(
    scores: dict[date, int],
) -> None:
    before = [scores[day] for day in scores if 1 <= (TODAY - day).days <= 7]
    names = {reason.name for reason in reasons_on(scores, TODAY)}
    if len(before) < FEWEST_SCORES:
        assert names <= {"worst_pain"}
    if TODAY not in scores:
        assert names == set()


@given(scores=HISTORY)
def test_the_median_is_that_of_the_seven_days_before(scores: dict[date, int]) -> None:
    before = sorted(scores[day] for day in scores if 1 <= (TODAY - day).days <= 7)
    expected = median(before) if len(before) >= FEWEST_SCORES else None
    assert week_before(scores, TODAY) == expected
