"""Pausing, resuming and ending a program, each on a page that asks first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.widgets import UnfoldAdminDateWidget

from exercises.admin.base import may_treat, row_or_404
from exercises.models import Program
from exercises.services import end_program, pause_program, resume_program
from hep.errors import InvalidInputError

LONGEST_PAUSE = timedelta(days=180)


class PauseForm(forms.Form):
    """Until when, or until somebody resumes it."""

    until = forms.DateField(
        label="First day on again",
        required=False,
        widget=UnfoldAdminDateWidget,
        help_text="Empty: until somebody resumes it.",
    )

    def clean_until(self) -> date | None:
        """Some day ahead, or none."""
        until: date | None = self.cleaned_data["until"]
        today = timezone.localdate()
        if until is not None and not today < until <= today + LONGEST_PAUSE:
            raise forms.ValidationError("Choose a day from tomorrow to 180 days ahead.")
        return until


class PauseManyForm(PauseForm):
    """Of many at once, the end has to be known: nobody remembers to resume them all."""

    until = forms.DateField(
        label="First day on again",
        widget=UnfoldAdminDateWidget,
        help_text="They go on when that day begins for the patient.",
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three: what it asks, what it does, what it says then."""

    title: str
    question: str
    done: str
    form: type[forms.Form]
    do: Callable[[Program, forms.Form], None]


STEPS = {
    "pause": Step(
        "Pause",
        "Its questions and reminders stay away until it goes on.",
        "The program is paused.",
        PauseForm,
        lambda program, form: pause_program(program=program, until=form.cleaned_data["until"]),
    ),
    "resume": Step(
        "Resume",
        "Texts go on from now; what the pause left out stays left out.",
        "The program goes on.",
        forms.Form,
        lambda program, form: resume_program(program=program, now=timezone.now()),
    ),
    "end": Step(
        "End",
        "Nothing of it is texted any more. The record stays, and you may assign the program again.",
        "The program has ended.",
        forms.Form,
        lambda program, form: end_program(program=program),
    ),
}


def lifecycle_page(page: Any, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Ask, then do it, then back to the patient."""
    step = STEPS[name]
    visible = page.get_queryset(request).select_related("patient__clinic")
    program: Program = row_or_404(visible, object_id)
    if not may_treat(request, program.patient.clinic_id):
        raise PermissionDenied
    # An empty form is valid once it is posted, which is the question's yes.
    form = step.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            step.do(program, form)
        except InvalidInputError as error:
            form.add_error(None, error.message)
        else:
            page.message_user(request, step.done)
            return redirect("admin:exercises_patient_record", program.patient_id)
    context = {
        **admin.site.each_context(request),
        "title": f"{step.title}: {program}",
        "question": step.question,
        "opts": page.model._meta,
        "form": form,
        "button": step.title,
        "back": program.patient_id,
    }
    return TemplateResponse(request, "admin/ask.html", context)
