"""A patient's consent and coming texts, for the clinic."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import signed_in
from exercises.api.idempotency import idempotent
from exercises.api.views import visible_patient
from hep.errors import InvalidInputError
from hep.fields import ModelSerializer, Text
from notifications.consent import history, record_consent
from notifications.models import ConsentEvent, OutboundMessage
from notifications.outgoing.preview import planned_texts


class ConsentEventSerializer(ModelSerializer[ConsentEvent]):
    """One change of consent to texts: how it was given and the words shown."""

    class Meta:
        model = ConsentEvent
        fields = ("id", "state", "how", "words", "words_version", "created_at")
        read_only_fields = ("id", "state", "created_at")
        extra_kwargs: ClassVar = {"how": {"choices": ConsentEvent.RECORDABLE}}


class PatientConsentView(generics.ListAPIView[ConsentEvent]):
    """The consent history of a patient's phone, newest first."""

    serializer_class = ConsentEventSerializer
    queryset = ConsentEvent.objects.none()

    def get_queryset(self) -> QuerySet[ConsentEvent]:
        """Events of the phone at the patient's clinic: those of this person, and every opt-out."""
        patient = visible_patient(self.request, self.kwargs["patient_id"])
        return history(patient)

    @extend_schema(request=ConsentEventSerializer, responses={201: ConsentEventSerializer})
    @idempotent
    def post(self, request: Request, patient_id: UUID, **kwargs: Any) -> Response:
        """Record that the patient agreed to texts."""
        patient = visible_patient(request, patient_id)
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        event = record_consent(
            patient=patient,
            recorded_by=signed_in(request),
            now=timezone.now(),
            **serializer.validated_data,
        )
        return Response(self.get_serializer(event).data, status=status.HTTP_201_CREATED)


class PlannedTextSerializer(serializers.Serializer[Any]):
    """A text of the weeks ahead: `text` when it would leave, else `skip_reason`."""

    due_at = serializers.DateTimeField()
    local_date = serializers.DateField(help_text="On the patient's clock.")
    local_time = serializers.TimeField(help_text="On the patient's clock.")
    kind = serializers.ChoiceField(choices=OutboundMessage.Kind.choices)
    text = Text(source="body", allow_blank=True)
    skip_reason = serializers.ChoiceField(
        choices=OutboundMessage.SkipReason.choices, allow_blank=True
    )


class PlannedTextsSerializer(serializers.Serializer[Any]):
    """The weeks ahead, in order."""

    texts = PlannedTextSerializer(many=True)


class PatientPlannedTextsView(APIView):
    """Every text a patient would get in the next six weeks; nothing is sent by asking."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "answers",
                bool,
                description="Whether the patient answers each question (default), or none.",
            )
        ],
        responses={200: PlannedTextsSerializer},
    )
    def get(self, request: Request, patient_id: UUID) -> Response:
        """From the same rules, guards and wordings as the texts themselves."""
        patient = visible_patient(request, patient_id)
        asked = request.query_params.get("answers", "true").lower()
        if asked not in {"true", "false"}:
            raise InvalidInputError("answers", "Use true or false.")
        texts = planned_texts(patient, now=timezone.now(), answers=asked == "true")
        return Response(PlannedTextsSerializer({"texts": texts}).data)
