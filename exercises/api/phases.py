"""A program's phases in the API: the shapes of `rules.phases`, documented field by field."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from exercises.content import red_flags, screens
from exercises.rules.limits import LIMITS
from exercises.rules.phases import Slot
from exercises.services import IntakeSpec
from hep.fields import AtLeastOne, Slug, Text, Whole, YesNo

SLOTS = [(slot.value, slot.label) for slot in Slot]


def part(name: str, **kwargs: Any) -> Whole:
    """The part `name` of a dose, within its limits."""
    least, most = LIMITS[name]
    return Whole(min_value=least, max_value=most, **kwargs)


def optional(name: str) -> Whole:
    """A part that may not apply."""
    return part(name, required=False, allow_null=True)


class ItemSerializer(serializers.Serializer[Any]):
    """An exercise with its dose; empty parts do not apply."""

    exercise = Slug(max_length=60)
    sets = optional("sets")
    reps = optional("reps")
    hold_seconds = optional("hold_seconds")
    tempo = Text(required=False, allow_blank=True, max_length=20)
    minutes = optional("minutes")
    load = Text(required=False, allow_blank=True, max_length=40)
    times_per_day = part("times_per_day", required=False)
    every_n_days = part("every_n_days", required=False)
    hours = optional("hours")
    ramps = YesNo(required=False, help_text="Hours follow the splint's ramp.")
    weekdays = serializers.ListField(
        child=Whole(min_value=0, max_value=6),
        required=False,
        max_length=7,
        help_text="0 is Monday. Empty: every n days.",
    )
    slots = serializers.ListField(
        child=serializers.ChoiceField(choices=SLOTS),
        required=False,
        max_length=len(SLOTS),
        help_text="One round each. Empty: any time.",
    )
    first_week = optional("first_week")
    last_week = optional("last_week")
    note = Text(required=False, allow_blank=True, max_length=200)


class PhaseSerializer(serializers.Serializer[Any]):
    """A stretch of weeks; each phase begins in the week after the one before."""

    number = Whole(min_value=1, max_value=8)
    name = Text(max_length=60)
    forward_when = Text(required=False, allow_blank=True, max_length=200)
    first_week = part("first_week")
    last_week = optional("last_week")
    items = AtLeastOne(child=ItemSerializer())


class IntakeSerializer(serializers.Serializer[Any]):
    """What was found before assigning. A red flag needs `override_reason`."""

    pattern = serializers.MultipleChoiceField(
        choices=sorted({row.key for screen in screens().values() for row in screen.pattern}),
        required=False,
    )
    red_flags = serializers.MultipleChoiceField(choices=sorted(red_flags()), required=False)
    override_reason = Text(required=False, allow_blank=True, max_length=300)


def intake_of(data: dict[str, Any] | None) -> IntakeSpec | None:
    """A validated screen as the service takes it."""
    if data is None:
        return None
    return IntakeSpec(
        pattern=tuple(sorted(data.get("pattern", ()))),
        red_flags=tuple(sorted(data.get("red_flags", ()))),
        override_reason=data.get("override_reason", ""),
    )
