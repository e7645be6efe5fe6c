"""Who is asking: a device's token, and routes for staff or for patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import get_token_model
from rest_framework import exceptions
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request

from hep.auditing import acts_as

# DRF imports this module by its settings while the models are still being loaded.
if TYPE_CHECKING:
    from exercises.models import DeviceToken, Patient, User


class DeviceAuthentication(TokenAuthentication):  # type: ignore[misc]  # knox has no type stubs
    """knox's tokens in one query, the patient and the clinic with it.

    knox looks at the user's other tokens with each request, to delete old ones; here a tick does.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, DeviceToken]:
        """The user and the token. Raises AuthenticationFailed."""
        try:
            digest = hash_token(token.decode("ascii"))
        except (UnicodeDecodeError, ValueError) as error:
            raise exceptions.AuthenticationFailed("Invalid token.") from error
        rows = get_token_model().objects.select_related("user__patient__clinic")
        found: DeviceToken | None = rows.filter(digest=digest, link=None).first()
        if found is None or (found.expiry and found.expiry <= timezone.now()):
            raise exceptions.AuthenticationFailed("Invalid token.")
        if found.expiry:
            self.renew_token(found)
        user, _ = self.validate_user(found)
        from exercises.services.second_step import NEEDED, is_missing  # noqa: PLC0415  # models are loading

        if user.patient_id is None and is_missing(user):
            raise exceptions.PermissionDenied(NEEDED, code="second_step_needed")
        acts_as(user)
        return user, found


def _not_there(request: Request, view: Any) -> None:
    """Raise Http404, unless nobody has this method here: then the 405 that all get follows."""
    if request.method in view.allowed_methods:
        raise Http404


class ForStaff(BasePermission):
    """Routes of clinics. For a patient they do not exist."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raises Http404 for a patient's account."""
        if request.user.is_authenticated and request.user.patient_id is not None:
            _not_there(request, view)
        return True


class ForPatients(BasePermission):
    """Routes of patients. For everybody else they do not exist."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raises Http404 for an account that is no patient's; whose nobody is, 401 came before."""
        if request.user.is_authenticated and request.user.patient_id is None:
            _not_there(request, view)
        return True


# Of every view for patients.
OWN = (IsAuthenticated, ForPatients)


def signed_in(request: Request) -> User:
    """The user; every view that asks requires one."""
    return cast("User", request.user)


def own_patient(request: Request) -> Patient:
    """The patient whose account this is, with the clinic; for views behind `ForPatients`."""
    patient = signed_in(request).patient
    if patient is None:
        raise Http404
    return patient
