"""The base of every admin page: tenancy by `visible_to`, permissions by role."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ForeignKey, ManyToManyField, QuerySet
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action

from exercises.admin.seen import WholeForm, watching
from exercises.models import Clinic, Program, Provider, User
from exercises.models.visibility import TenantQuerySet
from exercises.services.roles import CLINICIANS
from hep.names import search_words

Row = TypeVar("Row", bound=models.Model)
STAFF = frozenset(Provider.Role.values)
NOBODY: frozenset[str] = frozenset()


def staff_user(request: HttpRequest) -> User:
    """The signed-in user; the admin admits nobody else."""
    return cast("User", request.user)


def roles_of(request: HttpRequest) -> frozenset[str]:
    """The user's roles in any clinic, read once a request."""
    known = getattr(request, "_hep_roles", None)
    if known is None:
        user = staff_user(request)
        known = frozenset(Provider.objects.filter(user=user.pk).values_list("role", flat=True))
        request._hep_roles = known  # type: ignore[attr-defined]  # a cache for this request
    return known


def may_treat(request: HttpRequest, clinic: int | None) -> bool:
    """Whether the user makes clinical changes in `clinic`: one may be an assistant in another.

    What belongs to no clinic is the operator's.
    """
    user = staff_user(request)
    if user.is_superuser or clinic is None:
        return user.is_superuser
    return Provider.objects.filter(user=user.pk, clinic=clinic, role__in=CLINICIANS).exists()


def manages(request: HttpRequest, clinic: int | None) -> bool:
    """Whether the user is a clinic admin of `clinic`; what belongs to none is the operator's."""
    user = staff_user(request)
    if user.is_superuser or clinic is None:
        return user.is_superuser
    role = Provider.Role.CLINIC_ADMIN
    return Provider.objects.filter(user=user.pk, clinic=clinic, role=role).exists()


def narrow(queryset: QuerySet[Row], request: HttpRequest) -> QuerySet[Row]:
    """`queryset` cut to what exists for the user; a model without `visible_to` is refused."""
    if not isinstance(queryset, TenantQuerySet):
        raise TypeError(f"{queryset.model.__name__} has no visible_to")
    return queryset.visible_to(staff_user(request))


def row_or_404(queryset: QuerySet[Row], pk: str) -> Row:
    """The row of an address. Raises Http404, also for what is no key at all."""
    try:
        return get_object_or_404(queryset, pk=pk)
    except (ValidationError, ValueError) as error:
        raise Http404 from error


class RolePermissions:
    """Who may do what, by role; the operator (superuser) may do what the page offers at all."""

    may_view: ClassVar[frozenset[str]] = STAFF
    may_add: ClassVar[frozenset[str]] = NOBODY
    may_change: ClassVar[frozenset[str]] = NOBODY

    def _may(self, request: HttpRequest, roles: frozenset[str]) -> bool:
        user = staff_user(request)
        if not (user.is_active and user.is_staff):
            return False
        return bool(roles) and (user.is_superuser or bool(roles & roles_of(request)))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the app's section shows in the menu."""
        return self._may(request, self.may_view)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """May look; which rows is for `visible_to`."""
        return self._may(request, self.may_view)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """May add."""
        return self._may(request, self.may_add)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """May change."""
        return self._may(request, self.may_change)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing is deleted here: a patient's record is ended, not erased by a click."""
        return False


class TenantAdmin(RolePermissions, ModelAdmin):  # type: ignore[misc]  # unfold has no type stubs
    """A page whose rows, choices and autocompletes all pass through `visible_to`."""

    change_form_before_template = "admin/seen.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows that exist for the user."""
        return narrow(super().get_queryset(request), request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """However a name or a phone is typed."""
        words = search_words(search_term)
        found: tuple[QuerySet[Any], bool] = super().get_search_results(request, queryset, words)
        return found

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """The row, if it exists for the user.

        A save waits for another one of the same row, so that it sees what that one wrote.
        """
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST" and connection.in_atomic_block:
            type(row)._base_manager.select_for_update().get(pk=row.pk)
            row = super().get_object(request, object_id, from_field)
        return row

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form that notices what somebody else saved meanwhile."""
        form = super().get_form(request, obj, change, **kwargs)
        whole = type(form.__name__, (WholeForm, form), {})
        return watching(self, whole, request, obj) if change else whole

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's; what only the database notices, as two who add the same at once, is told."""
        try:
            with transaction.atomic():
                answer: HttpResponse = super().changeform_view(
                    request, object_id, form_url, extra_context
                )
        except IntegrityError:
            told = "Something like it is there already. Nothing was saved: look at the page again."
            self.message_user(request, told, messages.ERROR)
            return redirect(request.path)
        return answer

    def get_inlines(self, request: HttpRequest, obj: models.Model | None) -> list[Any]:
        """Related rows, once there is something they can relate to."""
        return [] if obj is None else list(self.inlines)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Choices that exist for the user."""
        manager = db_field.remote_field.model._default_manager
        kwargs["queryset"] = narrow(manager.all(), request)
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(
            db_field, request, **kwargs
        )
        return field

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        """Choices that exist for the user."""
        manager = db_field.remote_field.model._default_manager
        if isinstance(manager.all(), TenantQuerySet):
            kwargs["queryset"] = narrow(manager.all(), request)
        field: ModelMultipleChoiceField[Any] | None = super().formfield_for_manytomany(
            db_field, request, **kwargs
        )
        return field


class ClinicsOwn(TenantAdmin):
    """A page on which the admins of a clinic change what is their clinic's."""

    may_change: ClassVar[frozenset[str]] = frozenset({Provider.Role.CLINIC_ADMIN})

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A clinic admin elsewhere may be an assistant here."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or manages(request, clinic_of(obj)))


def clinic_of(row: Any) -> int | None:
    """The clinic that a row is or belongs to."""
    clinic: int | None = row.pk if isinstance(row, Clinic) else row.clinic_id
    return clinic


class AboutPatient(TenantAdmin):
    """A page about a patient or a program, with the way to the patient's own page."""

    actions_detail: ClassVar[list[str]] = ["record"]

    @action(description="The patient", url_path="record", icon="monitoring")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def record(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the patient's page, with the program it is about."""
        row = row_or_404(self.get_queryset(request), object_id)
        program = row if isinstance(row, Program) else row.program
        patient_id = program.patient_id if program else row.patient_id
        url = reverse("admin:exercises_patient_record", args=[patient_id])
        return redirect(f"{url}?program={program.pk}" if program else url)


class ReadOnlyInline(RolePermissions, TabularInline):  # type: ignore[misc]  # unfold has no stubs
    """Rows shown under their parent, which decides who may see them."""

    extra = 0
    can_delete = False
    show_change_link = False
