"""The team of a clinic: inviting, changing roles, leaving."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from exercises.models import Clinic, Invitation, Provider, User
from exercises.services.mails import can_mail, mail
from exercises.services.passwords import ask_for_link
from hep.errors import ConflictError, InvalidInputError

logger = logging.getLogger(__name__)
MAILS_AT_ONCE = 50
INVITED_FOR = timedelta(days=14)


@transaction.atomic
def invite(
    *, clinic: Clinic, email: str, name: str, role: str, by: User | None, now: datetime
) -> None:
    """Ask somebody into the team of `clinic`; they are in it once they agree.

    A new account gets a password that nobody knows: its owner sets one by e-mail. Whether there was
    an account, or one that was closed, nobody is told. Raises ConflictError at `email` for who is
    in the team already.
    """
    user: User | None = User.objects.called(email).first()
    if user is None:
        password = secrets.token_urlsafe(32)
        user = User.objects.create_user(email, password, name=name, is_staff=True)
        ask_for_link(str(user.email), now=now)
    if Provider.objects.filter(user=user, clinic=clinic).exists():
        raise ConflictError("email", "Already in the team.", code="already_there")
    if user.is_active:
        asked = {"role": role, "invited_by": by, "created_at": now, "mailed_at": None}
        Invitation.objects.update_or_create(user=user, clinic=clinic, defaults=asked)


@transaction.atomic
def accept_invitation(invitation: Invitation) -> None:
    """Into the team, as it was asked."""
    user = invitation.user
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    role = {"role": invitation.role}
    Provider.objects.get_or_create(user=user, clinic=invitation.clinic, defaults=role)
    invitation.delete()


def open_invitations(*, now: datetime) -> QuerySet[Invitation]:
    """Those that may still be accepted: an address may have been mistyped, or a mind changed."""
    return Invitation.objects.filter(created_at__gt=now - INVITED_FOR)


def mail_invitations(*, now: datetime) -> int:
    """Tell who was invited, by whom and where; returns how many were told.

    What cannot be mailed is tried again: the invitation stands on the start page all along.
    """
    if not can_mail():
        return 0
    waiting = open_invitations(now=now).filter(mailed_at=None).order_by("-created_at")
    keys = list(waiting.values_list("pk", flat=True)[:MAILS_AT_ONCE])
    return sum(_mail_invitation(key, now=now) for key in keys)


def _mail_invitation(key: int, *, now: datetime) -> bool:
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(skip_locked=True, of=("self",))
        row = rows.select_related("user", "clinic", "invited_by").filter(pk=key).first()
        if row is None or row.mailed_at is not None:
            return False
        context = {"invitation": row, "address": settings.PUBLIC_BASE_URL}
        subject = f"{row.clinic} asks you into its team"
        try:
            template = "admin/invitation_email.txt"
            mail(str(row.user.email), subject=subject, template=template, context=context)
        except Exception as error:  # noqa: BLE001  # one bad address must not hide those behind it
            logger.warning("an invitation was not mailed: %s", type(error).__name__)
            return False
        Invitation.objects.filter(pk=key).update(mailed_at=now)
    return True


def require_an_admin(roles: Collection[str]) -> None:
    """Raise InvalidInputError unless one of the `roles` a clinic would have is an admin's."""
    if Provider.Role.CLINIC_ADMIN not in roles:
        message = "A clinic needs a clinic admin: give somebody else the role first."
        raise InvalidInputError("role", message, code="no_admin")
