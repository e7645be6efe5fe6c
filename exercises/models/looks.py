"""Who looked at whose record: a row for each request that read one, or was refused."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from hep.lines import LineField


class Look(models.Model):
    """A look at the records of `patients` (ids), a refused one (`status` 403 or 404), or a try to
    sign in or out: its `path` says where, its `status` whether it led in.

    No names and no words of a record: what was seen stands in the record itself. Rows are only ever
    added. `user` is an account's id, kept when the account is gone.
    """

    # Whoever tried and was not let in.
    NOBODY: ClassVar = 0

    at = models.DateTimeField()
    user = models.BigIntegerField(help_text="Id of the account; 0: nobody who is known.")
    address = models.GenericIPAddressField(null=True)
    method = LineField(max_length=7)
    path = LineField(max_length=300)
    status = models.PositiveSmallIntegerField()
    patients = ArrayField(models.UUIDField(), help_text="Whose records the answer was built from.")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            # Serves the question who has seen a patient's record.
            GinIndex(fields=["patients"], name="look_patients"),
            # Serves what one account has seen, and the log by time.
            models.Index(fields=["user", "-at"], name="look_user_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.method} {self.path}"


class LookSeal(models.Model):
    """What the looks with ids above `since` up to `until` were: how many, and a digest of them that
    is chained to the seal before (`services/looks.py`).
    """

    sealed_at = models.DateTimeField()
    since = models.BigIntegerField()
    until = models.BigIntegerField()
    count = models.BigIntegerField()
    digest = LineField(max_length=64, help_text="SHA-256, hexadecimal.")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            # Serves the chain: every look stands under one seal.
            models.UniqueConstraint(fields=["since"], name="look_seal_once"),
        ]

    def __str__(self) -> str:
        return f"Looks up to {self.until}"
