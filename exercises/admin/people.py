"""Clinics, team and patients."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from exercises.admin.base import STAFF, RolePermissions, TenantAdmin, note_view
from exercises.admin.record import record_context
from exercises.models import Clinic, Patient, Provider, User
from exercises.services import save_patient
from exercises.validators import ZONES

# Permissions follow from roles, so Django's groups would only mislead.
admin.site.unregister(Group)

# Where most patients are; the list of all follows.
USUAL_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Zones for a drop-down, the usual ones first."""
    usual = [(name, name) for name in USUAL_ZONES]
    others = [(name, name) for name in sorted(ZONES - set(USUAL_ZONES))]
    return [("Usual", usual), ("All", [*others, ("UTC", "UTC")])]


class ZoneForm(forms.ModelForm[Any]):
    """A form with a drop-down of time zones."""

    time_zone = forms.ChoiceField(choices=zone_choices, widget=UnfoldAdminSelectWidget)


class ProviderInline(RolePermissions, TabularInline):  # type: ignore[misc]  # unfold has no stubs
    """The team of a clinic; only the operator changes it."""

    model = Provider
    extra = 0
    may_view: ClassVar = STAFF


@admin.register(Clinic)
class ClinicAdmin(TenantAdmin):
    """Clinics."""

    form = ZoneForm
    list_display = ("name", "short_name", "phone", "time_zone")
    search_fields = ("name",)
    inlines: ClassVar = [ProviderInline]
    may_change: ClassVar = frozenset({Provider.Role.CLINIC_ADMIN})


class OperatorAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no type stubs
    """A page for the operator alone."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Only superusers see it."""
        return request.user.is_active and request.user.is_superuser


@admin.register(User)
class UserAdmin(OperatorAdmin):
    """Accounts; passwords are set with `manage.py changepassword` or the reset page."""

    list_display = ("email", "name", "is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "last_login")
    readonly_fields = ("last_login",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Accounts of staff; a patient's has nothing to change here."""
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.filter(patient=None)


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


@admin.register(Patient)
class PatientAdmin(TenantAdmin):
    """Patients. An app that knows more of them registers its own page on top of this one."""

    form = PatientForm
    record_template = "admin/exercises/patient/record.html"
    list_display = ("name", "phone", "clinic", "time_zone", "language")
    list_display_links = None
    list_filter = ("language",)
    list_select_related = ("clinic",)
    search_fields = ("first_name", "last_name", "phone")
    actions_detail: ClassVar = ["record", "assign_program"]
    may_add: ClassVar = STAFF
    may_change: ClassVar = STAFF

    @admin.display(description="Name", ordering="last_name")
    def name(self, patient: Patient) -> SafeString:
        """First and last name, as the way to the patient's page."""
        url = reverse("admin:exercises_patient_record", args=[patient.pk])
        return format_html('<a class="plainly" href="{}">{}</a>', url, patient)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start with the user's clinic and its zone."""
        clinic = Clinic.objects.visible_to(request.user).first()
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if clinic is not None:
            initial = {"clinic": clinic.pk, "time_zone": clinic.time_zone} | initial
        return initial

    def save_model(self, request: HttpRequest, obj: Patient, form: Any, change: bool) -> None:
        """With what follows from another clock or phone."""

        def save() -> None:
            super(PatientAdmin, self).save_model(request, obj, form, change)

        if change:
            save_patient(patient=obj, save=save, now=timezone.now())
        else:
            save()

    def response_post_save_add(self, request: HttpRequest, obj: Patient) -> HttpResponseRedirect:
        """To the patient's page, where one goes on."""
        return redirect("admin:exercises_patient_record", obj.pk)

    response_post_save_change = response_post_save_add

    @action(description="The patient", url_path="record", icon="monitoring")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def record(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Everything about a patient on one page."""
        visible = self.get_queryset(request).select_related("clinic")
        return self.record_page(request, get_object_or_404(visible, pk=object_id))

    def record_page(self, request: HttpRequest, patient: Patient, **more: Any) -> TemplateResponse:
        """The page; `more` is what another app knows of the patient."""
        note_view(request, patient)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            **record_context(patient, request),
            **more,
        }
        return TemplateResponse(request, self.record_template, context)

    @action(description="Assign a program", url_path="assign", icon="assignment_add")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def assign_program(self, request: HttpRequest, object_id: str) -> HttpResponseRedirect:
        """To the page that assigns, with this patient chosen."""
        return redirect(f"{reverse('admin:exercises_program_add')}?patient={object_id}")
