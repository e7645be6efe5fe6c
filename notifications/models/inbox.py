"""What patients wrote in words, until a person of the clinic has handled it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from exercises.models import Clinic, Patient, User
from hep.lines import LineField
from notifications.models.inbound import InboundMessage
from notifications.models.outbound import OutboundMessage
from notifications.models.visibility import InboxItemQuerySet


class InboxItem(models.Model):
    """One text or app message with words in it, as one clinic has to read it (promise 17).

    unread ─► read ─► handled (answered, or nothing to do)
       └────────────────▲

    A text of a phone that patients of two clinics share, and that names none, stands in both.
    """

    class Why(models.TextChoices):
        """What it is to a provider, the most urgent first."""

        RED_FLAG = "red_flag", "Red flag"
        OPT_OUT = "opt_out", "May want no more texts"
        UNREADABLE = "unreadable", "Could not be read"
        PICTURE = "picture", "Sent a picture"
        ASKED_AGAIN = "asked_again", "We asked again"
        WORDS = "words", "Words"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inbound = models.ForeignKey(
        InboundMessage, on_delete=models.PROTECT, related_name="inbox_items"
    )
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="inbox_items")
    patient = models.ForeignKey(
        Patient,
        on_delete=models.PROTECT,
        null=True,
        related_name="inbox_items",
        help_text="Empty: several share the phone, and the text names none.",
    )
    why = LineField(max_length=12, choices=Why)
    arrived_at = models.DateTimeField()
    answer_by = models.DateTimeField(help_text="From then on an alert asks for it.")
    alerted_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    assigned_to = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="inbox_items"
    )
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    should_be = LineField(
        max_length=12,
        blank=True,
        db_default="",
        help_text="How it should have been read, as somebody of the clinic says.",
    )
    corrected_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    answer = models.ForeignKey(
        OutboundMessage, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = InboxItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-arrived_at", "pk"]
        verbose_name = "message"
        verbose_name_plural = "inbox"
        constraints: ClassVar = [
            # Serves a text that is handled twice: it stands once in each clinic.
            models.UniqueConstraint(fields=["inbound", "clinic"], name="inbox_once_a_clinic"),
        ]
        indexes: ClassVar = [
            # Serves the badge, which every open page asks for.
            models.Index(
                fields=["clinic"],
                condition=Q(read_at=None, handled_at=None),
                name="inbox_unread",
            ),
            # Serves the list of what is to be done.
            models.Index(
                fields=["clinic", "arrived_at"], condition=Q(handled_at=None), name="inbox_open"
            ),
            # Serves the list of everything.
            models.Index(fields=["clinic", "-arrived_at"], name="inbox_newest"),
            # Serves the tick that alerts.
            models.Index(
                fields=["answer_by"],
                condition=Q(handled_at=None, alerted_at=None),
                name="inbox_overdue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()} of {self.arrived_at:%d %b %H:%M}"
