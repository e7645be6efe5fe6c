"""Programs and check-ins."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import action

from exercises.admin.assigning import Assignment, first_week, usual
from exercises.admin.base import (
    AboutPatient,
    ReadOnlyInline,
    may_treat,
    row_or_404,
    staff_user,
)
from exercises.admin.changes import change_page
from exercises.admin.exporting import ExportingAdmin
from exercises.admin.handout import handout_page
from exercises.admin.lifecycle import lifecycle_page
from exercises.admin.panels import PaneledAdmin
from exercises.admin.visit import visit_page
from exercises.models import (
    CheckIn,
    CheckInEntry,
    Program,
    Schedule,
    SessionLog,
)
from exercises.services.roles import CLINICIANS


class ScheduleInline(ReadOnlyInline):
    """When the program texts."""

    model = Schedule
    fields = ("kind", "times", "next_due_at", "parked_reason")
    readonly_fields = fields

    @admin.display(description="Times (patient's clock)")
    def times(self, schedule: Schedule) -> str:
        """The times of a day."""
        return ", ".join(f"{value:%H:%M}" for value in schedule.local_times or ())


# Buttons that change what is on the page and assign nothing.
CHOOSING = {"choose", "fit"}
AS_ASSIGNED = ("patient", "name", "start_date", "side", "status", "assigned_by")
THRESHOLDS = ("alert_rise", "alert_sharp_rise")


@admin.register(Program)
class ProgramAdmin(PaneledAdmin, AboutPatient):
    """Programs. Adding one assigns a template; an assigned one is a record."""

    list_display = ("patient", "name", "start_date", "side", "status")
    list_filter = ("status",)
    list_select_related = ("patient",)
    search_fields = ("patient__search_text", "name")
    inlines: ClassVar = [ScheduleInline]
    page_template = "admin/exercises/program/assign.html"
    may_add: ClassVar = CLINICIANS
    may_change: ClassVar = CLINICIANS
    actions_detail: ClassVar = [
        "record", "change_items", "handout", "visit", "pause", "resume", "end",
    ]  # fmt: skip  # a line

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A clinician of the patient's own clinic."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_treat(request, obj.patient.clinic_id))

    @action(description="Pause", url_path="pause", icon="pause")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For some days, or until somebody resumes it."""
        return lifecycle_page(self, request, object_id, "pause")

    @action(description="Resume", url_path="resume", icon="play_arrow")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """From now on."""
        return lifecycle_page(self, request, object_id, "resume")

    @action(description="End", url_path="end", icon="stop")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For good."""
        return lifecycle_page(self, request, object_id, "end")

    @action(description="Handout", url_path="handout", icon="print")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def handout(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A week on paper, in the patient's language; `?week=` names another than this one."""
        visible = self.get_queryset(request).select_related("patient__clinic")
        program = row_or_404(visible, object_id)
        return handout_page(request, program)

    @action(description="Visit report", url_path="visit", icon="summarize")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def visit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The course so far on a page, for the appointment."""
        visible = self.get_queryset(request).select_related("patient__clinic")
        return visit_page(request, row_or_404(visible, object_id))

    @action(description="Change exercises", url_path="change-items", icon="edit_note")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def change_items(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Doses and items, from today on."""
        return change_page(self, request, object_id)

    def get_fields(self, request: HttpRequest, obj: Program | None = None) -> list[str]:
        """What was assigned, and when to alert."""
        return [*AS_ASSIGNED, *THRESHOLDS]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Program | None = None
    ) -> tuple[str, ...]:
        """What was assigned is a record; when to alert is the provider's to set."""
        return AS_ASSIGNED if obj is not None else ()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page that assigns: a look with "look", another choice with "choose"."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        user = staff_user(request)
        asked = Assignment(request.POST or None, user=user, initial=usual(user, request.GET.dict()))
        now = timezone.now()
        found: dict[str, Any] = {}
        if "look" in request.POST:
            found = asked.look(lambda program: self.first_look(request, program), now=now)
        elif request.method == "POST" and not CHOOSING & request.POST.keys():
            program = asked.assign(now=now)
            if program is not None:
                self.message_user(request, f"{program.patient.first_name} has the program.")
                self.tell_panels_opened(request, program)
                return redirect("admin:exercises_patient_record", program.patient_id)
        context = {
            **self.admin_site.each_context(request),
            "title": "Assign a program",
            "opts": self.model._meta,
            "assignment": asked,
            "form": asked.form,
            "choosing": bool(CHOOSING & request.POST.keys()),
            "media": self.media,
            **found,
        }
        return TemplateResponse(request, self.page_template, context)

    def first_look(self, request: HttpRequest, program: Program) -> dict[str, Any]:
        """What the page shows of a program before it is assigned."""
        return first_week(program) | self.panel_context(request, program)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Program | None:
        """The panels say what is wrong each time somebody opens the page."""
        program: Program | None = super().get_object(request, object_id, from_field)
        if program is not None and request.method == "GET":
            self.tell_panels_opened(request, program)
        return program


@admin.register(SessionLog)
class SessionLogAdmin(ExportingAdmin):
    """What patients did, or why not."""

    list_display = ("patient", "local_date", "kind", "outcome", "reason", "hours", "source")
    list_filter = ("kind", "outcome", "reason")
    list_select_related = ("program__patient",)
    search_fields = ("program__patient__search_text",)

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
class CheckInAdmin(ExportingAdmin):
    """Check-ins."""

    list_display = ("patient", "local_date", "kind", "score", "source", "updated_at")
    list_filter = ("kind", "source")
    list_select_related = ("program__patient",)
    search_fields = ("program__patient__search_text",)
    inlines: ClassVar = [EntryInline]

    @admin.display(ordering="program__patient__last_name")
    def patient(self, check_in: CheckIn) -> str:
        """Whose."""
        return str(check_in.program.patient)
