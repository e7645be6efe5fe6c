"""Library pages: shared rows are read, a clinic's own rows are changed by its clinicians."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.text import slugify
from unfold.admin import StackedInline, TabularInline

from exercises.admin.base import RolePermissions, TenantAdmin, may_treat, staff_user
from exercises.models import Clinic, User
from exercises.services.library import free_slug
from exercises.services.roles import CLINICIANS, require_clinician


def owner(row: Any) -> int | None:
    """The clinic of a library row, of an exercise's or template's part, or None for shared ones."""
    for name in ("exercise", "template", "phase"):
        parent = getattr(row, name, None)
        if parent is not None and not hasattr(row, "clinic_id"):
            return owner(parent)
    clinic: int | None = row.clinic_id
    return clinic


class OwnedAdmin(TenantAdmin):
    """Rows with a clinic. A new one belongs to the user's; its slug comes from its name."""

    may_add: ClassVar = CLINICIANS
    may_change: ClassVar = CLINICIANS

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Own rows only."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_treat(request, owner(obj)))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form that knows who fills it in."""
        form = super().get_form(request, obj, change, **kwargs)
        form.filled_in_by = staff_user(request)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start with the user's clinic."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        clinic = Clinic.objects.visible_to(staff_user(request)).first()
        return ({"clinic": clinic.pk} if clinic else {}) | initial

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whose it is stays: programs of that clinic point at it."""
        fixed = ("clinic",) if obj is not None and hasattr(obj, "clinic_id") else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new row gets a slug that its clinic has not used."""
        if not obj.slug:
            rows = type(obj).objects.filter(clinic=obj.clinic_id)
            taken = set(rows.values_list("slug", flat=True))
            obj.slug = free_slug(slugify(obj.name)[:55] or "item", taken)
        super().save_model(request, obj, form, change)


class OwnedForm(forms.ModelForm[Any]):
    """Says which clinic; the operator may leave it empty for a shared row."""

    filled_in_by: User
    # Fields that name other library rows.
    parts: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        """What it is made of is shared or of the same clinic: others could not see it."""
        cleaned = super().clean() or self.cleaned_data
        clinic = cleaned.get("clinic") if "clinic" in self.fields else self.instance.clinic
        allowed = {None, clinic.pk if clinic else None}
        for name in self.parts:
            named = cleaned.get(name)
            rows: list[Any] = list(named) if isinstance(named, QuerySet) else [named]
            if any(row and row.clinic_id not in allowed for row in rows):
                self.add_error(name, "Choose something shared or of this clinic.")
        return cleaned

    def clean_clinic(self) -> Clinic | None:
        """A clinician's row belongs to a clinic in which they may change things."""
        clinic: Clinic | None = self.cleaned_data["clinic"]
        if clinic is None and not self.filled_in_by.is_superuser:
            raise forms.ValidationError("Say which clinic it belongs to.", code="required")
        if clinic is not None:
            try:
                require_clinician(self.filled_in_by, clinic)
            except PermissionDenied as error:
                raise forms.ValidationError(str(error), code="forbidden") from error
        return clinic


class OwnedPart(RolePermissions):
    """Rows under a library row; who may change that one may change them."""

    extra = 0
    may_add: ClassVar = CLINICIANS
    may_change: ClassVar = CLINICIANS

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As the row above."""
        allowed = super().has_add_permission(request, obj)
        return allowed and obj is not None and may_treat(request, owner(obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As the row above."""
        allowed = super().has_change_permission(request, obj)
        return allowed and obj is not None and may_treat(request, owner(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A part may go: programs hold copies."""
        return self.has_change_permission(request, obj)


class OwnedTabular(OwnedPart, TabularInline):  # type: ignore[misc]  # unfold has no type stubs
    """Parts in a table."""


class OwnedStacked(OwnedPart, StackedInline):  # type: ignore[misc]  # unfold has no type stubs
    """Parts below each other."""
