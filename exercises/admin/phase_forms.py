"""Phases with their items as forms: one for each item's dose."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from exercises.reads.versions import exercises_of
from exercises.rules.doses import ItemSpec, Slot
from exercises.rules.phases import PhaseSpec, parse_phases, warnings_of
from exercises.rules.plan import item_of
from hep.errors import InvalidInputError

NUMBERS = {
    "sets": "Sets",
    "reps": "Reps",
    "hold_seconds": "Hold, s",
    "minutes": "Minutes",
    "hours": "Hours",
    "every_n_days": "Every n days",
    "times_per_day": "Times a day",
}
NEEDED = {"every_n_days", "times_per_day"}
WORDS = ("load", "note")
TIMES = ("slots", "weekdays")
# As far ahead as a program is looked at for too much at once.
WEEKS_AHEAD = 13


class ItemChangeForm(forms.Form):
    """An item's dose and when it is due, or that it goes."""

    slots = forms.MultipleChoiceField(
        label="Times of the day",
        required=False,
        choices=[(slot.value, slot.label) for slot in Slot],
        widget=forms.CheckboxSelectMultiple,
        help_text="One round each. None ticked: at any time, as often as “Times a day” says.",
    )
    weekdays = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        choices=list(enumerate(calendar.day_abbr)),
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: every n days.",
    )
    remove = forms.BooleanField(required=False, widget=UnfoldBooleanWidget)
    load = forms.CharField(required=False, max_length=40, widget=UnfoldAdminTextInputWidget)
    note = forms.CharField(required=False, max_length=200, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in NUMBERS.items():
            self.fields[name] = forms.IntegerField(
                label=label, required=name in NEEDED, widget=UnfoldAdminIntegerFieldWidget
            )

    def clean(self) -> dict[str, Any]:
        """Ticked times of the day say how often; who asks for another number is told so."""
        cleaned = super().clean() or self.cleaned_data
        ticked, times = len(cleaned.get("slots") or ()), cleaned.get("times_per_day")
        if ticked and times not in {None, ticked} and "times_per_day" in self.changed_data:
            message = (
                f"{ticked} times of the day are ticked under “More”: tick as many as you want."
            )
            self.add_error("times_per_day", message)
        return cleaned

    def doses(self) -> list[forms.BoundField]:
        """What is always seen."""
        return [self[name] for name in (*NUMBERS, *WORDS, "remove")]

    def times(self) -> list[forms.BoundField]:
        """What is opened when it is needed."""
        return [self[name] for name in TIMES]


class PhaseForms:
    """The forms for `phases` in a clinic; unbound without `data`."""

    def __init__(self, phases: tuple[PhaseSpec, ...], *, clinic: int, data: Any = None) -> None:
        self.phases = phases
        self.clinic = clinic
        self.exercises = exercises_of(clinic, _slugs(phases))
        self.items = {
            (row, column): ItemChangeForm(
                data, prefix=f"{phase.number}-{column}", initial=item.model_dump()
            )
            for row, phase in enumerate(phases)
            for column, item in enumerate(phase.items)
        }

    def is_valid(self) -> bool:
        """Every form is; each keeps its own errors."""
        # A list: each form must be looked at, so that each shows its errors.
        return all([form.is_valid() for form in self.items.values()])  # noqa: C419

    def asked(self, added: Mapping[int, str] | None = None) -> tuple[PhaseSpec, ...]:
        """The program as it would be, with exercises `added` by the number of their phase.

        Raises InvalidInputError naming the place.
        """
        asked = []
        for row, phase in enumerate(self.phases):
            items = [
                item.model_dump() | self._dose(row, column)
                for column, item in enumerate(phase.items)
                if not self.items[row, column].cleaned_data["remove"]
            ]
            if added and phase.number in added:
                items.append({"exercise": added[phase.number]})
            asked.append(phase.model_dump() | {"items": items})
        return parse_phases(asked)

    def _dose(self, row: int, column: int) -> dict[str, Any]:
        cleaned = self.items[row, column].cleaned_data
        return {name: cleaned[name] for name in (*NUMBERS, *WORDS, *TIMES)}

    def show(self, error: InvalidInputError) -> bool:
        """Put a refusal at its item: `phases.0.items.2.sets`. False: it is about no item."""
        parts = error.field.split(".")
        if parts[0] != "phases" or len(parts) < 5:
            return False
        kept = [
            column
            for (row, column), form in self.items.items()
            if row == int(parts[1]) and not form.cleaned_data["remove"]
        ]
        if int(parts[3]) >= len(kept):
            return False
        form = self.items[int(parts[1]), kept[int(parts[3])]]
        form.add_error(parts[4] if parts[4] in form.fields else None, error.message)
        return True

    def rows(self) -> list[dict[str, Any]]:
        """For the page: the phases with their items and forms."""
        return [
            {
                "phase": phase,
                "items": [
                    {
                        "name": self._name(item.exercise),
                        "when": _when(item, phase),
                        "form": self.items[row, column],
                    }
                    for column, item in enumerate(phase.items)
                ],
            }
            for row, phase in enumerate(self.phases)
        ]

    def _name(self, slug: str) -> str:
        """As the clinic knows it; what it does not have is refused when it is asked for."""
        return self.exercises[slug].name if slug in self.exercises else slug

    def warnings(self, asked: tuple[PhaseSpec, ...]) -> list[str]:
        """What to think twice about."""
        exercises = exercises_of(self.clinic, _slugs(asked))
        items = [
            item_of(
                item,
                name=exercises[item.exercise].name,
                phase=phase.name,
                weeks=(phase.first_week, phase.last_week),
                minutes=exercises[item.exercise].minutes,
            )
            for phase in asked
            for item in phase.items
        ]
        return warnings_of(items, weeks=WEEKS_AHEAD)


def _when(item: ItemSpec, phase: PhaseSpec) -> str:
    """Times of the day, weekdays and own weeks in a few words."""
    parts = [slot.label.lower() for slot in item.slots]
    parts += [calendar.day_abbr[day] for day in item.weekdays]
    if item.first_week or item.last_week:
        first, last = item.first_week or phase.first_week, item.last_week or phase.last_week
        parts.append(f"weeks {first} to {last or 'open'}")
    return ", ".join(parts)


def _slugs(phases: Iterable[PhaseSpec]) -> set[str]:
    return {item.exercise for phase in phases for item in phase.items}
