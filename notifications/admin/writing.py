"""The box one writes to a patient in, wherever it stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from unfold.widgets import UnfoldAdminTextareaWidget

from exercises.models import Patient, User
from hep.errors import InvalidInputError
from notifications.messages import answer_patient
from notifications.models import InboxItem, OutboundMessage


class KeysField(forms.CharField):
    """UUIDs in one line, set apart by commas."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """The keys; refuses what is none."""
        try:
            return [UUID(key) for key in (value or "").split(",") if key]
        except ValueError as error:
            raise ValidationError("Load the page again.", code="invalid") from error


class MessageForm(forms.Form):
    """The box under the conversation; the id keeps a double click from writing twice, and only what
    the page has shown is handled by an answer.
    """

    body = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "maxlength": 480}), max_length=480
    )
    message_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    seen = KeysField(required=False)

    @classmethod
    def under(cls, shown: Iterable[InboxItem]) -> MessageForm:
        """The empty box under what is shown as still to be handled."""
        return cls(initial={"seen": _keys(shown)})

    def send(self, patient: Patient | None, *, by: User, now: datetime) -> OutboundMessage | None:
        """Text what was written; None when it is refused, with the reason at the box."""
        if not self.is_valid():
            return None
        words, message_id = self.cleaned_data["body"], self.cleaned_data["message_id"]
        seen = self.cleaned_data["seen"]
        try:
            return answer_patient(
                patient, words=words, message_id=message_id, seen=seen, by=by, now=now
            )
        except InvalidInputError as error:
            self.add_error("body", error.message)
            # A fresh id: what is sent next is another message, and answers what the page shows now.
            fresh, shown = str(uuid.uuid4()), _keys(open_items(patient) if patient else ())
            self.data = {"body": words, "message_id": fresh, "seen": shown}
            return None


def open_items(patient: Patient) -> QuerySet[InboxItem]:
    """What of a patient is still to be handled, the oldest first."""
    return InboxItem.objects.filter(patient=patient, handled_at=None).order_by("arrived_at", "pk")


def _keys(items: Iterable[InboxItem]) -> str:
    return ",".join(str(item.pk) for item in items)
