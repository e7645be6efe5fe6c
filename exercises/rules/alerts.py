"""When somebody of the clinic is told: one page for a clinician to read. Pure.

Source: docs/clinical-rules.md#alerts. Each function takes what was told and answers reasons; a
`name` is one of `Alert.Reason`. Words of red flags are read by
`notifications.incoming.parsing.red_flags`; how soon, and whom, is in `rules.urgency`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from exercises.rules.pain import (
    FEWEST_SCORES,
    RISE,
    SHARP_RISE,
    WEEK,
    WORST,
    Trend,
    rise_on,
    week_before,
)
from exercises.rules.progression import SESSIONS, SKIPPED_FOR_PAIN, TOO_MUCH
from exercises.rules.silence import STOP_ASKING_AFTER


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Points above the week's median that call for somebody; a provider may set others."""

    rise: int = RISE
    sharp_rise: int = SHARP_RISE


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is told: `name` as in `Alert.Reason`, and the figures behind it."""

    name: str
    detail: str


def of_score(
    scores: Mapping[date, int], day: date, thresholds: Thresholds = Thresholds()
) -> list[Reason]:
    """What the score on `day` tells. One number alone speaks only for safety (a 10), and not where
    the patient's week is like that.
    """
    reasons = []
    rise, usual = rise_on(scores, day), week_before(scores, day)
    if scores.get(day) == WORST and (rise is None or rise >= thresholds.rise):
        reasons.append(Reason("worst_pain", "10 of 10"))
    if rise is None:
        return reasons
    detail = f"{scores[day]}, median of the week before {usual:g}"
    yesterday = rise_on(scores, day - timedelta(days=1))
    if rise >= thresholds.sharp_rise:
        reasons.append(Reason("sharp_rise", detail))
    if rise >= thresholds.rise and yesterday is not None and yesterday >= thresholds.rise:
        reasons.append(Reason("rise", detail))
    return reasons


# Pain so high while exercising is told at once, whatever the session before was.
VERY_HIGH = 9


def of_pain_during(pain: int | None, beside: Sequence[int]) -> list[Reason]:
    """What pain during a session tells, with that of the sessions next to it."""
    if pain is None or pain <= TOO_MUCH:
        return []
    if pain >= VERY_HIGH:
        return [Reason("pain_during", f"{pain} while exercising")]
    if any(other > TOO_MUCH for other in beside):
        detail = f"{pain}, beside {max(beside)} in the session next to it"
        return [Reason("pain_during", detail)]
    return []


def of_skipping(for_pain: Sequence[bool]) -> list[Reason]:
    """What skipping tells: for each of the last days with exercises, whether it was for pain."""
    skipped = sum(for_pain[-SESSIONS:])
    if skipped < SKIPPED_FOR_PAIN:
        return []
    return [Reason("skipped_for_pain", f"{skipped} of the last {SESSIONS} days")]


# A slow rise: this week above the best earlier two weeks, or up in two weeks running.
SLOW_RISE = 2
RISE_A_WEEK = 1
TWO_WEEKS = 2 * WEEK
# Older weeks are another story.
LONGEST_STORY = 26 * WEEK


def of_weeks(scores: Mapping[date, int], day: date) -> list[Reason]:
    """What a slow rise up to `day` tells: each day looks like the one before, and no alert of a
    day's score ever comes.
    """
    now = _median(scores, day, WEEK)
    if now is None:
        return []
    days_before = (day - timedelta(days=back) for back in range(WEEK, LONGEST_STORY))
    earlier = (_median(scores, other, TWO_WEEKS) for other in days_before)
    best = min((value for value in earlier if value is not None), default=None)
    if best is not None and now - best >= SLOW_RISE:
        return [Reason("worsening", f"{now:g} this week, {best:g} in the best two weeks before")]
    last, before = (_median(scores, day - timedelta(days=back * WEEK), WEEK) for back in (1, 2))
    if last is None or before is None:
        return []
    if now - last >= RISE_A_WEEK and last - before >= RISE_A_WEEK:
        return [Reason("worsening", f"Week by week {before:g}, {last:g}, {now:g}")]
    return []


def _median(scores: Mapping[date, int], until: date, days: int) -> float | None:
    """The median of the `days` days up to and with `until`; None with fewer than 3 scores."""
    wanted = (until - timedelta(days=back) for back in range(days))
    known = [scores[day] for day in wanted if day in scores]
    return float(median(known)) if len(known) >= FEWEST_SCORES else None


def of_review(trend: Trend, *, week: int, satisfied: bool | None = None) -> list[Reason]:
    """What a review point tells before anybody has looked: no data, worse, or no change.

    Whoever is `satisfied` (PASS) has responded, unless pain rose; None was not asked.
    """
    if trend.change is None or trend.baseline is None:
        return [Reason("review_no_data", f"Week {week}: too few scores to say")]
    detail = f"Week {week}: {trend.change:+g} points from {trend.baseline:g}"
    if trend.change >= RISE:
        return [Reason("review_worse", detail)]
    return [] if trend.responder or satisfied else [Reason("no_change", detail)]


# Silent days, the longest first: each opens its alert once in a silence.
SILENCE = ((7, "silent_7"), (STOP_ASKING_AFTER, "texts_stopped"), (3, "silent_3"))


def of_silence(silent: int) -> list[Reason]:
    """What so many days with a question and without a word tell."""
    detail = f"{silent} questions without an answer"
    return [Reason(name, detail) for days, name in SILENCE if silent >= days]


# Half of one day is no habit.
FEWEST_DAYS = 4


def of_adherence(*, done: int, planned: int) -> list[Reason]:
    """What the days done among those planned in a week tell."""
    if planned < FEWEST_DAYS or done * 2 >= planned:
        return []
    return [Reason("low_adherence", f"{done} of {planned} days done")]
