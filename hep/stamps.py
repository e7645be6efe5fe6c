"""Rows that say when they changed last, however they were changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone


class StampedQuerySet:
    """For a queryset: an update moves `updated_at` too.

    Django's own only does so when a row is saved whole.
    """

    def update(self, **kwargs: Any) -> int:
        """Django's, with the time unless the caller says it."""
        whole: Any = super()
        return int(whole.update(**{"updated_at": timezone.now(), **kwargs}))


class Stamped(models.Model):
    """A row with an `updated_at`, which an app's sync reads by."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Django's, with the time also when only some fields are written."""
        if update_fields is not None:
            update_fields = {*update_fields, "updated_at"}
        super().save(*args, update_fields=update_fields, **kwargs)
