"""A program as it is asked for: phases, items and doses, checked as a whole. Pure.

The same shapes serve the content files, an assignment, a later change and the API.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from exercises.rules.doses import ItemSpec, Spec, part
from exercises.rules.limits import LIMITS, MANY_ITEMS
from exercises.rules.plan import DAYS_IN_WEEK, Item, calendar
from hep.error_codes import Code
from hep.errors import InvalidInputError

MOST_PHASES = 8
MOST_ITEMS = 20
# Longer than this a day, few patients go on for weeks.
MANY_MINUTES = 60
# Weekdays are counted from Monday, so a program without a date is looked at from one.
ANY_MONDAY = date(2026, 1, 5)


class PhaseSpec(Spec):
    """A stretch of weeks and its items."""

    number: int = Field(ge=1, le=MOST_PHASES)
    name: str = Field(min_length=1, max_length=60)
    forward_when: str = Field(default="", max_length=200)
    first_week: int = Field(ge=LIMITS["first_week"][0], le=LIMITS["first_week"][1])
    last_week: int | None = part("last_week")
    items: tuple[ItemSpec, ...] = Field(min_length=1, max_length=MOST_ITEMS)

    @model_validator(mode="after")
    def weeks_in_order(self) -> Self:
        """The last week is not before the first, and items lie within the phase."""
        if self.last_week is not None and self.last_week < self.first_week:
            raise ValueError("last_week: not before first_week")
        for item in self.items:
            first = item.first_week or self.first_week
            last = item.last_week or self.last_week
            late = last is not None and (last < first or (self.last_week or last) < last)
            if first < self.first_week or late:
                raise ValueError(f"{item.exercise}: its weeks are not within its phase's")
        return self


def check_phases(phases: Sequence[PhaseSpec]) -> None:
    """Raise ValueError unless each phase begins in the week after the one before.

    Only the last may be open. So no week is in two phases or in none.
    """
    for before, after in itertools.pairwise(phases):
        if after.number != before.number + 1:
            raise ValueError(f"phase {after.number} must have number {before.number + 1}")
        if before.last_week is None or after.first_week != before.last_week + 1:
            raise ValueError(f"phase {after.number} must begin after phase {before.number}")


Phases = Annotated[tuple[PhaseSpec, ...], Field(min_length=1, max_length=MOST_PHASES)]
_PHASES: TypeAdapter[tuple[PhaseSpec, ...]] = TypeAdapter(Phases)


def parse_phases(data: object, *, field: str = "phases") -> tuple[PhaseSpec, ...]:
    """Phases from plain data such as JSON. Raises InvalidInputError naming the place to mend."""
    try:
        phases = _PHASES.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in (field, *first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        # What each part may be is the shape's; what fits together is a rule of ours.
        is_rule = first["type"] == "value_error"
        code: Code = "inconsistent" if is_rule else "invalid"
        raise InvalidInputError(place, reason, code=code) from error
    try:
        check_phases(phases)
    except ValueError as error:
        raise InvalidInputError(field, f"Weeks: {error}.", code="overlap") from error
    return phases


def busiest_day(items: Sequence[Item], *, weeks: int) -> tuple[int, int]:
    """The most exercises and the most minutes of a day in the first `weeks` weeks."""
    days = calendar(items, start_date=ANY_MONDAY, days=weeks * DAYS_IN_WEEK)
    return max((day.count for day in days), default=0), max((d.minutes for d in days), default=0)


def warnings_of(items: Sequence[Item], *, weeks: int) -> list[str]:
    """What a provider should think twice about, in sentences."""
    count, minutes = busiest_day(items, weeks=weeks)
    found = []
    if count > MANY_ITEMS:
        found.append(
            f"{count} exercises on one day: patients do less of a program above {MANY_ITEMS}."
        )
    if minutes > MANY_MINUTES:
        found.append(f"{minutes} minutes on one day: that is a lot to ask.")
    return found
