"""Addresses under `/api/v1/` that belong to texts."""

from django.urls import path

from notifications.api import (
    consent,
    export,
    fhir,
    messages,
    own_consent,
    page_links,
    sign_in,
    sync,
)

urlpatterns = [
    path("auth/otp/", sign_in.CodeView.as_view()),
    path("auth/otp/verify/", sign_in.VerifyView.as_view()),
    path("me/consent/", own_consent.OwnConsentView.as_view()),
    path("me/consent/stop/", own_consent.StopView.as_view()),
    path("me/messages/", messages.OwnMessagesView.as_view()),
    path("me/export/", export.OwnExportView.as_view()),
    path("me/fhir/", fhir.OwnFhirView.as_view()),
    # Without a slash, as FHIR's own clients ask for it.
    path("fhir/metadata", fhir.CapabilityView.as_view()),
    path("patients/<uuid:patient_id>/fhir/", fhir.PatientFhirView.as_view()),
    path("me/changes/", sync.ChangesView.as_view()),
    path("patients/<uuid:patient_id>/texts/preview/", consent.PatientPlannedTextsView.as_view()),
    path("patients/<uuid:patient_id>/messages/", messages.PatientMessagesView.as_view()),
    path("patients/<uuid:patient_id>/page-links/", page_links.PatientPageLinksView.as_view()),
    path("patients/<uuid:patient_id>/consent/", consent.PatientConsentView.as_view()),
]
