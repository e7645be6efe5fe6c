"""Programs and check-ins."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminTimeWidget,
)

from exercises.access import CLINICIANS, require_clinician
from exercises.admin.base import ReadOnlyInline, TenantAdmin, may_treat, staff_user
from exercises.admin.changes import change_page
from exercises.admin.intake import pattern_choices, red_flag_choices
from exercises.content import screens
from exercises.models import (
    CheckIn,
    CheckInEntry,
    Patient,
    Program,
    ProgramTemplate,
    Schedule,
    SessionLog,
)
from exercises.recurrence import DAILY, TAPER, Step
from exercises.services import IntakeSpec, ScheduleSpec, assign_program
from hep.errors import InvalidInputError


class ScheduleInline(ReadOnlyInline):
    """When the program texts."""

    model = Schedule
    fields = ("kind", "times", "next_due_at", "parked_reason")
    readonly_fields = fields

    @admin.display(description="Times (patient's clock)")
    def times(self, schedule: Schedule) -> str:
        """The times of a day."""
        return ", ".join(f"{value:%H:%M}" for value in schedule.local_times)


def _time(label: str, help_text: str, *, required: bool = True) -> forms.TimeField:
    """A time of the day that a text comes at; one that may be empty says so."""
    return forms.TimeField(
        label=label,
        widget=UnfoldAdminTimeWidget,
        required=required,
        help_text=help_text if required else f"{help_text} Empty: none.",
    )


class AssignForm(forms.ModelForm[Program]):
    """What assigning asks; the service makes the program."""

    TIMES: ClassVar[dict[str, str]] = {
        "check_in_time": Schedule.Kind.CHECK_IN,
        "nudge_time": Schedule.Kind.NUDGE,
        "average_time": Schedule.Kind.AVERAGE,
        "exercise_time": Schedule.Kind.EXERCISE,
        "splint_time": Schedule.Kind.SPLINT,
    }

    check_in_time = _time("Check-in time", "When to ask for today's pain, on the patient's clock.")
    ask_less = forms.BooleanField(
        label="Ask less often later",
        required=False,
        initial=True,
        help_text="Daily for 4 weeks, three times a week for 4, then once a week.",
    )
    nudge_time = _time(
        "Nudge", "One more question when the check-in has no answer by then.", required=False
    )
    average_time = _time("Evening check-in", "Asks for the day's average pain.", required=False)
    exercise_time = _time("Exercise reminder", "When to remind of the exercises.", required=False)
    splint_time = _time("Splint reminder", "When to remind of the night splint.", required=False)

    pattern = forms.MultipleChoiceField(
        label="Signs found",
        required=False,
        choices=pattern_choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    red_flags = forms.MultipleChoiceField(
        label="Red flags found",
        required=False,
        choices=red_flag_choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="With one, refer first, or say below why the program is right all the same.",
    )
    override_reason = forms.CharField(
        required=False,
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="Only with a red flag.",
    )

    class Meta:
        model = Program
        fields = ("patient", "template", "start_date", "side")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].required = True

    def clean(self) -> dict[str, Any]:
        """Assign inside validation, so that what the service refuses shows at its field.

        The admin saves a valid form in the same transaction; an invalid one leaves nothing.
        """
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        given = [(name, kind) for name, kind in self.TIMES.items() if cleaned.get(name)]
        patient: Patient = cleaned["patient"]
        template: ProgramTemplate = cleaned["template"]
        try:
            require_clinician(self.assigned_by, patient.clinic)
            self.instance = assign_program(
                patient=patient,
                template=template,
                start_date=cleaned["start_date"],
                side=cleaned["side"],
                schedules=[
                    ScheduleSpec(kind, (cleaned[name],), self._steps(kind)) for name, kind in given
                ],
                assigned_by=self.assigned_by,
                now=timezone.now(),
                intake=self._intake(template),
            )
        except PermissionDenied as error:
            self.add_error("patient", str(error))
        except InvalidInputError as error:
            self.add_error(self._field_of(error.field, [name for name, _ in given]), error.message)
        return cleaned

    assigned_by: Any = None

    def _intake(self, template: ProgramTemplate) -> IntakeSpec | None:
        """What was found; a template without a screen asks nothing."""
        if template.screen not in screens():
            return None
        return IntakeSpec(
            pattern=tuple(self.cleaned_data.get("pattern", ())),
            red_flags=tuple(self.cleaned_data.get("red_flags", ())),
            override_reason=self.cleaned_data.get("override_reason", ""),
        )

    def _steps(self, kind: str) -> tuple[Step, ...]:
        """Questions grow rarer when asked so; reminders come daily."""
        return TAPER if self.cleaned_data.get("ask_less") and kind in Schedule.ASKING else DAILY

    def _field_of(self, path: str, given: list[str]) -> str | None:
        """The form's field for a service's path such as `schedules.0.local_time`."""
        if path.startswith("schedules."):
            return given[int(path.split(".")[1])]
        path = path.removeprefix("intake.")
        return path if path in self.fields else None


INTAKE = ("pattern", "red_flags", "override_reason")
AS_ASSIGNED = ("patient", "name", "start_date", "side", "status", "assigned_by")
THRESHOLDS = ("alert_rise", "alert_sharp_rise")


@admin.register(Program)
class ProgramAdmin(TenantAdmin):
    """Programs. Adding one assigns a template; an assigned one is a record."""

    list_display = ("patient", "name", "start_date", "side", "status")
    list_filter = ("status",)
    list_select_related = ("patient",)
    search_fields = ("patient__first_name", "patient__last_name", "name")
    inlines: ClassVar = [ScheduleInline]
    may_add: ClassVar = CLINICIANS
    may_change: ClassVar = CLINICIANS
    actions_detail: ClassVar = ["record", "change_items"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A clinician of the patient's own clinic."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_treat(request, obj.patient.clinic_id))

    @action(description="The patient", url_path="record", icon="monitoring")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def record(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the patient's page, with this program."""
        program = get_object_or_404(self.get_queryset(request), pk=object_id)
        url = reverse("admin:exercises_patient_record", args=[program.patient_id])
        return redirect(f"{url}?program={program.pk}")

    @action(description="Change exercises", url_path="change-items", icon="edit_note")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def change_items(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Doses and items, from today on."""
        return change_page(self, request, object_id)

    def get_form(
        self, request: HttpRequest, obj: Program | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form that assigns, knowing who does."""
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        kwargs["form"] = AssignForm
        form = super().get_form(request, obj, change, **kwargs)
        form.assigned_by = staff_user(request)
        return form

    def get_fields(self, request: HttpRequest, obj: Program | None = None) -> list[str]:
        """What to ask, or what to show."""
        asked = ["patient", "template", *INTAKE, "start_date", "side"]
        if obj is None:
            return [*asked, "check_in_time", "ask_less", *list(AssignForm.TIMES)[1:]]
        return [*AS_ASSIGNED, *THRESHOLDS]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Program | None = None
    ) -> tuple[str, ...]:
        """What was assigned is a record; when to alert is the provider's to set."""
        return AS_ASSIGNED if obj is not None else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start today, ask in the morning."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return {
            "start_date": timezone.localdate(),
            "check_in_time": "08:30",
            "nudge_time": "14:00",
            "ask_less": True,
            "side": Program.Side.BOTH,
        } | initial

    def save_model(self, request: HttpRequest, obj: Program, form: Any, change: bool) -> None:
        """A new one was saved by the service during validation; of others the thresholds."""
        if change:
            super().save_model(request, obj, form, change)


@admin.register(SessionLog)
class SessionLogAdmin(TenantAdmin):
    """What patients did, or why not."""

    list_display = ("patient", "local_date", "kind", "outcome", "reason", "hours", "source")
    list_filter = ("kind", "outcome", "reason")
    list_select_related = ("program__patient",)
    search_fields = ("program__patient__first_name", "program__patient__last_name")

    @admin.display(ordering="program__patient__last_name")
    def patient(self, log: SessionLog) -> str:
        """Whose."""
        return str(log.program.patient)


class EntryInline(ReadOnlyInline):
    """The history of a check-in."""

    model = CheckInEntry
    fields = ("created_at", "score", "source", "note", "recorded_by", "undone_at")
    readonly_fields = fields


@admin.register(CheckIn)
class CheckInAdmin(TenantAdmin):
    """Check-ins."""

    list_display = ("patient", "local_date", "kind", "score", "source", "updated_at")
    list_filter = ("kind", "source")
    list_select_related = ("program__patient",)
    search_fields = ("program__patient__first_name", "program__patient__last_name")
    inlines: ClassVar = [EntryInline]

    @admin.display(ordering="program__patient__last_name")
    def patient(self, check_in: CheckIn) -> str:
        """Whose."""
        return str(check_in.program.patient)
