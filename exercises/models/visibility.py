"""`visible_to(user)`: the only place where tenancy is decided.

The API, the admin's lists, forms, autocompletes and actions all start from here. Deny is the
default: an account without a role in a clinic sees nothing, and what it may not see does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from hep.auditing import seen
from hep.stamps import StampedQuerySet

if TYPE_CHECKING:
    from exercises.models import User

Row = TypeVar("Row", bound=models.Model)


class TenantQuerySet(models.QuerySet[Row]):
    """Rows that belong to a clinic; `clinic_path` says along which relations.

    `patient_path` leads to the patient who may see the row as their own; without it no patient may.
    """

    clinic_path = "clinic"
    patient_path = ""
    # Whether these rows are read for somebody, who is named in the trace of looks.
    is_look = False

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # Django's own, which the stubs hide
        clone.is_look = self.is_look
        return clone

    def _fetch_all(self) -> None:
        is_fresh = self._result_cache is None
        super()._fetch_all()
        if is_fresh and self.is_look:
            seen(row for row in self._result_cache or () if isinstance(row, models.Model))

    def iterator(self, chunk_size: int | None = None) -> Iterator[Row]:
        """Django's, which keeps no result."""
        for row in super().iterator(chunk_size):
            if self.is_look and isinstance(row, models.Model):
                seen([row])
            yield row

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows `user` may know of: their clinics'; a patient's own; all for the operator; else
        none.
        """
        rows = self._of(user)
        rows.is_look = True
        return rows

    def _of(self, user: User | AnonymousUser) -> Self:
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        if user.patient_id is not None:
            own = {self.patient_path: user.patient_id}
            return self.filter(**own) if self.patient_path else self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(self.belonging_to(user))

    def belonging_to(self, user: User) -> Q:
        """The condition for a provider; the subquery keeps joins, and so duplicates, away."""
        # By name: the models import this module.
        provider = apps.get_model("exercises", "Provider")
        clinics = provider.objects.filter(user=user).values("clinic")
        return Q((f"{self.clinic_path}__in", clinics))


class SharedTenantQuerySet(TenantQuerySet[Row]):
    """Library rows: those without a clinic are shared by all."""

    def belonging_to(self, user: User) -> Q:
        """A provider's clinics' own rows and the shared ones."""
        return super().belonging_to(user) | Q((f"{self.clinic_path}__isnull", True))


class ClinicQuerySet(TenantQuerySet[Row]):
    """Clinics the user works in."""

    clinic_path = "pk"

    def single(self) -> Row | None:
        """The clinic where there is but one: of several none is a default. One query."""
        rows = list(self[:2])
        return rows[0] if len(rows) == 1 else None


class UserQuerySet(TenantQuerySet[Row]):
    """Accounts with a role in one of the user's clinics."""

    clinic_path = "providers__clinic"


class ProviderQuerySet(TenantQuerySet[Row]):
    """Roles in the user's clinics."""


class PatientQuerySet(TenantQuerySet[Row]):
    """Patients of the user's clinics."""

    patient_path = "pk"


class PageLinkQuerySet(TenantQuerySet[Row]):
    """Links to the pages of the clinics' patients; a patient's own."""

    clinic_path = "patient__clinic"
    patient_path = "patient"


class ExerciseQuerySet(SharedTenantQuerySet[Row]):
    """The shared library and the clinics' own items."""


class ExerciseAssetQuerySet(SharedTenantQuerySet[Row]):
    """Pictures and videos of the exercises one sees."""

    clinic_path = "exercise__clinic"


class InfoCardQuerySet(SharedTenantQuerySet[Row]):
    """Shared cards and the clinics' own."""


class ProgramTemplateQuerySet(SharedTenantQuerySet[Row]):
    """Shared templates and the clinics' own."""


class ProgramQuerySet(TenantQuerySet[Row]):
    """Programs of the clinics' patients."""

    clinic_path = "patient__clinic"
    patient_path = "patient"


class ScheduleQuerySet(TenantQuerySet[Row]):
    """Schedules of the clinics' programs."""

    clinic_path = "program__patient__clinic"
    patient_path = "program__patient"


class CheckInQuerySet(StampedQuerySet, TenantQuerySet[Row]):
    """Check-ins of the clinics' patients."""

    clinic_path = "program__patient__clinic"
    patient_path = "program__patient"


class SessionLogQuerySet(StampedQuerySet, TenantQuerySet[Row]):
    """What the clinics' patients did."""

    clinic_path = "program__patient__clinic"
    patient_path = "program__patient"


class AlertQuerySet(TenantQuerySet[Row]):
    """Alerts about the clinics' patients."""

    clinic_path = "patient__clinic"


class ProgramVersionQuerySet(TenantQuerySet[Row]):
    """Changes of the clinics' programs."""

    clinic_path = "program__patient__clinic"


class IntakeScreenQuerySet(TenantQuerySet[Row]):
    """What was found at the clinics' assignments."""

    clinic_path = "program__patient__clinic"


class ProposalQuerySet(TenantQuerySet[Row]):
    """Proposals about the clinics' programs."""

    clinic_path = "program__patient__clinic"


class ReviewQuerySet(TenantQuerySet[Row]):
    """Reviews of the clinics' programs."""

    clinic_path = "program__patient__clinic"


class TreatmentSessionQuerySet(TenantQuerySet[Row]):
    """Treatments of the clinics' patients."""

    clinic_path = "patient__clinic"
    patient_path = "patient"


class MeasureQuerySet(TenantQuerySet[Row]):
    """Measures of the clinics' patients."""

    clinic_path = "program__patient__clinic"
    patient_path = "program__patient"


class BarrierQuerySet(TenantQuerySet[Row]):
    """What got in the way of the clinics' patients."""

    clinic_path = "program__patient__clinic"
    patient_path = "program__patient"


class ErasureQuerySet(TenantQuerySet[Row]):
    """Records that are to be, or were, made nameless or erased."""


class TemplatePhaseQuerySet(SharedTenantQuerySet[Row]):
    """Phases of the templates one sees."""

    clinic_path = "template__clinic"


class DeviceTokenQuerySet(models.QuerySet[Row]):
    """Signed-in devices: each is its own user's, and nobody else's."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The user's own."""
        return self.none() if isinstance(user, AnonymousUser) else self.filter(user=user)
