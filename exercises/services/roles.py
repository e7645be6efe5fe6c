"""What a role may do in a clinic. What one may see is decided in `querysets.visible_to`."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from exercises.models import Clinic, Provider, User

CLINICIANS = frozenset({Provider.Role.CLINIC_ADMIN, Provider.Role.PROVIDER})


def require_clinician(user: User, clinic: Clinic) -> None:
    """Raise PermissionDenied unless `user` may make clinical changes in `clinic`.

    Assistants may not; neither may a clinician of another clinic.
    """
    if user.is_superuser:
        return
    if not Provider.objects.filter(user=user, clinic=clinic, role__in=CLINICIANS).exists():
        raise PermissionDenied("Assistants make no clinical changes.")
