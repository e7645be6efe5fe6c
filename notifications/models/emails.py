"""E-mails about alerts, as rows: who is to be told of what, and whether it went out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from exercises.models import Alert, User
from hep.lines import LineField


class AlertEmail(models.Model):
    """One e-mail about an alert to one person. Sent at least once: losing one would be worse."""

    class Kind(models.TextChoices):
        """Why they are told."""

        OPENED = "opened", "Opened"
        ESCALATED = "escalated", "Nobody closed it in time"
        # To the second contact, and again to whoever was asked before where there is none.
        LAST = "last", "Still nobody closed it"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="emails")
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = LineField(max_length=10, choices=Kind)
    # Something more urgent than what they were told of is told again.
    urgency = LineField(max_length=10, blank=True, db_default="")
    # Nor is the same sign, when it comes again long after everybody was told.
    told_round = models.PositiveSmallIntegerField(default=0, db_default=0)
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            # Serves two ticks at once: nobody is told the same thing twice.
            models.UniqueConstraint(
                fields=["alert", "recipient", "kind", "urgency", "told_round"],
                name="alert_email_once_a_round",
            ),
        ]
        indexes: ClassVar = [
            # Serves the tick that sends them.
            models.Index(
                fields=["not_before"], condition=Q(sent_at__isnull=True), name="alert_email_unsent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.alert_id}"
