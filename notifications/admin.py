"""Texts and consent in the admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from exercises.admin.base import STAFF, ReadOnlyInline, TenantAdmin, staff_user
from exercises.admin.people import OperatorAdmin, PatientAdmin
from exercises.admin.programs import ProgramAdmin
from exercises.models import Patient, Program, Provider
from notifications import forecast, senders
from notifications.consent import record_consent
from notifications.models import (
    ClinicTexting,
    ConsentEvent,
    InboundMessage,
    OutboundMessage,
    PhoneConsent,
    SendAttempt,
    Sender,
    TextingSwitch,
)

CONSENT_WORDS = (
    "I agree to get home program texts from my clinic, up to 2 a day. Message and data rates may "
    "apply. I can reply STOP at any time to end them, or HELP for help."
)
CONSENT_WORDS_VERSION = "2026-11"


@admin.register(Sender)
class SenderAdmin(TenantAdmin):
    """Numbers that texts are sent from; the operator adds them."""

    list_display = ("name", "phone", "segments_per_second", "stopped_at", "stopped_code")
    readonly_fields = ("stopped_at", "stopped_code", "paused_until", "next_wave")
    actions: ClassVar = ["restart"]

    @admin.display(description="Next wave")
    def next_wave(self, sender: Sender) -> str:
        """How many texts come next, and when the last of them will have left."""
        wave = forecast.next_wave(sender, now=timezone.now()) if sender.pk else None
        if wave is None:
            return "Nothing within 12 hours"
        return (
            f"{wave.texts} texts from {wave.starts_at:%d %b %H:%M}; "
            f"the last leaves at {wave.lands_at:%H:%M:%S} UTC"
        )

    @admin.action(description="Restart stopped senders")
    def restart(self, request: HttpRequest, queryset: QuerySet[Sender]) -> None:
        """After the cause is mended, let them send again."""
        count = senders.restart(queryset)
        self.message_user(request, f"{count} restarted; {queryset.count() - count} were running.")

    may_view: ClassVar = frozenset({Provider.Role.CLINIC_ADMIN})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The operator, who holds the account."""
        return staff_user(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The operator, who holds the account."""
        return staff_user(request).is_superuser


@admin.register(ClinicTexting)
class ClinicTextingAdmin(TenantAdmin):
    """How a clinic texts, and its switch."""

    list_display = ("clinic", "sender", "enabled")
    list_select_related = ("clinic", "sender")
    may_change: ClassVar = frozenset({Provider.Role.CLINIC_ADMIN})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The operator, who holds the account."""
        return staff_user(request).is_superuser


@admin.register(TextingSwitch)
class TextingSwitchAdmin(OperatorAdmin):
    """The switch for all clinics: one row, the operator's."""

    list_display = ("__str__", "reason", "changed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Once: a second row would be a second switch."""
        return bool(super().has_add_permission(request)) and not TextingSwitch.objects.exists()


class ConsentForm(forms.ModelForm[ConsentEvent]):
    """Who agreed, how, and to which words."""

    how = forms.ChoiceField(
        choices=[choice for choice in ConsentEvent.How.choices if choice[0] != "sms"]
    )

    class Meta:
        model = ConsentEvent
        fields = ("patient", "how", "words", "words_version")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "patient" in self.fields:
            self.fields["patient"].required = True


@admin.register(ConsentEvent)
class ConsentEventAdmin(TenantAdmin):
    """Consent: adding an event records that a patient agreed. Events are never changed."""

    list_display = ("created_at", "patient", "state", "how", "recorded_by")
    list_filter = ("state", "how")
    list_select_related = ("patient", "recorded_by")
    may_add: ClassVar = STAFF

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The short form for a new event."""
        if obj is None:
            kwargs["form"] = ConsentForm
        return super().get_form(request, obj, change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start with the usual words."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        usual = {"words": CONSENT_WORDS, "words_version": CONSENT_WORDS_VERSION, "how": "paper"}
        return usual | initial

    def save_model(self, request: HttpRequest, obj: ConsentEvent, form: Any, change: bool) -> None:
        """Through the service, which also sets the phone's state."""
        patient: Patient = form.cleaned_data["patient"]
        event = record_consent(
            patient=patient,
            how=form.cleaned_data["how"],
            words=form.cleaned_data["words"],
            words_version=form.cleaned_data["words_version"],
            recorded_by=staff_user(request),
            now=timezone.now(),
        )
        obj.pk = event.pk
        obj.consent = event.consent
        obj.created_at = event.created_at


@admin.register(PhoneConsent)
class PhoneConsentAdmin(TenantAdmin):
    """Which phones may be texted now."""

    list_display = ("phone", "clinic", "state", "updated_at")
    list_filter = ("state",)
    list_select_related = ("clinic",)
    search_fields = ("phone",)


class AttemptInline(ReadOnlyInline):
    """Requests made for a message."""

    model = SendAttempt
    fields = ("started_at", "finished_at", "outcome", "error_code")
    readonly_fields = fields


@admin.register(OutboundMessage)
class OutboundMessageAdmin(TenantAdmin):
    """Texts out: each ends in a state a provider can see."""

    list_display = ("due_at", "patient", "kind", "status", "skip_reason", "error_code")
    list_filter = ("status", "kind", "skip_reason")
    list_select_related = ("patient",)
    search_fields = ("patient__first_name", "patient__last_name")
    date_hierarchy = "due_at"
    inlines: ClassVar = [AttemptInline]


@admin.register(InboundMessage)
class InboundMessageAdmin(TenantAdmin):
    """Texts in."""

    list_display = ("received_at", "patient", "body", "reading", "state")
    list_filter = ("state", "reading")
    list_select_related = ("patient",)
    search_fields = ("patient__first_name", "patient__last_name")


class PatientMessagesInline(ReadOnlyInline):
    """The texts sent to a patient."""

    model = OutboundMessage
    fields = ("due_at", "kind", "body", "status", "skip_reason")
    readonly_fields = fields
    ordering = ("-due_at",)
    per_page = 20


admin.site.unregister(Program)


@admin.register(Program)
class TextedProgramAdmin(ProgramAdmin):
    """The program's page, which also says when its texts cannot leave in time."""

    def save_model(self, request: HttpRequest, obj: Program, form: Any, change: bool) -> None:
        """Warn right after assigning."""
        super().save_model(request, obj, form, change)
        self._warn(request, obj)

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

    inlines: ClassVar = [*PatientAdmin.inlines, PatientMessagesInline]
    actions_detail: ClassVar = [*PatientAdmin.actions_detail, "record_consent"]

    @action(description="Record consent", url_path="consent", icon="verified_user")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def record_consent(self, request: HttpRequest, object_id: str) -> HttpResponseRedirect:
        """To the page that records consent, with this patient chosen."""
        return redirect(f"{reverse('admin:notifications_consentevent_add')}?patient={object_id}")
