"""The pages of patients with texts and consent, which `exercises` does not know of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.decorators import action, display

from exercises.admin.base import row_or_404, staff_user
from exercises.admin.panels import Panel, add_panel
from exercises.admin.patient_filters import AnnotationFilter
from exercises.admin.patients import PatientAdmin
from exercises.admin.qr import qr_picture
from exercises.models import PageLink, Patient, Schedule
from exercises.services.links import address_of, end_links, link_for
from hep.errors import InvalidInputError
from notifications import consent
from notifications.admin.consent import CONSENT_WORDS, CONSENT_WORDS_VERSION
from notifications.admin.erasing import erasing_page
from notifications.admin.joining import BY_TEXT, AgreedForm, join_page
from notifications.admin.writing import MessageForm, open_items
from notifications.admin.writing_to_many import write_to_many
from notifications.messages import check_message, message_text, take_back, text_link
from notifications.models import OutboundMessage, PhoneConsent
from notifications.outgoing.preview import WEEKS, planned_texts, warnings_of
from notifications.thread import thread
from notifications.wording.gsm7 import segments

BUBBLES = 40

NO_CONSENT = "none"
CONSENTS = {
    PhoneConsent.State.GRANTED: "success",
    PhoneConsent.State.REVOKED: "danger",
    PhoneConsent.State.HELD: "warning",
    NO_CONSENT: "info",
}


class ConsentFilter(AnnotationFilter):
    """By whether the phone may be texted."""

    title = "texts"
    parameter_name = "consent"
    annotation = "consent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states, and none on record."""
        return [*PhoneConsent.State.choices, (NO_CONSENT, "No consent yet")]


@display(description="Texts", ordering="consent", label=CONSENTS)  # type: ignore[untyped-decorator]  # unfold has no type stubs
def may_text(patient: Any) -> tuple[str, str]:
    """As a coloured label."""
    if patient.consent == NO_CONSENT:
        return NO_CONSENT, "No consent yet"
    return patient.consent, str(PhoneConsent.State(patient.consent).label)


