"""Clinics, team and patients."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django_otp.plugins.otp_static.models import StaticDevice
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from exercises.admin.base import STAFF, ClinicsOwn, RolePermissions, manages, row_or_404, staff_user
from exercises.admin.outcomes import outcomes_page
from exercises.admin.team import invite_page
from exercises.models import Clinic, Provider, User
from exercises.rules.validators import ZONES
from exercises.services import require_an_admin, second_step
from hep.errors import InvalidInputError

# Permissions follow from roles, so groups would only mislead; a second step is its owner's.
for model in (Group, StaticDevice):
    admin.site.unregister(model)

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


class ClinicForm(ZoneForm):
    """A clinic; its second contact is somebody of its own team."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "second_contact" in self.fields:
            team = User.objects.filter(providers__clinic=self.instance.pk, is_active=True)
            self.fields["second_contact"].queryset = team.distinct()  # type: ignore[attr-defined]  # a choice field


class TeamFormSet(BaseInlineFormSet[Provider, Clinic, Any]):
    """Roles of a clinic; the last admin stays."""

    def clean(self) -> None:
        """Refuse a team without an admin."""
        super().clean()
        going = {form.instance.pk for form in self.deleted_forms}
        roles = [
            form.cleaned_data.get("role", form.instance.role)
            for form in self.forms
            if form.instance.pk not in going and hasattr(form, "cleaned_data")
        ]
        if self.forms:
            try:
                require_an_admin(roles)
            except InvalidInputError as error:
                raise forms.ValidationError(error.message) from error


class ProviderInline(RolePermissions, TabularInline):  # type: ignore[misc]  # unfold has no stubs
    """The team of a clinic, whose admins change roles and let people go."""

    model = Provider
    formset = TeamFormSet
    extra = 0
    fields = ("user", "role")
    readonly_fields = ("user",)
    may_view: ClassVar = STAFF

    def formfield_for_choice_field(self, *args: Any, **kwargs: Any) -> Any:
        """In a table a field has no label of its own to be read out."""
        field = super().formfield_for_choice_field(*args, **kwargs)
        field.widget.attrs["aria-label"] = "Role"
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The clinic's admins."""
        return obj is not None and manages(request, obj.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The clinic's admins; the account stays, and so does what it wrote."""
        return self.has_change_permission(request, obj)


@admin.register(Clinic)
class ClinicAdmin(ClinicsOwn):
    """Clinics: their hours, their thresholds and their team."""

    form = ClinicForm
    list_display = ("name", "short_name", "phone", "time_zone")
    search_fields = ("name",)
    inlines: ClassVar = [ProviderInline]
    actions_detail: ClassVar = ["invite", "outcomes"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The operator."""
        return staff_user(request).is_superuser

    @action(description="Invite", url_path="invite", icon="person_add")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def invite(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Somebody to the team."""
        clinic = row_or_404(self.get_queryset(request), object_id)
        if not manages(request, clinic.pk):
            raise PermissionDenied
        return invite_page(self, request, clinic)

    @action(description="Outcomes", url_path="outcomes", icon="insights")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def outcomes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What comes of its programs."""
        clinic = row_or_404(self.get_queryset(request), object_id)
        return outcomes_page(self, request, clinic)


class OperatorAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no type stubs
    """A page for the operator alone."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Only superusers see it."""
        return request.user.is_active and request.user.is_superuser


@admin.register(User)
class UserAdmin(OperatorAdmin):
    """Accounts; passwords are set with `manage.py changepassword` or the reset page."""

    list_display = ("email", "name", "is_active", "is_staff")
    actions: ClassVar = ["remove_second_step"]
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "last_login")
    readonly_fields = ("last_login",)

    @admin.action(description="Remove the second step: a phone is lost")
    def remove_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let them in with the password alone, so that they can set up another phone."""
        for user in queryset:
            second_step.remove(user)
        self.message_user(request, f"{queryset.count()} accounts sign in without a second step.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Accounts of staff; a patient's has nothing to change here."""
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.filter(patient=None)
