"""A dose: an exercise, how much and how often. Pure."""

from __future__ import annotations

import enum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from exercises.rules.limits import LIMITS


class Slot(enum.StrEnum):
    """Times of a day, in their order."""

    FIRST_STEP = "first_step"
    MIDDAY = "midday"
    EVENING = "evening"
    BEDTIME = "bedtime"

    @property
    def label(self) -> str:
        """In the provider's words."""
        return "Before the first step" if self is Slot.FIRST_STEP else self.value.capitalize()


def part(name: str) -> Any:
    """A part that may not apply, within its limits."""
    least, most = LIMITS[name]
    return Field(default=None, ge=least, le=most)


Weekday = Annotated[int, Field(ge=0, le=6)]


class Spec(BaseModel):
    """Base of the shapes: an unknown key is a typing error, so it is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemSpec(Spec):
    """An exercise with its dose; the units stand in the names, empty parts do not apply.

    The one place that says what a dose is: the plan's `Item`, the API's shapes, the forms and the
    export derive from these fields, and a test compares them with the columns of `models.doses`.
    """

    exercise: str = Field(max_length=60, description="Slug of the exercise.")
    sets: int | None = part("sets")
    reps: int | None = part("reps")
    hold_seconds: int | None = part("hold_seconds")
    tempo: str = Field(default="", max_length=20)
    minutes: int | None = part("minutes")
    load: str = Field(default="", max_length=40)
    times_per_day: int = Field(
        default=1, ge=LIMITS["times_per_day"][0], le=LIMITS["times_per_day"][1]
    )
    every_n_days: int = Field(default=1, ge=LIMITS["every_n_days"][0], le=LIMITS["every_n_days"][1])
    hours: int | None = part("hours")
    ramps: bool = Field(default=False, description="Hours follow the splint's ramp.")
    weekdays: tuple[Weekday, ...] = Field(
        default=(), max_length=7, description="0 is Monday. Empty: every n days."
    )
    slots: tuple[Slot, ...] = Field(default=(), description="One round each. Empty: any time.")
    first_week: int | None = part("first_week")
    last_week: int | None = part("last_week")
    note: str = Field(default="", max_length=200)

    @model_validator(mode="before")
    @classmethod
    def slots_say_how_often(cls, data: Any) -> Any:
        """Slots name each time of the day once and say how often a day."""
        slots = data.get("slots") if isinstance(data, dict) else None
        if isinstance(slots, list | tuple) and slots:
            return {**data, "times_per_day": len(slots)}
        return data

    @model_validator(mode="after")
    def each_time_once(self) -> Self:
        """No time of a day twice."""
        if len(set(self.slots)) != len(self.slots):
            raise ValueError("slots: each time of a day once")
        return self
