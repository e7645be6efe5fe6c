"""Clinics, team and patients."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminSelectWidget

from exercises import two_step
from exercises.admin.base import STAFF, RolePermissions, TenantAdmin
from exercises.models import Clinic, Provider, User
from exercises.validators import ZONES

# Permissions follow from roles, so groups would only mislead; a second step is its owner's.
for model in (Group, TOTPDevice, StaticDevice):
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
    actions: ClassVar = ["remove_second_step"]
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "last_login")
    readonly_fields = ("last_login",)

    @admin.action(description="Remove the second step: a phone is lost")
    def remove_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let them in with the password alone, so that they can set up another phone."""
        for user in queryset:
            two_step.remove(user)
        self.message_user(request, f"{queryset.count()} accounts sign in without a second step.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Accounts of staff; a patient's has nothing to change here."""
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.filter(patient=None)
