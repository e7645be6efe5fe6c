"""Invitations to a clinic's team."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from exercises.models.people import Clinic, Provider, User
from exercises.models.visibility import ProviderQuerySet
from hep.lines import LineField


class Invitation(models.Model):
    """A clinic wants somebody in its team; a role follows once they have agreed, and not before."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    role = LineField(max_length=20, choices=Provider.Role)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "pk"]
        constraints: ClassVar = [
            # Serves who is invited twice: the last word counts.
            models.UniqueConstraint(fields=["user", "clinic"], name="invitation_once_per_clinic"),
        ]
        indexes: ClassVar = [
            # Serves the tick that mails.
            models.Index(
                fields=["created_at"],
                condition=models.Q(mailed_at=None),
                name="invitation_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.email} ({self.get_role_display()})"
