"""Links that open the patient's own page."""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import ClassVar

from django.db import models

from exercises.models.people import Patient, User
from exercises.models.visibility import PageLinkQuerySet
from hep.keys import keyed, keys
from hep.lines import LineField

# 128 bits, which are 22 letters of an address.
TOKEN_BYTES = 16


class PageLink(models.Model):
    """A link to a patient's own page, until it expires or somebody ends it.

    The token itself is stored nowhere: it follows from the row's random id and SECRET_KEY, so that
    it can be texted again. What is looked up is its digest.
    """

    class MadeFor(models.TextChoices):
        """Who wanted it."""

        PATIENT = "patient", "The patient asked by text"
        PROVIDER = "provider", "A provider"
        REMINDER = "reminder", "A reminder"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="page_links")
    digest = LineField(max_length=64, unique=True)
    phone = LineField(max_length=20, help_text="E.164. With another phone the link ends.")
    made_for = LineField(max_length=10, choices=MadeFor)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Wrong second steps.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    first_opened_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)

    objects = PageLinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "pk"]
        indexes: ClassVar = [
            # Serves "is there a link that still works?", and the list on the patient's page.
            models.Index(fields=["patient", "-created_at"], name="page_link_patient_newest"),
        ]

    def __str__(self) -> str:
        return f"Link of {self.created_at:%d %b %Y}"

    @property
    def token(self) -> str:
        """22 letters that go into an address; empty where the key it was made with is gone."""
        made = (self._token_by(key) for key in keys())
        if not self.digest:
            return next(made)
        return next((token for token in made if digest_of(token) == self.digest), "")

    def _token_by(self, key: str) -> str:
        digest = keyed("hep.page_link", str(self.pk), key)
        return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode().rstrip("=")


def digest_of(token: str) -> str:
    """What a link is found by. A plain hash is enough for 128 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
