"""What pain scores mean for the clinic. Pure: scores in, reasons out; nobody is diagnosed.

Figures: CLINICAL.md sections 4 and 6. Scores are 0 to 10 (numeric pain rating scale), one a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

WEEK = 7
# A median of fewer is noise: the baseline of section 4 takes 3 to 7 days as well.
FEWEST_SCORES = 3
WORST = 10
SHARP_RISE = 4
# The smallest change in first-step pain that matters: 19 mm of 100 (Landorf 2010, J Foot Ankle Res
# 3:7).
RISE = 2


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Points above the week's median that call for somebody; a provider may set others."""

    rise: int = RISE
    sharp_rise: int = SHARP_RISE


@dataclass(frozen=True, slots=True)
class PainReason:
    """Why a day's score needs somebody: `name` as in `Alert.Reason`, and the figures behind it."""

    name: str
    detail: str


def week_before(scores: Mapping[date, int], day: date) -> float | None:
    """The median of the scores of the 7 days before `day`; None with fewer than 3."""
    days = (day - timedelta(days=back) for back in range(1, WEEK + 1))
    known = [scores[other] for other in days if other in scores]
    return float(median(known)) if len(known) >= FEWEST_SCORES else None


def rise_on(scores: Mapping[date, int], day: date) -> float | None:
    """Points of the score on `day` above the median of the week before it; None when unknown."""
    usual = week_before(scores, day)
    return None if usual is None or day not in scores else scores[day] - usual


def reasons_on(
    scores: Mapping[date, int], day: date, thresholds: Thresholds = Thresholds()
) -> list[PainReason]:
    """What the score on `day` tells. One number alone speaks only for safety (a 10)."""
    reasons = []
    if scores.get(day) == WORST:
        reasons.append(PainReason("worst_pain", "10 of 10"))
    today = rise_on(scores, day)
    if today is None:
        return reasons
    usual = week_before(scores, day)
    detail = f"{scores[day]}, median of the week before {usual:g}"
    yesterday = rise_on(scores, day - timedelta(days=1))
    if today >= thresholds.sharp_rise:
        reasons.append(PainReason("sharp_rise", detail))
    if today >= thresholds.rise and yesterday is not None and yesterday >= thresholds.rise:
        reasons.append(PainReason("rise", detail))
    return reasons
