"""Texts in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from exercises.models import Patient
from hep.lines import LineField
from hep.stamps import Stamped
from notifications.models.consent import E164_LENGTH
from notifications.models.visibility import InboundMessageQuerySet

# What was written in the app begins with this; Twilio's own begin with SM or MM.
APP_SID = "AP"


class InboundMessage(Stamped):
    """A text received. The webhook only inserts; the work follows from the row.

    received ─► handled
       └──────► parked (with the reason; a person looks)

    A try is counted, and the row leased, before the text is read: a text that ends the process that
    reads it is parked after `MOST_TRIES`, and holds up nobody else meanwhile.
    """

    MOST_TRIES = 3

    class State(models.TextChoices):
        """See the drawing above."""

        RECEIVED = "received", "Received"
        HANDLED = "handled", "Handled"
        PARKED = "parked", "Parked"

    class Reading(models.TextChoices):
        """How it was read; the words are those of `incoming.parsing.Kind`, and a test compares."""

        SCORE = "score", "Score"
        DONE = "done", "Done"
        PARTLY = "partly", "Done in part"
        SKIP = "skip", "Skip"
        LATER = "later", "Later"
        PAUSE = "pause", "Pause"
        RESUME = "resume", "Resume"
        UNDO = "undo", "Undo"
        REASON = "reason", "Reason"
        OPT_OUT = "opt_out", "Opt-out"
        OPT_IN = "opt_in", "Opt-in"
        HELP = "help", "Help"
        LINK = "link", "Asked for the page"
        RED_FLAG = "red_flag", "Red flag"
        BARRIER = "barrier", "What got in the way"
        CLARIFY = "clarify", "Asked back"
        NOTE = "note", "Note"

    message_sid = LineField(max_length=34, unique=True)
    from_phone = LineField(max_length=E164_LENGTH)
    to_phone = LineField(max_length=E164_LENGTH)
    body = models.TextField(blank=True)
    media_count = models.PositiveSmallIntegerField(default=0)
    opt_out_type = LineField(max_length=10, blank=True)
    received_at = models.DateTimeField()
    state = LineField(max_length=10, choices=State, default=State.RECEIVED)
    # The database has defaults for both, so that the webhook of an older release can still insert.
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    parked_reason = LineField(max_length=200, blank=True)
    reading = LineField(max_length=20, blank=True, help_text="How the text was read.")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="inbound_messages"
    )
    # Not when it was received: a text may be taken in, or its patient found, much later.
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    objects = InboundMessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-received_at", "-pk"]
        verbose_name = "text received"
        verbose_name_plural = "texts received"
        indexes: ClassVar = [
            # Serves the tick that reads what no task has read yet.
            models.Index(
                fields=["received_at"], condition=Q(state="received"), name="inbound_unread"
            ),
            # Serves the patient's page.
            models.Index(fields=["patient", "-received_at"], name="inbound_patient_newest"),
        ]

    def __str__(self) -> str:
        return f"Text {self.pk}"

    @property
    def is_from_app(self) -> bool:
        """Whether the patient wrote it in the app."""
        return self.message_sid.startswith(APP_SID)
