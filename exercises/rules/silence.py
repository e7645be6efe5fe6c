"""When a patient has gone quiet: days on which a question stayed without an answer.

docs/clinical-rules.md#alerts; the fifth day: docs/messaging-rules.md#conversation.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from exercises.rules.recurrence import Rule, instant_of, is_on

# After so many silent days we stop asking; somebody of the clinic has to.
STOP_ASKING_AFTER = 5
# With one question a week, seven silent days are seven weeks.
LOOK_BACK_DAYS = 60


def silent_days(rule: Rule, zone: ZoneInfo, *, heard_at: datetime, until: date) -> int:
    """Days before `until` on which `rule` asked later than `heard_at`."""
    heard_on = heard_at.astimezone(zone).date()
    asked_at = instant_of(heard_on, rule.times[-1], zone)
    first = 0 if asked_at is not None and asked_at > heard_at else 1
    days = range(first, min((until - heard_on).days, LOOK_BACK_DAYS))
    return sum(is_on(rule, heard_on + timedelta(days=day)) for day in days)
