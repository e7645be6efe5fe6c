"""A patient's own consent to texts, given or taken back in the app."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN, own_patient, signed_in
from exercises.api.idempotency import idempotent
from hep.fields import Text
from notifications import consent
from notifications.consent import record_consent, stop_in_app
from notifications.models import ConsentEvent, PhoneConsent


class ConsentStateSerializer(serializers.Serializer[Any]):
    """Whether the clinic may text this phone."""

    state = serializers.ChoiceField(
        choices=[*PhoneConsent.State.choices, ("none", "Never asked")],
        help_text="held: the clinic looks at a text that may have been an opt-out.",
    )


class AgreeSerializer(serializers.Serializer[Any]):
    """Consent as it was given: the words that the app showed."""

    words = Text(max_length=2000)
    words_version = Text(max_length=20, required=False, default="", allow_blank=True)


def _state(request: Request) -> Response:
    return Response({"state": consent.of(own_patient(request)) or "none"})


class OwnConsentView(APIView):
    """Consent to texts on this patient's phone."""

    permission_classes = OWN

    @extend_schema(responses={200: ConsentStateSerializer})
    def get(self, request: Request) -> Response:
        """As it is now."""
        return _state(request)

    @extend_schema(request=AgreeSerializer, responses={201: ConsentStateSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Agree to texts, also after an opt-out. A text confirms it."""
        serializer = AgreeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        record_consent(
            patient=own_patient(request),
            how=ConsentEvent.How.APP,
            recorded_by=signed_in(request),
            now=timezone.now(),
            **serializer.validated_data,
        )
        answer = _state(request)
        answer.status_code = status.HTTP_201_CREATED
        return answer


class StopView(APIView):
    """STOP, from the app."""

    permission_classes = OWN

    @extend_schema(request=None, responses={200: ConsentStateSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """No more texts to this phone, for nobody who shares it. A repeat changes nothing."""
        patient = own_patient(request)
        stop_in_app(patient=patient, by=signed_in(request), now=timezone.now())
        return _state(request)
