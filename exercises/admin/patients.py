"""Patients: the list with what one looks for, the form, and the page with everything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.widgets import UnfoldBooleanWidget

from exercises.admin.base import STAFF, may_treat, row_or_404
from exercises.admin.bulk import ask, tell
from exercises.admin.exporting import ExportingAdmin
from exercises.admin.importing import import_page
from exercises.admin.lifecycle import PauseManyForm
from exercises.admin.panels import PaneledAdmin
from exercises.admin.patient_filters import (
    PhaseFilter,
    ProviderFilter,
    SilentFilter,
    StateFilter,
)
from exercises.admin.people import ZoneForm
from exercises.admin.record import record_context
from exercises.models import Clinic, Patient, Program
from exercises.reads.patients import NO_PROGRAM, with_state
from exercises.services import pause_program, save_patient
from exercises.services.people import refuse_left_out
from hep.errors import InvalidInputError
from hep.names import plain_name

STATES = {
    Program.Status.ACTIVE: "success",
    Program.Status.PAUSED: "warning",
    NO_PROGRAM: "info",
}


class PatientForm(ZoneForm):
    """A patient's page; the clinic may be left out by somebody who works in one."""

    class Meta:
        model = Patient
        fields = (
            "clinic",
            "first_name",
            "last_name",
            "phone",
            "birth_year",
            "time_zone",
            "language",
            "texts_from",
            "texts_until",
            "texts_hours_asked",
        )

    def clean(self) -> dict[str, Any]:
        """Hours that leave out a planned text are refused here, as on every other face."""
        told = super().clean() or self.cleaned_data
        if self.instance.pk and {"texts_from", "texts_until"} & set(self.changed_data):
            try:
                refuse_left_out(self.instance, told.get("texts_from"), told.get("texts_until"))
            except InvalidInputError as error:
                self.add_error(error.field, error.message)
        return told


