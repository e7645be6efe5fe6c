"""Times of day as people write them: "at 7pm", "a las 7", "tonight". Pure."""

from __future__ import annotations

import re
from datetime import time

EVENING = time(19)
# What stands for a time by itself.
PARTS = re.compile(r"(?:tonight|this evening|in the evening|esta (?:noche|tarde)|en la noche)")
AT = re.compile(
    r"(?:at|@|a las?|around|about|by|como a las?)? ?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?"
    r" ?(?P<half>am|pm|a\.?m\.?|p\.?m\.?|a|p|o'?clock)?"
    r"(?: (?:de la |in the |por la )?(?P<part>morning|afternoon|evening|tonight|night|manana|tarde|noche))?"
)
FORENOON = frozenset({"morning", "manana"})


def times_in(words: str) -> tuple[time, ...]:
    """The times of day that `words` (from `plain`) name and nothing else, the earlier first: "at 7"
    is 7:00 or 19:00. Empty: none.
    """
    if PARTS.fullmatch(words):
        return (EVENING,)
    match = AT.fullmatch(words)
    if match is None:
        return ()
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if hour > 23 or minute > 59:
        return ()
    return tuple(time(each, minute) for each in _hours(hour, match["half"] or "", match["part"]))


def _hours(hour: int, half: str, part: str | None) -> list[int]:
    """What hour it is by the half of the day, if one is named."""
    if hour == 0 or hour > 12:
        return [hour]
    early, late = hour % 12, hour % 12 + 12
    if half.startswith("a") or part in FORENOON:
        return [early]
    if half.startswith("p") or part is not None:
        return [late]
    return [early, late]
