"""A program's phases in the API: the shapes of `rules.phases`, documented field by field."""

from __future__ import annotations

import copy
from typing import Any

from rest_framework import serializers

from exercises.content import before_assigning, red_flags, screens
from exercises.rules.doses import ItemSpec, Slot
from exercises.rules.limits import LIMITS
from exercises.rules.screening import MOST_RAISES
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


def field_of(name: str) -> serializers.Field[Any, Any, Any, Any]:
    """A part of a dose as a field, from what `ItemSpec` says of it."""
    asked = ItemSpec.model_fields[name]
    lengths = [rule.max_length for rule in asked.metadata if hasattr(rule, "max_length")]
    longest = lengths[0] if lengths else None
    about: dict[str, Any] = {"help_text": asked.description} if asked.description else {}
    if name == "exercise":
        return Slug(max_length=longest)
    if name == "weekdays":
        weekday = Whole(min_value=0, max_value=6)
        return serializers.ListField(child=weekday, required=False, max_length=longest, **about)
    if name == "slots":
        slot = serializers.ChoiceField(choices=SLOTS)
        return serializers.ListField(child=slot, required=False, max_length=len(SLOTS), **about)
    if asked.annotation is bool:
        return YesNo(required=False, **about)
    if asked.annotation is str:
        return Text(required=False, allow_blank=True, max_length=longest)
    return part(name, required=False) if asked.annotation is int else optional(name)


# Made once: a serializer copies its fields each time it is made.
DOSE = {name: field_of(name) for name in ItemSpec.model_fields}


class ItemSerializer(serializers.Serializer[Any]):
    """An exercise with its dose; empty parts do not apply."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Those of the one dose."""
        return copy.deepcopy(DOSE)


class PhaseSerializer(serializers.Serializer[Any]):
    """A stretch of weeks; each phase begins in the week after the one before."""

    number = Whole(min_value=1, max_value=8)
    name = Text(max_length=60)
    forward_when = Text(required=False, allow_blank=True, max_length=200)
    first_week = part("first_week")
    last_week = optional("last_week")
    items = AtLeastOne(child=ItemSerializer())


class IntakeSerializer(serializers.Serializer[Any]):
    """What was found before assigning. A red flag, or an exercise that
    `before` speaks against, needs `override_reason`.
    """

    pattern = serializers.MultipleChoiceField(
        choices=sorted({row.key for screen in screens().values() for row in screen.pattern}),
        required=False,
    )
    red_flags = serializers.MultipleChoiceField(choices=sorted(red_flags()), required=False)
    before = serializers.MultipleChoiceField(choices=sorted(before_assigning()), required=False)
    override_reason = Text(required=False, allow_blank=True, max_length=300)
    start_raises = Whole(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=MOST_RAISES,
        help_text="Slow heel raises on the sore leg: fewer than 12 begin with an easier one.",
    )
    fit = YesNo(
        default=False,
        help_text="Swap exercises that the answers speak against for those that fit.",
    )


def intake_of(data: dict[str, Any] | None) -> IntakeSpec | None:
    """A validated screen as the service takes it."""
    if data is None:
        return None
    return IntakeSpec(
        pattern=tuple(sorted(data.get("pattern", ()))),
        red_flags=tuple(sorted(data.get("red_flags", ()))),
        before=tuple(sorted(data.get("before", ()))),
        override_reason=data.get("override_reason", ""),
        start_raises=data.get("start_raises"),
        fit=data.get("fit", False),
    )
