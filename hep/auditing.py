"""Who did it, and who looked: what auditlog's middleware cannot know by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditlog.context import auditlog_value
from auditlog.signals import accessed
from django.db.models import Model

# Imported while the models are still being loaded, by way of DRF's settings.
if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def acts_as(user: AbstractBaseUser) -> None:
    """Name the user of a token in what this request changes: the middleware ran before we knew."""
    context = auditlog_value.get(None)
    if context is not None:
        context["actor"] = user


def looked_at(row: Model) -> None:
    """Keep that somebody looked at a row of a model that is audited."""
    accessed.send(type(row), instance=row)
