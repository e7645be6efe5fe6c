"""`visible_to` for rows of this app; `exercises.models.visibility` has the decision itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser

from exercises.models.visibility import Row, TenantQuerySet
from hep.stamps import StampedQuerySet

if TYPE_CHECKING:
    from exercises.models import User


class OperatorQuerySet(TenantQuerySet[Row]):
    """Rows of the service itself, which no clinic knows of."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All for the operator, nothing for anybody else."""
        return self.all() if user.is_active and user.is_superuser else self.none()


class SenderQuerySet(TenantQuerySet[Row]):
    """Senders that one of the user's clinics texts from."""

    clinic_path = "clinics__clinic"


class ClinicTextingQuerySet(TenantQuerySet[Row]):
    """How the user's clinics text."""


class PhoneConsentQuerySet(TenantQuerySet[Row]):
    """Consent given to the user's clinics."""


class ConsentEventQuerySet(TenantQuerySet[Row]):
    """History of consent given to the user's clinics; patients see what they gave themselves."""

    clinic_path = "consent__clinic"
    patient_path = "patient"


class ConsentOfferQuerySet(TenantQuerySet[Row]):
    """Words of consent shown to the clinics' patients."""


class OutboundMessageQuerySet(TenantQuerySet[Row]):
    """Texts of the user's clinics."""

    patient_path = "patient"


class InboundMessageQuerySet(StampedQuerySet, TenantQuerySet[Row]):
    """Texts received for the user's clinics; those of unknown phones only the operator sees."""

    clinic_path = "patient__clinic"
    patient_path = "patient"


class InboxItemQuerySet(TenantQuerySet[Row]):
    """What the user's clinics have to read; no patient sees how it is worked on."""


class ClinicWordingQuerySet(TenantQuerySet[Row]):
    """The clinics' own wordings."""
