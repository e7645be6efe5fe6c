"""`visible_to` for rows of this app; the decision itself stands in `exercises.querysets`."""

from __future__ import annotations

from exercises.querysets import Row, TenantQuerySet


class SenderQuerySet(TenantQuerySet[Row]):
    """Senders that one of the user's clinics texts from."""

    clinic_path = "clinics__clinic"


class ClinicTextingQuerySet(TenantQuerySet[Row]):
    """How the user's clinics text."""


class PhoneConsentQuerySet(TenantQuerySet[Row]):
    """Consent given to the user's clinics."""


class ConsentEventQuerySet(TenantQuerySet[Row]):
    """History of consent given to the user's clinics."""

    clinic_path = "consent__clinic"


class OutboundMessageQuerySet(TenantQuerySet[Row]):
    """Texts of the user's clinics."""


class InboundMessageQuerySet(TenantQuerySet[Row]):
    """Texts received for the user's clinics; those of unknown phones only the operator sees."""

    clinic_path = "patient__clinic"
