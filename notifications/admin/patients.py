"""The pages of patients and programs, with what `exercises` does not know of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from exercises.admin.alerts import AlertAdmin
from exercises.admin.base import staff_user
from exercises.admin.people import PatientAdmin
from exercises.admin.programs import ProgramAdmin
from exercises.models import Alert, Patient, Program, Schedule
from exercises.plan import DAYS_IN_WEEK
from hep.errors import InvalidInputError
from notifications import forecast
from notifications.messages import check_message, conversation, message_text, write_message
from notifications.models import OutboundMessage, PhoneConsent
from notifications.preview import WEEKS, PlannedText, planned_texts
from notifications.wording.gsm7 import segments, to_gsm7

BUBBLES = 40


class MessageForm(forms.Form):
    """The box under the conversation; the id keeps a double click from writing twice."""

    body = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "maxlength": 480}), max_length=480
    )
    message_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


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
        link = '{}<p><a class="text-primary-600" href="{}">Decide whether texts go on</a></p>'
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
            "warnings": _warnings(patient, texts),
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


admin.site.unregister(Patient)


@admin.register(Patient)
class TextedPatientAdmin(PatientAdmin):
    """The patient's page with texts and consent, which `exercises` knows nothing of."""

    record_template = "admin/exercises/patient/texted_record.html"
    actions_detail: ClassVar = [*PatientAdmin.actions_detail, "record_consent", "texts_ahead"]

    class Media:
        js: ClassVar = ["notifications/preview.js"]
        css: ClassVar = {"all": ["notifications/texts.css"]}

    def get_urls(self) -> list[URLPattern]:
        """With the addresses of the box one writes in."""
        own = [
            path(
                f"<path:object_id>/{address}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"exercises_patient_{name}",
            )
            for address, name, view in (
                ("write", "write", self.write),
                ("write/preview", "write_preview", self.preview),
            )
        ]
        urls: list[URLPattern] = super().get_urls()
        return [*own, *urls]

    def record_page(self, request: HttpRequest, patient: Patient, **more: Any) -> TemplateResponse:
        """With consent, the next text and the conversation."""
        now = timezone.now()
        consent = PhoneConsent.objects.filter(phone=str(patient.phone), clinic=patient.clinic_id)
        shared = Patient.objects.visible_to(staff_user(request)).filter(phone=patient.phone)
        next_text = Schedule.objects.filter(program__patient=patient).aggregate(
            at=Min("next_due_at")
        )["at"]
        bubbles = conversation(
            patient=patient,
            user=staff_user(request),
            before=now + timedelta(days=2),
            at_most=BUBBLES,
        )
        state = consent.first()
        texts = {
            "consent": state,
            "may_text": state is not None and state.state == PhoneConsent.State.GRANTED,
            "shared_with": [str(row) for row in shared.exclude(pk=patient.pk)],
            "next_text": next_text.astimezone(patient.zone) if next_text else None,
            "bubbles": bubbles[::-1],
            "message": MessageForm(),
            "media": self.media,
        }
        return super().record_page(request, patient, **(texts | more))

    def write(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Text the patient; what is refused comes back with its words."""
        patient = self._patient(request, object_id)
        form = MessageForm(request.POST)
        if form.is_valid():
            try:
                write_message(
                    patient=patient,
                    words=form.cleaned_data["body"],
                    message_id=form.cleaned_data["message_id"],
                    by=staff_user(request),
                    now=timezone.now(),
                )
            except InvalidInputError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                self.message_user(request, "Your text is on its way.")
                url = reverse("admin:exercises_patient_record", args=[patient.pk])
                return redirect(f"{url}#conversation")
        return self.record_page(request, patient, message=form)

    def preview(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """The text as it would be sent, its segments, and what speaks against it."""
        patient = self._patient(request, object_id)
        words = request.POST.get("body", "")
        if not words.strip():
            return JsonResponse({"text": "", "problems": []})
        text = to_gsm7(message_text(patient, words))
        found: list[str] = []
        try:
            check_message(patient=patient, words=words)
        except InvalidInputError as error:
            found = [error.message]
        return JsonResponse(
            {
                "text": text,
                "segments": segments(text),
                "characters": len(text),
                "problems": found,
            }
        )

    def _patient(self, request: HttpRequest, object_id: str) -> Patient:
        visible = self.get_queryset(request).select_related("clinic")
        patient: Patient = get_object_or_404(visible, pk=object_id)
        return patient

    @action(description="Record consent", url_path="consent", icon="verified_user")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def record_consent(self, request: HttpRequest, object_id: str) -> HttpResponseRedirect:
        """To the page that records consent, with this patient chosen."""
        return redirect(f"{reverse('admin:notifications_consentevent_add')}?patient={object_id}")

    @action(description="Texts ahead", url_path="texts-ahead", icon="schedule_send")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def texts_ahead(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Every text of the next weeks; nothing is sent by looking."""
        patient = self._patient(request, object_id)
        answers = request.GET.get("answers") != "no"
        texts = planned_texts(patient, now=timezone.now(), answers=answers)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Texts ahead for {patient}",
            "opts": self.model._meta,
            "patient": patient,
            "texts": texts,
            "answers": answers,
            "weeks": WEEKS,
            "warnings": _warnings(patient, texts),
        }
        return TemplateResponse(request, "admin/exercises/patient/planned_texts.html", context)


def _warnings(patient: Patient, texts: Sequence[PlannedText]) -> list[str]:
    """What a provider should change before patients find out."""
    found = []
    if any(text.skip_reason == OutboundMessage.SkipReason.PROMPT_LIMIT for text in texts):
        found.append(
            f"More texts are planned on a day than the {patient.clinic.prompts_per_day} your "
            "patients agreed to: the last ones of the day are left out."
        )
    if any(text.skip_reason == OutboundMessage.SkipReason.NO_CONSENT for text in texts):
        found.append("There is no consent on record for this phone: nothing will be sent.")
    return found
