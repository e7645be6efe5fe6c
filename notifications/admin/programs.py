"""What a program's page shows of its texts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from exercises.admin.panels import Panel, add_panel
from exercises.models import Program
from exercises.rules.plan import DAYS_IN_WEEK
from notifications.outgoing import forecast
from notifications.outgoing.preview import WEEKS, planned_texts, warnings_of


class TextsOfProgram(Panel):
    """The first week's texts before a program is assigned; a warning when some would be late."""

    template = "admin/exercises/program/texted_assign.html"
    media = forms.Media(css={"all": ["notifications/texts.css"]})

    def context(self, request: HttpRequest, row: Program) -> dict[str, Any]:
        """The texts up to the end of the first week, and what is wrong with them."""
        del request
        patient, now = row.patient, timezone.now()
        ends = row.start_date + timedelta(days=DAYS_IN_WEEK)
        ahead = (ends - now.astimezone(patient.zone).date()).days
        weeks = min(WEEKS, max(1, -(-ahead // DAYS_IN_WEEK)))
        texts = planned_texts(patient, now=now, weeks=weeks)
        return {
            "texts": [text for text in texts if text.local_date < ends],
            "warnings": warnings_of(patient, texts),
        }

    def opened(self, request: HttpRequest, row: Program) -> None:
        """Warn of texts that would leave too late."""
        for late in forecast.late_texts(row):
            local = late.due_at.astimezone(row.patient.zone)
            message = (
                f"{late.schedule.get_kind_display()} at {local:%H:%M}: with {late.line.texts} due "
                "by then from this number, this one would leave too late. Choose another time."
            )
            self.page.message_user(request, message, messages.WARNING)


add_panel(Program, TextsOfProgram())
