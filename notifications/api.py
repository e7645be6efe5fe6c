"""The part of the HTTP API that speaks of texts and consent."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from exercises.api.views import signed_in
from exercises.models import Patient
from notifications.consent import record_consent
from notifications.models import ConsentEvent, PhoneConsent


class ConsentEventSerializer(serializers.ModelSerializer[ConsentEvent]):
    """One change of consent to texts: how it was given and the words shown."""

    class Meta:
        model = ConsentEvent
        fields = ("id", "state", "how", "words", "words_version", "created_at")
        read_only_fields = ("id", "state", "created_at")
        extra_kwargs: ClassVar = {
            "how": {
                "choices": [choice for choice in ConsentEvent.How.choices if choice[0] != "sms"]
            }
        }


class PatientConsentView(generics.ListAPIView[ConsentEvent]):
    """The consent history of a patient's phone, newest first."""

    serializer_class = ConsentEventSerializer
    queryset = ConsentEvent.objects.none()

    def patient(self) -> Patient:
        """The patient of the URL, if it exists for this user. Raises Http404."""
        visible = Patient.objects.visible_to(signed_in(self.request))
        patient: Patient = get_object_or_404(visible, pk=self.kwargs["patient_id"])
        return patient

    def get_queryset(self) -> QuerySet[ConsentEvent]:
        """Events of the phone at the patient's clinic."""
        patient = self.patient()
        consents = PhoneConsent.objects.visible_to(signed_in(self.request))
        return ConsentEvent.objects.filter(
            consent__in=consents.filter(phone=str(patient.phone), clinic=patient.clinic_id)
        )

    @extend_schema(request=ConsentEventSerializer, responses={201: ConsentEventSerializer})
    def post(self, request: Request, patient_id: UUID, **kwargs: Any) -> Response:
        """Record that the patient agreed to texts."""
        patient = self.patient()
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        event = record_consent(
            patient=patient,
            recorded_by=signed_in(request),
            now=timezone.now(),
            **serializer.validated_data,
        )
        return Response(self.get_serializer(event).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("patients/<uuid:patient_id>/consent/", PatientConsentView.as_view()),
]
