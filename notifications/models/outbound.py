"""Texts out: what is due, what was tried, what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from exercises.models import (
    CheckIn,
    Clinic,
    Measure,
    PageLink,
    Patient,
    Schedule,
    SessionLog,
    SignInCode,
    User,
)
from hep.lines import LineField
from notifications.models.consent import E164_LENGTH, ConsentEvent
from notifications.models.visibility import OutboundMessageQuerySet


class OutboundMessage(models.Model):
    """A text to send. `notifications.outbox` is the only writer of `status`.

        waiting ─► attempting ─► accepted ─► queued ─► sending ─► sent ─► delivered
           │         │  │  └──► failed                             └────► undelivered
           │         │  └─────► unknown ─► (any state a callback or Twilio's list tells)
           │         └────────► waiting   (refused before it was processed: try later)
           ├──► skipped
           └──► unknown       (after a restore: it may have left since the backup)

    Right of `attempting` a status only moves to the right; callbacks may jump. Only a phone that
    could not be reached goes back to `waiting`, once in the life of a text (`retried_at`).
    """

    class Kind(models.TextChoices):
        """What the text is."""

        CHECK_IN = "check_in", "Check-in"
        AVERAGE = "average", "Evening check-in"
        NUDGE = "nudge", "Nudge"
        EXERCISE = "exercise", "Exercise reminder"
        SPLINT = "splint", "Splint reminder"
        SIGNS = "signs", "Warning signs"
        PASS = "pass", "Satisfied?"
        WEEK = "week", "The week's count"
        REPLY = "reply", "Reply"
        NOTICE = "notice", "Confirmation"
        CODE = "code", "Sign-in code"
        MESSAGE = "message", "Message"

    class Status(models.TextChoices):
        """See the drawing above."""

        WAITING = "waiting", "Waiting"
        ATTEMPTING = "attempting", "Being sent"
        UNKNOWN = "unknown", "Unknown"
        ACCEPTED = "accepted", "Accepted"
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        UNDELIVERED = "undelivered", "Undelivered"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"

    class SkipReason(models.TextChoices):
        """Why a text was not sent, in the provider's words."""

        WITHDRAWN = "withdrawn", "Taken back before it left"
        NO_CONSENT = "no_consent", "No consent on record"
        CONSENT_HELD = "consent_held", "A text has to be looked at first"
        OPTED_OUT = "opted_out", "The patient opted out"
        NO_SENDER = "no_sender", "The clinic has no sender"
        TEXTING_OFF = "texting_off", "Texting is switched off"
        NOT_ACTIVE = "not_active", "The program is paused or ended"
        QUIET_HOURS = "quiet_hours", "Outside the patient's hours"
        STALE = "stale", "Too late to be useful"
        RED_FLAG = "red_flag", "An alert has to be closed first"
        NOTHING_PLANNED = "nothing_planned", "Nothing on the plan of that day"
        TOO_SORE = "too_sore", "Pain of 8 or more in that week"
        ANSWERED = "answered", "Already answered"
        NOT_ASKED = "not_asked", "Nothing was asked before"
        SILENT = "silent", "Silent for 5 days: we stopped asking"
        PROMPT_LIMIT = "prompt_limit", "As many texts as the patient agreed to"
        DAILY_CAP = "daily_cap", "Enough texts for one day"
        LOOP = "loop", "The same text was just sent"
        WORDING = "wording", "The wording has a mistake"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="messages")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    to_phone = LineField(max_length=E164_LENGTH)
    kind = LineField(max_length=12, choices=Kind)
    schedule = models.ForeignKey(
        Schedule, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    local_date = models.DateField(null=True)
    slot = models.PositiveSmallIntegerField(null=True)
    answers = models.OneToOneField(
        "InboundMessage", on_delete=models.PROTECT, null=True, related_name="reply"
    )
    postponed_by = models.ForeignKey(
        "InboundMessage",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,  # the constraint below has one
        related_name="postponed",
        help_text="The LATER that asked for it.",
    )
    confirms = models.ForeignKey(
        ConsentEvent,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,  # likewise
        related_name="confirmations",
    )
    signs_in = models.ForeignKey(
        SignInCode,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,  # likewise
        editable=False,
        related_name="texts",
    )
    opens = models.ForeignKey(
        PageLink,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,  # nobody looks for the texts of a link
        editable=False,
        related_name="+",
    )
    client_id = models.UUIDField(
        null=True, editable=False, help_text="Of a message: its writer's own id."
    )
    written_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,  # nobody looks for what somebody wrote
        editable=False,
        related_name="+",
    )
    wording = LineField(max_length=40)
    names = LineField(max_length=200, blank=True, help_text="First names to choose from.")
    detail = LineField(
        max_length=40, blank=True, db_default="", help_text="A day or a time in the wording."
    )
    body = models.TextField(blank=True, help_text="Empty until it is rendered for sending.")
    due_at = models.DateTimeField()
    priority = models.PositiveSmallIntegerField()
    status = LineField(max_length=12, choices=Status, default=Status.WAITING)
    skip_reason = LineField(max_length=20, choices=SkipReason, blank=True)
    error_code = models.PositiveIntegerField(null=True)
    not_before = models.DateTimeField(help_text="When it may be tried (again).")
    lease_token = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    attempted_at = models.DateTimeField(null=True)
    retried_at = models.DateTimeField(
        null=True, help_text="When the phone could not be reached and the one retry was spent."
    )
    sid = LineField(max_length=34, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OutboundMessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-due_at", "-pk"]
        verbose_name = "text sent"
        verbose_name_plural = "texts sent"
        constraints: ClassVar = [
            # Serves promise 1: one occurrence, one text, whatever runs twice.
            models.UniqueConstraint(
                fields=["schedule", "local_date", "slot"], name="outbound_once_per_occurrence"
            ),
            # Serves a LATER that is handled twice: one more text, not two.
            models.UniqueConstraint(fields=["postponed_by"], name="outbound_once_per_later"),
            # Serves a consent that is recorded twice: one confirmation.
            models.UniqueConstraint(fields=["confirms"], name="outbound_once_per_consent"),
            # Serves a message that is sent twice by a double click or a retry: one text.
            models.UniqueConstraint(fields=["client_id"], name="outbound_once_per_message"),
            # Serves a code that two workers find: one text.
            models.UniqueConstraint(fields=["signs_in"], name="outbound_once_per_code"),
        ]
        indexes: ClassVar = [
            # Serves the claim: a clinic's waiting rows only, replies first, oldest first.
            models.Index(
                fields=["clinic", "priority", "not_before"],
                condition=Q(status="waiting"),
                name="outbound_waiting",
            ),
            # Serves the sweep that finds workers that died.
            models.Index(
                fields=["lease_expires_at"],
                condition=Q(status="attempting"),
                name="outbound_leased",
            ),
            # Serves reconciliation: unknown outcomes are few and looked at often.
            models.Index(
                fields=["not_before"], condition=Q(status="unknown"), name="outbound_unknown"
            ),
            # Serves the sweep of texts without a last word from the carrier.
            models.Index(
                fields=["updated_at"],
                condition=Q(status__in=["accepted", "queued", "sending", "sent"]),
                name="outbound_half_way",
            ),
            # Serves inbound texts: the newest question of a phone.
            models.Index(fields=["to_phone", "-due_at"], name="outbound_phone_newest"),
            # Serves the daily cap and the patient's page.
            models.Index(fields=["patient", "-due_at"], name="outbound_patient_newest"),
            # Serves the admin's list within a clinic.
            models.Index(fields=["clinic", "-due_at", "-id"], name="outbound_clinic_newest"),
            # Serves reconciliation: is this SID another message's?
            models.Index(fields=["sid"], condition=~Q(sid=""), name="outbound_sid"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


# What each text asks for, in the words of the record.
ASKS: dict[str, str] = {
    OutboundMessage.Kind.CHECK_IN: CheckIn.Kind.FIRST_STEP,
    OutboundMessage.Kind.NUDGE: CheckIn.Kind.FIRST_STEP,
    OutboundMessage.Kind.AVERAGE: CheckIn.Kind.AVERAGE,
    OutboundMessage.Kind.EXERCISE: SessionLog.Kind.EXERCISE,
    OutboundMessage.Kind.SPLINT: SessionLog.Kind.SPLINT,
    OutboundMessage.Kind.SIGNS: Measure.Instrument.SIGNS,
    OutboundMessage.Kind.PASS: Measure.Instrument.PASS,
    OutboundMessage.Kind.WEEK: Schedule.Kind.WEEK,
}


class SendAttempt(models.Model):
    """One request to send, committed before it goes out. Its id travels in the callback URL."""

    class Outcome(models.TextChoices):
        """What we know of the request."""

        STARTED = "started", "Started"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        NOT_SENT = "not_sent", "Never reached the provider"
        UNKNOWN = "unknown", "Unknown"
        RESTORED = "restored", "Perhaps sent before a restore"

    message = models.ForeignKey(OutboundMessage, on_delete=models.CASCADE, related_name="attempts")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = LineField(max_length=10, choices=Outcome, default=Outcome.STARTED)
    sid = LineField(max_length=34, blank=True)
    error_code = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["started_at", "pk"]

    def __str__(self) -> str:
        return f"{self.started_at:%H:%M:%S} {self.get_outcome_display()}"


class DeliveryEvent(models.Model):
    """A status callback as it came: kept in any order, twice if it came twice, never edited."""

    attempt = models.ForeignKey(SendAttempt, on_delete=models.CASCADE, related_name="events")
    sid = LineField(max_length=34)
    status = LineField(max_length=20)
    error_code = models.PositiveIntegerField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["received_at", "pk"]

    def __str__(self) -> str:
        return f"{self.received_at:%H:%M:%S} {self.status}"