class TextsOfPatient(Panel):
    """Texts and consent on the patient's page, which `exercises` knows nothing of."""

    columns = (may_text,)
    filters = (ConsentFilter,)
    actions = (write_to_many,)
    pages = ("record_consent", "texts_ahead")
    template = "admin/exercises/patient/texted_record.html"
    adding = AgreedForm
    media = forms.Media(js=["notifications/preview.js"], css={"all": ["notifications/texts.css"]})
    page: PatientAdmin

    def annotate(self, rows: QuerySet[Patient]) -> QuerySet[Patient]:
        """With the state of the phone."""
        return rows.annotate(consent=Coalesce(consent.of_patients(), Value(NO_CONSENT)))

    def urls(self) -> list[URLPattern]:
        """The addresses of the box one writes in."""
        join = self.page.admin_site.admin_view(self.join)
        erasing = self.page.admin_site.admin_view(self.erasing)
        return [
            path("<path:object_id>/join/", join, name="exercises_patient_join"),
            path("<path:object_id>/remove/", erasing, name="exercises_patient_erasing"),
        ] + [
            path(
                f"<path:object_id>/{address}/",
                self.page.admin_site.admin_view(require_POST(view)),
                name=f"exercises_patient_{name}",
            )
            for address, name, view in (
                ("write", "write", self.write),
                ("write/preview", "write_preview", self.preview),
                ("withdraw", "withdraw", self.withdraw),
                ("page/text", "text_page", self.text_page),
                ("page/end", "end_page", self.end_page),
                ("page/show", "show_page", self.show_page),
            )
        ]

    def context(self, request: HttpRequest, row: Patient) -> dict[str, Any]:
        """Consent, the next text and the conversation."""
        patient = row
        now = timezone.now()
        shared = Patient.objects.visible_to(staff_user(request)).filter(phone=patient.phone)
        next_text = Schedule.objects.filter(program__patient=patient).aggregate(
            at=Min("next_due_at")
        )["at"]
        state = consent.of(patient)
        unhandled = list(open_items(patient))
        return {
            "consent": PhoneConsent.State(state).label if state else "",
            "may_text": state == PhoneConsent.State.GRANTED,
            "shared_with": [str(row) for row in shared.exclude(pk=patient.pk)],
            # Without its zone, or the page would show it on the clinic's clock.
            "next_text": next_text.astimezone(patient.zone).replace(tzinfo=None)
            if next_text
            else None,
            "thread": thread(patient=patient, user=staff_user(request), now=now, at_most=BUBBLES),
            "unhandled": unhandled,
            "page_link": PageLink.objects.visible_to(staff_user(request))
            .filter(Q(expires_at__gt=now) | Q(first_opened_at__isnull=False))
            .filter(patient=patient, revoked_at=None)
            .first(),
            "message": MessageForm.under(unhandled),
        }

    def added(self, request: HttpRequest, row: Patient, told: dict[str, Any]) -> None:
        """Keep the consent that was given with the patient."""
        if not told.get("agreed") or told["agreed"] == BY_TEXT[0]:
            return
        usual = told["consent_words"] == CONSENT_WORDS
        consent.record_consent(
            patient=row,
            how=told["agreed"],
            words=told["consent_words"],
            words_version=CONSENT_WORDS_VERSION if usual else "",
            recorded_by=staff_user(request),
            now=timezone.now(),
        )

    def next_page(self, request: HttpRequest, row: Patient) -> str:
        """To the words on the screen, where the patient agrees by text."""
        wanted = request.POST.get("agreed") == BY_TEXT[0]
        return reverse("admin:exercises_patient_join", args=[row.pk]) if wanted else ""

    def join(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The words on the screen, and the code that writes the text; what is shown is kept once
        somebody says that it is (a POST), and the page tells when the text has come.
        """
        patient = self._patient(request, object_id)
        return join_page(self.page, request, patient)

    def erasing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the name, or the record, away."""
        return erasing_page(self.page, request, self._patient(request, object_id))

    def write(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Text the patient; what is refused comes back with its words."""
        patient = self._patient(request, object_id)
        form = MessageForm(request.POST)
        if form.send(patient, by=staff_user(request), now=timezone.now()) is None:
            return self.page.record_page(request, patient, message=form)
        self.page.message_user(request, "Your text is on its way.")
        return self._to_conversation(patient)

    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponseRedirect:
        """Take a text back that waits for its hour."""
        patient = self._patient(request, object_id)
        texts = OutboundMessage.objects.visible_to(staff_user(request)).filter(patient=patient)
        message: OutboundMessage = row_or_404(texts, request.POST.get("text", ""))
        if take_back(message, now=timezone.now()):
            self.page.message_user(request, "Taken back. It will not be sent.")
        else:
            self.page.message_user(request, "It has left already.", messages.WARNING)
        return self._to_conversation(patient)

    def text_page(self, request: HttpRequest, object_id: str) -> HttpResponseRedirect:
        """Text the link to the patient's own page, at an hour that suits."""
        patient = self._patient(request, object_id)
        try:
            text_link(patient=patient, by=staff_user(request), now=timezone.now())
        except InvalidInputError as error:
            self.page.message_user(request, error.message, messages.ERROR)
        else:
            self.page.message_user(request, f"The link is on its way to {patient.first_name}.")
        return redirect("admin:exercises_patient_record", patient.pk)

    def show_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The link as a code for the camera of the patient, who sits here: no text, no consent."""
        patient = self._patient(request, object_id)
        link = link_for(
            patient=patient,
            made_for=PageLink.MadeFor.PROVIDER,
            by=staff_user(request),
            now=timezone.now(),
            fresh=True,
        )
        context = {
            **self.page.admin_site.each_context(request),
            "title": f"The page of {patient}",
            "opts": self.page.model._meta,
            "patient": patient,
            "picture": qr_picture(address_of(link)),
            "until": link.expires_at.astimezone(patient.zone).date(),
        }
        response = TemplateResponse(request, "admin/exercises/patient/own_page.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def end_page(self, request: HttpRequest, object_id: str) -> HttpResponseRedirect:
        """End every link to the patient's own page, with the browsers that opened it."""
        patient = self._patient(request, object_id)
        ended = end_links(patient=patient, now=timezone.now())
        told = "The page is closed everywhere." if ended else "No link was open."
        self.page.message_user(request, told)
        return redirect("admin:exercises_patient_record", patient.pk)

    def _to_conversation(self, patient: Patient) -> HttpResponseRedirect:
        url = reverse("admin:exercises_patient_record", args=[patient.pk])
        return redirect(f"{url}#conversation")

    def preview(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """The text as it would be sent, its segments, and what speaks against it."""
        patient = self._patient(request, object_id)
        words = request.POST.get("body", "")
        if not words.strip():
            return JsonResponse({"text": "", "problems": []})
        text = message_text(patient, words)
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
        visible = self.page.get_queryset(request).select_related("clinic")
        patient: Patient = row_or_404(visible, object_id)
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
            **self.page.admin_site.each_context(request),
            "title": f"Texts ahead for {patient}",
            "opts": self.page.model._meta,
            "patient": patient,
            "texts": texts,
            "answers": answers,
            "weeks": WEEKS,
            "warnings": warnings_of(patient, texts),
        }
        return TemplateResponse(request, "admin/exercises/patient/planned_texts.html", context)


add_panel(Patient, TextsOfPatient())
