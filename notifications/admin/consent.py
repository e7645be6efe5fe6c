"""Consent: recorded, looked up, and decided on where a text left a doubt."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from exercises.admin.base import STAFF, ReadOnlyInline, TenantAdmin, row_or_404, staff_user
from exercises.models import Patient
from notifications.consent import decide, record_consent
from notifications.models import ConsentEvent, PhoneConsent
from notifications.wording.agreeing import shown

# For paper and the spoken word; what a clinic shows on its screen names it.
USUAL = shown("en", clinic="my clinic", limit=2)
CONSENT_WORDS, CONSENT_WORDS_VERSION = USUAL.words, USUAL.version


class ConsentForm(forms.ModelForm[ConsentEvent]):
    """Who agreed, how, and to which words."""

    how = forms.ChoiceField(choices=ConsentEvent.RECORDABLE)

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

    def response_post_save_add(
        self, request: HttpRequest, obj: ConsentEvent
    ) -> HttpResponseRedirect:
        """Back to the patient, where one came from."""
        return redirect("admin:exercises_patient_record", obj.patient_id)

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


class ConsentHistoryInline(ReadOnlyInline):
    """Who, when, and in what words."""

    model = ConsentEvent
    fields = ("created_at", "state", "how", "words", "recorded_by")
    readonly_fields = fields
    ordering = ("-created_at",)


@admin.register(PhoneConsent)
class PhoneConsentAdmin(TenantAdmin):
    """Which phones may be texted now; those to be looked at first."""

    list_display = ("phone", "clinic", "state", "updated_at")
    list_filter = ("state",)
    list_select_related = ("clinic",)
    search_fields = ("phone",)
    inlines: ClassVar = [ConsentHistoryInline]
    actions_detail: ClassVar = ["keep_texting", "stop_texting"]

    @action(description="Not an opt-out: text again", url_path="keep", icon="sms")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def keep_texting(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End the hold: the words were about something else."""
        return self._decide(request, object_id, may_text=True)

    @action(description="An opt-out: stop texts", url_path="stop", icon="block")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def stop_texting(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End the hold, or the consent of somebody who said so on the phone: no more texts."""
        return self._decide(request, object_id, may_text=False)

    def _decide(self, request: HttpRequest, object_id: str, *, may_text: bool) -> HttpResponse:
        """Ask first, with the words in question; then keep the decision."""
        consent = row_or_404(self.get_queryset(request), object_id)
        if request.method != "POST":
            return self._ask(request, consent, may_text=may_text)
        by = staff_user(request)
        if decide(consent=consent, may_text=may_text, by=by, now=timezone.now()):
            done = "Texts go on." if may_text else "No more texts to this phone."
            self.message_user(request, f"{done} Your decision is on record.")
        else:
            message = "Nothing changed: there is nothing to decide about this phone any more."
            self.message_user(request, message, messages.WARNING)
        return redirect(reverse("admin:notifications_phoneconsent_change", args=[object_id]))

    def _ask(
        self, request: HttpRequest, consent: PhoneConsent, *, may_text: bool
    ) -> TemplateResponse:
        newest = consent.events.order_by("-created_at", "-pk").first()
        context = {
            **self.admin_site.each_context(request),
            "title": "Text again" if may_text else "Stop texts",
            "question": "Was this not an opt-out? Then texts to this phone go on."
            if may_text
            else "Was this an opt-out? Then nothing more is sent to this phone.",
            "words": newest.words if newest and consent.state == PhoneConsent.State.HELD else "",
            "opts": self.model._meta,
            "consent": consent,
        }
        return TemplateResponse(request, "admin/notifications/phoneconsent/decide.html", context)
