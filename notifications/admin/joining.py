"""How a new patient agrees: told with the record, or in the waiting room by their own text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from exercises.admin.base import staff_user
from exercises.admin.panels import PaneledAdmin
from exercises.admin.qr import qr_picture
from exercises.models import Patient
from hep.errors import InvalidInputError
from notifications import consent
from notifications.admin.consent import CONSENT_WORDS
from notifications.models import ClinicTexting, ConsentEvent, ConsentOffer, PhoneConsent
from notifications.offers import OPEN_FOR, offer, what_is_shown

LOOKS_FOR = timedelta(minutes=10)
# The patient sits here, sees the words on the screen and texts the word.
BY_TEXT = ("join", "By their own text, now")


class AgreedForm(forms.Form):
    """How a new patient agreed to texts, where they did, and the words they saw."""

    agreed = forms.ChoiceField(
        required=False, label="Agreed to texts", widget=UnfoldAdminSelectWidget,
        choices=[("", "Not yet: no texts"), BY_TEXT, *ConsentEvent.RECORDABLE],
    )  # fmt: skip  # a field
    consent_words = forms.CharField(
        required=False, label="In these words", initial=CONSENT_WORDS, max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )  # fmt: skip  # a field

    def clean(self) -> dict[str, Any]:
        """Consent without words is none."""
        told = super().clean() or self.cleaned_data
        if told.get("agreed") and not (told.get("consent_words") or "").strip():
            self.add_error("consent_words", "Which words did they see?")
        return told


def join_page(page: PaneledAdmin, request: HttpRequest, patient: Patient) -> HttpResponse:
    """Ask whether the patient is here; then show the words, and say when their text has come."""
    now = timezone.now()
    try:
        told = what_is_shown(patient)
        if request.method == "POST":
            offer(patient=patient, by=staff_user(request), now=now)
            return redirect("admin:exercises_patient_join", patient.pk)
    except InvalidInputError as error:
        page.message_user(request, error.message, messages.ERROR)
        return redirect("admin:exercises_patient_record", patient.pk)
    rows = ConsentOffer.objects.visible_to(staff_user(request)).filter(
        patient=patient, phone=str(patient.phone), offered_at__gt=now - OPEN_FOR
    )
    newest = rows.select_related("taken").first()
    has_agreed = consent.of(patient) == PhoneConsent.State.GRANTED
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": f"Texts for {patient}",
        "opts": page.model._meta,
        "patient": patient,
        "shown": told,
        "offer": newest,
        "has_agreed": has_agreed,
        "agreed_at": newest.taken.created_at if newest and newest.taken else None,
        "picture": qr_picture(_sms_link(patient, told.word)),
    }
    response = TemplateResponse(request, "admin/exercises/patient/join.html", context)
    if newest is not None and not has_agreed and now - newest.offered_at < LOOKS_FOR:
        # No script is needed to see the text come; a page left open does not look for ever.
        response["Refresh"] = "4"
    return response


def _sms_link(patient: Patient, word: str) -> str:
    """What opens the phone's own texts with the word in it; both systems read this form."""
    sender = ClinicTexting.objects.select_related("sender").get(clinic=patient.clinic_id).sender
    return f"sms:{sender.phone.as_e164}?&body={quote(word)}"
