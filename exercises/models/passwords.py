"""Links to set a password that somebody asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hep.lines import LineField
from hep.names import LONGEST_ACCOUNT


class PasswordAsk(models.Model):
    """An address that a link was asked for, whether it has an account or not, until a task has
    looked: the page does the same for both, so its time tells nothing.
    """

    email = LineField(max_length=LONGEST_ACCOUNT)
    asked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["asked_at", "pk"]
        indexes: ClassVar = [
            # Serves the tick that sends, the oldest first.
            models.Index(fields=["asked_at"], name="password_ask_oldest"),
        ]

    def __str__(self) -> str:
        return f"Asked at {self.asked_at:%d %b %H:%M}"
