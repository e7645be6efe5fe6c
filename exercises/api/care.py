"""In-clinic care and measures."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from exercises.api.authentication import signed_in
from exercises.api.filters import MeasureFilter, TreatmentFilter
from exercises.api.idempotency import idempotent
from exercises.api.programs import visible_program
from exercises.api.views import visible_patient
from exercises.models import Measure, TreatmentSession
from exercises.services import TreatmentSpec, record_groc, record_psfs, record_treatment
from exercises.services.roles import require_clinician
from hep.errors import InvalidInputError
from hep.fields import AtLeastOne, Id, ModelSerializer, Text, Whole


class TreatmentSerializer(ModelSerializer[TreatmentSession]):
    """What was done in the clinic. `id` may be made by the client: a repeat is the same row."""

    id = Id(required=False)
    modalities = AtLeastOne(
        child=serializers.ChoiceField(choices=TreatmentSession.Modality.choices),
        max_length=10,
    )
    sites = serializers.ListField(
        child=serializers.ChoiceField(choices=TreatmentSession.Site.choices),
        required=False,
        max_length=3,
    )

    class Meta:
        model = TreatmentSession
        fields = (
            "id", "local_date", "modalities", "sites", "adverse", "adverse_detail", "note",
            "created_at",
        )  # fmt: skip  # a list
        read_only_fields = ("created_at",)


class PatientTreatmentsView(generics.ListAPIView[TreatmentSession]):
    """The treatments of a patient, newest first."""

    serializer_class = TreatmentSerializer
    queryset = TreatmentSession.objects.none()
    filterset_class = TreatmentFilter
    ordering_fields = ("local_date", "created_at")

    def get_queryset(self) -> QuerySet[TreatmentSession]:
        """The patient's, visible to the user."""
        patient = visible_patient(self.request, self.kwargs["patient_id"])
        return TreatmentSession.objects.visible_to(signed_in(self.request)).filter(patient=patient)

    @extend_schema(request=TreatmentSerializer, responses={201: TreatmentSerializer})
    def post(self, request: Request, patient_id: UUID, **kwargs: Any) -> Response:
        """Keep a treatment; a serious event opens an alert."""
        patient = visible_patient(request, patient_id)
        require_clinician(signed_in(request), patient.clinic)
        serializer = TreatmentSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        told = dict(serializer.validated_data)
        treatment_id, local_date = told.pop("id", None), told.pop("local_date")
        modalities, sites = tuple(told.pop("modalities")), tuple(told.pop("sites", ()))
        row = record_treatment(
            patient=patient,
            local_date=local_date,
            treatment=TreatmentSpec(modalities, sites, **told),
            treated_by=signed_in(request),
            now=timezone.now(),
            treatment_id=treatment_id,
        )
        return Response(TreatmentSerializer(row).data, status=status.HTTP_201_CREATED)


class ActivitySerializer(serializers.Serializer[Any]):
    """An activity of the PSFS: 0 unable, 10 as before."""

    activity = Text(max_length=80)
    score = Whole(min_value=0, max_value=10)


class MeasureSerializer(ModelSerializer[Measure]):
    """A measure: `activities` for the PSFS, `rating` for the GROC; `value` is worked out."""

    activities = ActivitySerializer(many=True, required=False)
    rating = Whole(required=False, write_only=True, help_text="-7 (much worse) to 7 (much better).")

    class Meta:
        model = Measure
        fields = ("instrument", "local_date", "activities", "rating", "value", "created_at")
        read_only_fields = ("value", "created_at")
        # The service replaces the values of a day.
        validators: ClassVar[list[Any]] = []


class ProgramMeasuresView(generics.ListAPIView[Measure]):
    """The measures of a program, newest first."""

    serializer_class = MeasureSerializer
    queryset = Measure.objects.none()
    filterset_class = MeasureFilter
    ordering_fields = ("local_date", "created_at")

    def get_queryset(self) -> QuerySet[Measure]:
        """The program's, visible to the user."""
        program = visible_program(self.request, self.kwargs["program_id"])
        return Measure.objects.visible_to(signed_in(self.request)).filter(program=program)

    @extend_schema(request=MeasureSerializer, responses={201: MeasureSerializer})
    @idempotent
    def post(self, request: Request, program_id: UUID, **kwargs: Any) -> Response:
        """Keep a measure; the newer values of a day count."""
        program = visible_program(request, program_id)
        require_clinician(signed_in(request), program.patient.clinic)
        serializer = MeasureSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        told = serializer.validated_data
        common = {
            "program": program,
            "local_date": told["local_date"],
            "recorded_by": signed_in(request),
            "now": timezone.now(),
        }
        if told["instrument"] == Measure.Instrument.PSFS:
            row = record_psfs(activities=told.get("activities", []), **common)
        elif "rating" in told:
            row = record_groc(rating=told["rating"], **common)
        else:
            raise InvalidInputError("rating", "Ask for the rating.", code="required")
        return Response(MeasureSerializer(row).data, status=status.HTTP_201_CREATED)
