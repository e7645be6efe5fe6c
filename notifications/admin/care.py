"""The pages of alerts and programs, with what `exercises` does not know of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from exercises.admin.alerts import AlertAdmin
from exercises.admin.programs import ProgramAdmin
from exercises.models import Alert, Program
from exercises.rules.plan import DAYS_IN_WEEK
from notifications import forecast
from notifications.models import PhoneConsent
from notifications.preview import WEEKS, planned_texts, warnings_of

admin.site.unregister(Alert)


@admin.register(Alert)
class TextedAlertAdmin(AlertAdmin):
    """An alert with what the patient wrote, and the way to a phone that is on hold."""

    NEWEST = 5

    def get_fields(self, request: HttpRequest, obj: Alert | None = None) -> tuple[str, ...]:
        """The patient's words before the note."""
        *fields, note = super().get_fields(request, obj)
        return (*fields, "newest_texts", note)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Alert | None = None
    ) -> tuple[str, ...]:
        """With the words."""
        return (*super().get_readonly_fields(request, obj), "newest_texts")

    @admin.display(description="Newest texts from the patient")
    def newest_texts(self, alert: Alert) -> SafeString:
        """Words and times, newest first; a link when the phone waits for a decision."""
        rows = alert.patient.inbound_messages.order_by("-received_at")[: self.NEWEST]
        lines = [
            (date_format(timezone.localtime(row.received_at), "j M H:i"), row.body) for row in rows
        ]
        texts = format_html_join("", "<p>{}: {}</p>", lines) if lines else "None"
        held = PhoneConsent.objects.filter(
            phone=str(alert.patient.phone),
            clinic=alert.patient.clinic_id,
            state=PhoneConsent.State.HELD,
        ).first()
        if held is None:
            return format_html("{}", texts)
        url = reverse("admin:notifications_phoneconsent_change", args=[held.pk])
        link = '{}<p><a class="plainly" href="{}">Decide whether texts go on</a></p>'
        return format_html(link, texts, url)


admin.site.unregister(Program)


@admin.register(Program)
class TextedProgramAdmin(ProgramAdmin):
    """The program's page, which also says when its texts cannot leave in time."""

    assign_template = "admin/exercises/program/texted_assign.html"

    class Media:
        css: ClassVar = {"all": ["notifications/texts.css"]}

    def first_look(self, program: Program) -> dict[str, Any]:
        """With the texts up to the end of the first week, and what is wrong with them."""
        patient, now = program.patient, timezone.now()
        ends = program.start_date + timedelta(days=DAYS_IN_WEEK)
        ahead = (ends - now.astimezone(patient.zone).date()).days
        weeks = min(WEEKS, max(1, -(-ahead // DAYS_IN_WEEK)))
        texts = planned_texts(patient, now=now, weeks=weeks)
        return super().first_look(program) | {
            "texts": [text for text in texts if text.local_date < ends],
            "warnings": warnings_of(patient, texts),
        }

    def after_assigning(self, request: HttpRequest, program: Program) -> None:
        """Warn right after assigning."""
        super().after_assigning(request, program)
        self._warn(request, program)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Program | None:
        """Warn each time somebody opens the page."""
        program: Program | None = super().get_object(request, object_id, from_field)
        if program is not None and request.method == "GET":
            self._warn(request, program)
        return program

    def _warn(self, request: HttpRequest, program: Program) -> None:
        for late in forecast.late_texts(program):
            local = late.due_at.astimezone(program.patient.zone)
            message = (
                f"{late.schedule.get_kind_display()} at {local:%H:%M}: with {late.line.texts} due "
                "by then from this number, this one would leave too late. Choose another time."
            )
            self.message_user(request, message, messages.WARNING)
