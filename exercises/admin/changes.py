"""Changing an assigned program item by item, on a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from exercises.admin.base import staff_user
from exercises.admin.phase_forms import PhaseForms
from exercises.models import Exercise, Program
from exercises.reads.versions import standing_phases
from exercises.rules.differences import differences
from exercises.rules.phases import PhaseSpec
from exercises.services import change_program
from exercises.services.roles import require_clinician
from hep.errors import InvalidInputError


class ChangeForm(forms.Form):
    """What is new, and why."""

    add_exercise = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)
    add_phase = forms.TypedChoiceField(required=False, coerce=int, widget=UnfoldAdminSelectWidget)
    version = forms.IntegerField(widget=forms.HiddenInput)
    # Shown once an exercise was refused.
    in_spite_of_intake = forms.BooleanField(
        required=False, label="It is right in spite of what the intake found"
    )
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
        clinic = program.patient.clinic_id
        today = timezone.now().astimezone(program.patient.zone).date()
        self.phases = standing_phases(program, on=today)
        choices = Exercise.objects.filter(clinic=None) | Exercise.objects.filter(clinic=clinic)
        self.form = ChangeForm(
            data,
            exercises=sorted({row.slug: row.name for row in choices}.items(), key=lambda r: r[1]),
            phases=self.phases,
            initial={"version": program.version},
        )
        self.items = PhaseForms(self.phases, clinic=clinic, data=data)
        self.is_spoken_against = False

    def is_valid(self) -> bool:
        """Every form is; each keeps its own errors."""
        return all([self.form.is_valid(), self.items.is_valid()])

    def asked(self) -> tuple[PhaseSpec, ...]:
        """The program as it would be. Raises InvalidInputError naming the place."""
        new = self.form.cleaned_data
        return self.items.asked(
            {new["add_phase"]: new["add_exercise"]} if new["add_exercise"] else None
        )

    def show(self, error: InvalidInputError) -> None:
        """Put a refusal where it belongs."""
        self.is_spoken_against = error.code == "contraindicated"
        if not self.items.show(error):
            field = error.field if error.field in self.form.fields else None
            self.form.add_error(field, error.message)


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
            lines = [*differences(change.phases, asked), *change.items.warnings(asked)]
            if "save" in request.POST:
                change_program(
                    program=program,
                    phases=asked,
                    reason=change.form.cleaned_data["reason"],
                    changed_by=user,
                    now=timezone.now(),
                    version=change.form.cleaned_data["version"],
                    in_spite_of_intake=change.form.cleaned_data["in_spite_of_intake"],
                )
                page.message_user(request, "The program changes from today on.")
                return redirect("admin:exercises_patient_record", program.patient_id)
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
