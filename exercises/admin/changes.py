"""Changing an assigned program item by item, on a page of its own."""

from __future__ import annotations

import calendar
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from exercises.access import require_clinician
from exercises.admin.base import staff_user
from exercises.differences import differences
from exercises.models import Exercise, Program
from exercises.phases import ItemSpec, PhaseSpec, parse_phases, warnings_of
from exercises.selectors import exercises_of, program_phases
from exercises.services import change_program
from hep.errors import InvalidInputError

NUMBERS = {
    "sets": "Sets",
    "reps": "Reps",
    "hold_seconds": "Hold, s",
    "minutes": "Minutes",
    "hours": "Hours",
    "every_n_days": "Every n days",
}
WORDS = ("load", "note")


class ItemChangeForm(forms.Form):
    """An item's dose, or that it goes."""

    remove = forms.BooleanField(required=False, widget=UnfoldBooleanWidget)
    load = forms.CharField(required=False, max_length=40, widget=UnfoldAdminTextInputWidget)
    note = forms.CharField(required=False, max_length=200, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in NUMBERS.items():
            self.fields[name] = forms.IntegerField(
                label=label, required=name == "every_n_days", widget=UnfoldAdminIntegerFieldWidget
            )
        self.order_fields([*NUMBERS, *WORDS, "remove"])


class ChangeForm(forms.Form):
    """What is new, and why."""

    add_exercise = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)
    add_phase = forms.TypedChoiceField(required=False, coerce=int, widget=UnfoldAdminSelectWidget)
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="Kept with your name. Days that are past stay as they were.",
    )

    def __init__(
        self,
        *args: Any,
        exercises: list[tuple[str, str]],
        phases: tuple[PhaseSpec, ...],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(phase.number), phase.name) for phase in phases]
        self.fields["add_exercise"].choices = [("", "None"), *exercises]  # type: ignore[attr-defined]  # a choice field
        self.fields["add_phase"].choices = rows  # type: ignore[attr-defined]  # likewise


class ChangeRequest:
    """The page's forms for one program: one for each item, one for the rest."""

    def __init__(self, program: Program, data: Any = None) -> None:
        self.program = program
        self.phases = program_phases(program)
        self.exercises = exercises_of(program.patient.clinic_id, _slugs(self.phases))
        choices = Exercise.objects.filter(clinic=None) | Exercise.objects.filter(
            clinic=program.patient.clinic_id
        )
        self.form = ChangeForm(
            data,
            exercises=sorted({row.slug: row.name for row in choices}.items(), key=lambda r: r[1]),
            phases=self.phases,
            initial={"version": program.version},
        )
        self.items = {
            (row, column): ItemChangeForm(
                data, prefix=f"{phase.number}-{column}", initial=item.model_dump()
            )
            for row, phase in enumerate(self.phases)
            for column, item in enumerate(phase.items)
        }

    def is_valid(self) -> bool:
        """Every form is; each keeps its own errors."""
        return all([self.form.is_valid(), *(form.is_valid() for form in self.items.values())])

    def asked(self) -> tuple[PhaseSpec, ...]:
        """The program as it would be. Raises InvalidInputError naming the place."""
        added = self.form.cleaned_data
        asked = []
        for row, phase in enumerate(self.phases):
            items = [
                item.model_dump() | self._dose(row, column)
                for column, item in enumerate(phase.items)
                if not self.items[row, column].cleaned_data["remove"]
            ]
            if added["add_exercise"] and added["add_phase"] == phase.number:
                items.append({"exercise": added["add_exercise"]})
            asked.append(phase.model_dump() | {"items": items})
        return parse_phases(asked)

    def _dose(self, row: int, column: int) -> dict[str, Any]:
        cleaned = self.items[row, column].cleaned_data
        return {name: cleaned[name] for name in (*NUMBERS, *WORDS)}

    def show(self, error: InvalidInputError) -> None:
        """Put a refusal where it belongs: `phases.0.items.2.sets` stands at that item."""
        parts = error.field.split(".")
        if parts[0] == "phases" and len(parts) > 4:
            kept = [
                column
                for (row, column), form in self.items.items()
                if row == int(parts[1]) and not form.cleaned_data["remove"]
            ]
            form = self.items[int(parts[1]), kept[int(parts[3])]]
            form.add_error(parts[4] if parts[4] in form.fields else None, error.message)
        else:
            field = error.field if error.field in self.form.fields else None
            self.form.add_error(field, error.message)

    def rows(self) -> list[dict[str, Any]]:
        """For the page: the phases with their items and forms."""
        return [
            {
                "phase": phase,
                "items": [
                    {
                        "name": self.exercises[item.exercise].name,
                        "when": _when(item, phase),
                        "form": self.items[row, column],
                    }
                    for column, item in enumerate(phase.items)
                ],
            }
            for row, phase in enumerate(self.phases)
        ]

    def warnings(self, asked: tuple[PhaseSpec, ...]) -> list[str]:
        """What to think twice about."""
        exercises = exercises_of(self.program.patient.clinic_id, _slugs(asked))
        items = [
            item.as_item(
                name=exercises[item.exercise].name,
                phase=phase.name,
                weeks=(phase.first_week, phase.last_week),
                minutes=exercises[item.exercise].minutes,
            )
            for phase in asked
            for item in phase.items
        ]
        return warnings_of(items, weeks=13)


def _when(item: ItemSpec, phase: PhaseSpec) -> str:
    """Times of the day, weekdays and own weeks, which this page shows and does not change."""
    parts = [slot.label.lower() for slot in item.slots]
    parts += [calendar.day_abbr[day] for day in item.weekdays]
    if item.first_week or item.last_week:
        first, last = item.first_week or phase.first_week, item.last_week or phase.last_week
        parts.append(f"weeks {first} to {last or 'open'}")
    return ", ".join(parts)


def _slugs(phases: tuple[PhaseSpec, ...]) -> set[str]:
    return {item.exercise for phase in phases for item in phase.items}


def change_page(page: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the items; with "look" what would change, with "save" change it."""
    program: Program | None = page.get_object(request, object_id)
    if program is None:
        raise Http404
    user = staff_user(request)
    require_clinician(user, program.patient.clinic)
    if program.status == Program.Status.ENDED:
        raise PermissionDenied("This program has ended.")
    change = ChangeRequest(program, request.POST or None)
    lines: list[str] = []
    if request.method == "POST" and change.is_valid():
        try:
            asked = change.asked()
            lines = [*differences(change.phases, asked), *change.warnings(asked)]
            if "save" in request.POST:
                change_program(
                    program=program,
                    phases=asked,
                    reason=change.form.cleaned_data["reason"],
                    changed_by=user,
                    now=timezone.now(),
                    version=change.form.cleaned_data["version"],
                )
                page.message_user(request, "The program changes from today on.")
                return redirect("admin:exercises_program_change", program.pk)
        except InvalidInputError as error:
            change.show(error)
    context = {
        **admin.site.each_context(request),
        "title": f"Change {program}",
        "opts": page.model._meta,
        "program": program,
        "change": change,
        "lines": lines,
    }
    return TemplateResponse(request, "admin/exercises/program/change_items.html", context)
