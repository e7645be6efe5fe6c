"""Hundreds of made-up patients against the load rule: days missed, bad mornings, skips, late answers.

What must never be proposed is worked out here a second time, from the words of
docs/clinical-rules.md#load-rule and not from the code of the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from statistics import median

import pytest

from exercises.rules.progression import Advice, Session, advise
from tests.depth import tries

DAY = timedelta(days=1)
START = date(2026, 3, 2)
WEEKS = 12
# How a patient may be: (first pain, change a week, noise, answers, does the exercises, pain during).
Habits = tuple[float, float, float, float, float, float]
KINDS: dict[str, Habits] = {
    "gets better and tells all": (6, -0.5, 0.4, 1.0, 0.95, 2),
    "gets better and tells some": (6, -0.5, 0.8, 0.6, 0.8, 2),
    "stays as it was": (4, 0.0, 0.7, 0.9, 0.9, 3),
    "gets worse slowly": (3, 0.3, 0.7, 0.9, 0.9, 4),
    "swings": (5, 0.0, 2.5, 0.9, 0.9, 4),
    "hardly answers": (5, -0.2, 1.0, 0.25, 0.5, 3),
    "does too much": (4, 0.1, 1.0, 0.95, 1.0, 6),
    "never hurts": (0.5, 0.0, 0.4, 1.0, 1.0, 0),
}


def evenings(kind: str, chance: Random) -> Iterator[tuple[date, dict[date, int], list[Session]]]:
    """Each evening of a patient's twelve weeks: the day, and what is known until then."""
    first, a_week, noise, answers, does, during = KINDS[kind]
    scores: dict[date, int] = {}
    sessions: list[Session] = []
    for number in range(WEEKS * 7):
        day = START + number * DAY
        level = first + a_week * number / 7 + chance.gauss(0, noise)
        # A bad morning now and then, whoever it is.
        level += 3 * (chance.random() < 0.04)
        if chance.random() < answers:
            scores[day] = min(10, max(0, round(level)))
        if chance.random() < 0.03 and number > 2:
            # Told late: yesterday's number comes today.
            scores[day - DAY] = min(10, max(0, round(level)))
        if number % 2 == 0:
            pain = min(10, max(0, round(chance.gauss(during, 1.2))))
            is_done = chance.random() < does
            sessions.append(
                Session(
                    day,
                    share_done=chance.choice([0.8, 0.9, 1.0])
                    if is_done
                    else chance.choice([0, 0.5]),
                    pain_during=pain if is_done and chance.random() < answers else None,
                    skipped_for_pain=not is_done and chance.random() < 0.4,
                )
            )
        yield day, dict(scores), list(sessions)


def rise(scores: dict[date, int], day: date) -> float | None:
    """Of a day over the median of the 7 days before it; None with fewer than 3 scores there."""
    before = [scores[day - back * DAY] for back in range(1, 8) if day - back * DAY in scores]
    if day not in scores or len(before) < 3:
        return None
    return scores[day] - float(median(before))


def wrong(advice: Advice, scores: dict[date, int], sessions: list[Session], day: date) -> list[str]:
    """What a clinician would object to."""
    last = sessions[-3:]
    lately = [rise(scores, day - back * DAY) for back in range(7)]
    two_days = [rise(scores, day - DAY), rise(scores, day)]
    pains = [row.pain_during for row in sessions[-2:]]
    hurts = len(pains) == 2 and all(pain is not None and pain > 5 for pain in pains)
    worse = all(up is not None and up >= 2 for up in two_days)
    skips = sum(row.skipped_for_pain for row in last) >= 2
    found = []
    if advice.kind == "progress":
        found += ["a rise within the week" for up in lately if up is not None and up >= 2]
        found += ["fewer than three sessions"] * (len(last) < 3)
        found += ["not done" for row in last if row.share_done < 0.8]
        found += ["pain during not known" for row in last if row.pain_during is None]
        found += [
            "pain during" for row in last if row.pain_during is not None and row.pain_during > 3
        ]
        mornings = [rise(scores, row.day + DAY) for row in last]
        found += ["a morning not known" for up in mornings if up is None]
        found += ["a bad morning after" for up in mornings if up is not None and up > 1]
    if hurts or worse or skips:
        found += ["no step back"] * (advice.kind != "regress")
    else:
        found += ["a step back for nothing"] * (advice.kind == "regress")
    return [*found, *["no reason"] * (not advice.reasons)]


# The same lines many thousand times: others count them.
@pytest.mark.no_cover
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_course_is_advised_against_the_rule(kind: str) -> None:
    kinds_of_advice: set[str] = set()
    for seed in range(tries(25, 75)):
        for day, scores, sessions in evenings(kind, Random(f"{kind} {seed}")):  # noqa: S311  # made-up patients
            advice = advise(sessions, scores, red_flag=False, today=day)
            assert wrong(advice, scores, sessions, day) == [], f"{kind}, seed {seed}, {day}"
            kinds_of_advice.add(advice.kind)
            assert advise(sessions, scores, red_flag=True, today=day).kind == "stop"
    assert "hold" in kinds_of_advice


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("kind", "comes"), [("gets better and tells all", True), ("never hurts", True), ("hardly answers", False)]
)  # fmt: skip
def test_who_does_well_is_let_go_on(kind: str, comes: bool) -> None:
    """A rule that says no to everybody would pass the test above."""
    went_on = 0
    for seed in range(20):
        course = evenings(kind, Random(f"{kind} {seed}"))  # noqa: S311  # made-up patients
        went_on += any(
            advise(sessions, scores, red_flag=False, today=day).kind == "progress"
            for day, scores, sessions in course
        )
    assert (went_on >= 18) if comes else (went_on <= 5)