class NewPatientForm(PatientForm):
    """With a look at whether the patient is here already, and where one goes on."""

    go_on = forms.BooleanField(required=False, initial=True, label="Assign a program next")
    is_other = forms.BooleanField(
        required=False, label="Somebody else of this name and phone", widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """Two records of one person answer for each other; refuse the second until it is said."""
        told = super().clean() or self.cleaned_data
        if not self.errors and not told.get("is_other"):
            same = Patient.objects.filter(
                clinic=told["clinic"],
                phone=told["phone"],
                search_text=plain_name(f"{told['first_name']} {told['last_name']}"),
            ).first()
            if same is not None:
                self._ask_whether_other(same)
        return told

    def _ask_whether_other(self, same: Patient) -> None:
        self.fields["is_other"].widget = UnfoldBooleanWidget()
        url = reverse("admin:exercises_patient_record", args=[same.pk])
        link = format_html('<a class="plainly" href="{}">here already</a>', url)
        words = format_html("This patient is {}. Somebody else? Then tick it.", link)
        self.add_error("is_other", words)


@admin.register(Patient)
class PatientAdmin(PaneledAdmin, ExportingAdmin):
    """Patients. An app that knows more of them adds a panel."""

    form = PatientForm
    page_template = "admin/exercises/patient/record.html"
    list_display: ClassVar[tuple[Any, ...]] = (
        "name", "phone", "level", "phase", "silent_for", "done_in_7_days", "change",
    )  # fmt: skip  # a list
    list_display_links = None
    list_filter: ClassVar[tuple[Any, ...]] = (
        StateFilter, PhaseFilter, ProviderFilter, SilentFilter, "language",
    )  # fmt: skip  # a list
    list_per_page = 50
    actions: ClassVar[tuple[Any, ...]] = ("pause_programs", "export_csv")
    actions_list: ClassVar = ["import_patients"]
    list_select_related = ("clinic",)
    search_fields = ("search_text", "phone")
    actions_detail: ClassVar = ["record", "assign_program"]
    may_add: ClassVar = STAFF
    may_change: ClassVar = STAFF

    def get_queryset(self, request: HttpRequest) -> QuerySet[Patient]:
        """With what the list shows and filters by."""
        return with_state(super().get_queryset(request), now=timezone.now())

    @display(description="Program", ordering="state", label=STATES)  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def level(self, patient: Any) -> tuple[str, str]:
        """As a coloured label."""
        if patient.state == NO_PROGRAM:
            return NO_PROGRAM, "None"
        return patient.state, str(Program.Status(patient.state).label)

    @admin.display(description="Phase", ordering="phase_name")
    def phase(self, patient: Any) -> str:
        """Of this week."""
        return patient.phase_name or ""

    @admin.display(description="Silent days", ordering="-heard_at")
    def silent_for(self, patient: Any) -> str:
        """Since the last sign of life, while a program runs."""
        if patient.state != Program.Status.ACTIVE or patient.heard_at is None:
            return ""
        return str(max(0, (timezone.now() - patient.heard_at).days))

    @admin.display(description="Days done of 7", ordering="days_done")
    def done_in_7_days(self, patient: Any) -> str:
        """Days with exercises done before today."""
        return "" if patient.state == NO_PROGRAM else str(patient.days_done)

    @admin.display(description="Pain change", ordering="pain_change")
    def change(self, patient: Any) -> str:
        """First-step pain now against the baseline, in points: minus is better."""
        return "" if patient.pain_change is None else f"{patient.pain_change:+g}"

    @action(description="Import", url_path="import", icon="upload")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def import_patients(self, request: HttpRequest) -> HttpResponse:
        """From a CSV file."""
        return import_page(self, request)

    @admin.action(description="Pause programs")
    def pause_programs(
        self, request: HttpRequest, queryset: QuerySet[Patient]
    ) -> HttpResponse | None:
        """Over holidays, say: ask until when, then pause what runs."""
        form = PauseManyForm(request.POST if "apply" in request.POST else None)
        if not form.is_valid():
            return ask(
                self, request, queryset, form, title="Pause programs", button="Pause",
            )  # fmt: skip  # a call
        paused, skipped = self._pause(request, queryset, form.cleaned_data["until"])
        until = f"{form.cleaned_data['until']:%d %b %Y}"
        tell(self, request, f"{paused} paused until {until}.", skipped)
        return None

    def _pause(
        self, request: HttpRequest, patients: Iterable[Patient], until: date
    ) -> tuple[int, list[str]]:
        paused, skipped = 0, []
        for patient in patients:
            if not may_treat(request, patient.clinic_id):
                skipped.append(f"{patient} (assistants make no clinical changes)")
                continue
            running = list(patient.programs.filter(status=Program.Status.ACTIVE))
            for program in running:
                pause_program(program=program, until=until)
            paused += len(running)
            if not running:
                skipped.append(f"{patient} (no program runs)")
        return paused, skipped

    @admin.display(description="Name", ordering="last_name")
    def name(self, patient: Patient) -> SafeString:
        """First and last name, as the way to the patient's page."""
        url = reverse("admin:exercises_patient_record", args=[patient.pk])
        return format_html('<a class="plainly" href="{}">{}</a>', url, patient)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start with the user's clinic and its zone; who works in several says which, so that an
        invitation moves nobody's next patient.
        """
        clinic = Clinic.objects.visible_to(request.user).single()
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if clinic is not None:
            initial = {"clinic": clinic.pk, "time_zone": clinic.time_zone} | initial
        return initial

    def get_readonly_fields(
        self, request: HttpRequest, obj: Patient | None = None
    ) -> tuple[str, ...]:
        """Whose patient somebody is does not change by a click."""
        fixed = ("clinic",) if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_fields(self, request: HttpRequest, obj: Patient | None = None) -> list[Any]:
        """Where one goes on comes last."""
        fields = list(super().get_fields(request, obj))
        return sorted(fields, key=("is_other", "go_on").__contains__)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A new patient's asks for more, so that one page is enough."""
        if obj is None:
            kwargs["form"] = self.with_panels(NewPatientForm)
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Patient, form: Any, change: bool) -> None:
        """With what follows from another clock or phone."""

        def save() -> None:
            super(PatientAdmin, self).save_model(request, obj, form, change)

        if change:
            save_patient(patient=obj, save=save, now=timezone.now())
        else:
            save()
            self.tell_panels_added(request, obj, form.cleaned_data)

    def response_post_save_add(self, request: HttpRequest, obj: Patient) -> HttpResponseRedirect:
        """To what a panel has to show first, to the program, or to the patient's page."""
        if address := self.next_of_panels(request, obj):
            return redirect(address)
        if "go_on" in request.POST:
            return redirect(f"{reverse('admin:exercises_program_add')}?patient={obj.pk}")
        return redirect("admin:exercises_patient_record", obj.pk)

    def response_post_save_change(self, request: HttpRequest, obj: Patient) -> HttpResponseRedirect:
        """To the patient's page, where one goes on."""
        return redirect("admin:exercises_patient_record", obj.pk)

    @action(description="The patient", url_path="record", icon="monitoring")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def record(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Everything about a patient on one page."""
        visible = self.get_queryset(request).select_related("clinic")
        return self.record_page(request, row_or_404(visible, object_id))

    def record_page(self, request: HttpRequest, patient: Patient, **more: Any) -> TemplateResponse:
        """The page; `more` comes instead of what the panels show, as a form with its errors."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            **record_context(patient, request),
            **self.panel_context(request, patient),
            "media": self.media,
            **more,
        }
        return TemplateResponse(request, self.page_template, context)

    @action(description="Assign a program", url_path="assign", icon="assignment_add")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def assign_program(self, request: HttpRequest, object_id: str) -> HttpResponseRedirect:
        """To the page that assigns, with this patient chosen."""
        return redirect(f"{reverse('admin:exercises_program_add')}?patient={object_id}")
