"""The record as FHIR R4: for other systems, and for the patient to take along (docs/fhir.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN, own_patient, signed_in
from exercises.fhir.bundle import bundle_of, record_of
from exercises.fhir.capability import FHIR_JSON, capability_statement, outcome
from exercises.models import Patient, User
from notifications.fhir import texts_of


class FhirRenderer(JSONRenderer):
    """JSON under FHIR's own media type."""

    media_type = FHIR_JSON
    format = "fhir"


class OneForm(BaseContentNegotiation):
    """There is one form, whatever a client says it takes."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """None is needed: nothing is sent here."""
        return next(iter(parsers), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """The first."""
        return renderers[0], str(renderers[0].media_type)


ANSWERS = {(200, FHIR_JSON): OpenApiTypes.OBJECT, (400, FHIR_JSON): OpenApiTypes.OBJECT}


def _refused(asked: Mapping[str, Any]) -> Response | None:
    """A parameter that does not exist is refused rather than passed over."""
    if not asked:
        return None
    said = f"No such parameter: {', '.join(sorted(asked))[:200]}."
    return Response(outcome("not-supported", said), status=400)


def _answer(patient: Patient, user: User, asked: Mapping[str, Any]) -> Response:
    """The bundle."""
    if (refusal := _refused(asked)) is not None:
        return refusal
    now = timezone.now()
    record = record_of(patient, user=user, today=now.astimezone(patient.zone).date())
    return Response(bundle_of(patient, record, more=texts_of(patient, user), now=now))


class PatientFhirView(APIView):
    """A patient's record as a FHIR bundle."""

    renderer_classes = (FhirRenderer,)
    content_negotiation_class = OneForm

    @extend_schema(responses=ANSWERS)
    def get(self, request: Request, patient_id: UUID) -> Response:
        """One R4 Bundle of type collection: programs, doses, what was told, texts, consent."""
        visible = Patient.objects.visible_to(signed_in(request)).select_related("clinic")
        patient: Patient = get_object_or_404(visible, pk=patient_id)
        return _answer(patient, signed_in(request), request.query_params)


class OwnFhirView(APIView):
    """My record as a FHIR bundle."""

    renderer_classes = (FhirRenderer,)
    content_negotiation_class = OneForm
    permission_classes = OWN

    @extend_schema(responses=ANSWERS)
    def get(self, request: Request) -> Response:
        """One R4 Bundle of type collection, to take to another clinic."""
        return _answer(own_patient(request), signed_in(request), request.query_params)


class CapabilityView(APIView):
    """What of FHIR this service speaks."""

    renderer_classes = (FhirRenderer,)
    content_negotiation_class = OneForm
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses=ANSWERS, auth=[])
    def get(self, request: Request) -> Response:
        """The CapabilityStatement; the same for everybody."""
        return _refused(request.query_params) or Response(capability_statement())
