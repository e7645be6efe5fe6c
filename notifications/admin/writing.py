"""The box one writes to a patient in, wherever it stands."""

from __future__ import annotations

import uuid
from datetime import datetime

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

from exercises.models import Patient, User
from hep.errors import InvalidInputError
from notifications.messages import answer_patient
from notifications.models import OutboundMessage


class MessageForm(forms.Form):
    """The box under the conversation; the id keeps a double click from writing twice."""

    body = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "maxlength": 480}), max_length=480
    )
    message_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def send(self, patient: Patient | None, *, by: User, now: datetime) -> OutboundMessage | None:
        """Text what was written; None when it is refused, with the reason at the box."""
        if not self.is_valid():
            return None
        words, message_id = self.cleaned_data["body"], self.cleaned_data["message_id"]
        try:
            return answer_patient(patient, words=words, message_id=message_id, by=by, now=now)
        except InvalidInputError as error:
            self.add_error("body", error.message)
            # A fresh id: what is sent next is another message.
            self.data = {"body": words, "message_id": str(uuid.uuid4())}
            return None
