"""The team of a clinic: inviting, changing roles, leaving."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.db import transaction

from exercises.models import Clinic, Provider, User
from hep.errors import ConflictError, InvalidInputError


@transaction.atomic
def invite(*, clinic: Clinic, email: str, name: str, role: str) -> tuple[User, bool]:
    """Give somebody a role in `clinic`; (their account, whether it is new).

    A new account gets a password that nobody knows: its owner sets one by e-mail. Raises
    ConflictError at `email` for who is in the team already, InvalidInputError for an account that
    was closed.
    """
    user: User | None = User.objects.called(email).first()
    is_new = user is None
    if user is None:
        password = secrets.token_urlsafe(32)
        user = User.objects.create_user(email, password, name=name, is_staff=True)
    if not user.is_active:
        raise InvalidInputError("email", "This account was closed.", code="closed")
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    _, added = Provider.objects.get_or_create(user=user, clinic=clinic, defaults={"role": role})
    if not added:
        raise ConflictError("email", "Already in the team.", code="already_there")
    return user, is_new


def require_an_admin(roles: Collection[str]) -> None:
    """Raise InvalidInputError unless one of the `roles` a clinic would have is an admin's."""
    if Provider.Role.CLINIC_ADMIN not in roles:
        message = "A clinic needs a clinic admin: give somebody else the role first."
        raise InvalidInputError("role", message, code="no_admin")
