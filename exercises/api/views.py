"""Views: who may see it (`visible_to`), then a service or a selector."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from exercises.api.authentication import signed_in
from exercises.api.filters import CheckInFilter, PatientFilter, ProgramFilter
from exercises.api.phases import intake_of
from exercises.api.serializers import (
    CheckInSerializer,
    PatientSerializer,
    ProgramSerializer,
    TemplateSerializer,
)
from exercises.models import CheckIn, Patient, Program, ProgramTemplate
from exercises.rules.phases import parse_phases
from exercises.services import assign_program, save_patient
from exercises.services.roles import require_clinician
from hep.conditional import refuse_stale, tagged
from hep.errors import ConflictError
from hep.once import one_at_a_time, refuse_other_content


def visible_patient(request: Request, patient_id: UUID) -> Patient:
    """The patient of a URL with its clinic, if it exists for this user. Raises Http404."""
    visible = Patient.objects.visible_to(signed_in(request)).select_related("clinic")
    patient: Patient = get_object_or_404(visible, pk=patient_id)
    return patient


class PatientViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Patient],
):
    """Patients of the provider's clinics."""

    serializer_class = PatientSerializer
    queryset = Patient.objects.none()
    lookup_value_converter = "uuid"
    filterset_class = PatientFilter
    search_fields = ("search_text", "phone")
    ordering_fields = ("last_name", "first_name", "created_at")

    def get_queryset(self) -> QuerySet[Patient]:
        """Only those visible to the user."""
        return Patient.objects.visible_to(signed_in(self.request))

    @extend_schema(responses={201: PatientSerializer, 200: PatientSerializer})
    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """201 with the patient; 200 when this client id was there already with the same clinic."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        client_id = serializer.validated_data.get("id")
        if client_id:
            one_at_a_time(client_id)
        if client_id and Patient.objects.filter(pk=client_id).exists():
            known = self.get_queryset().filter(pk=client_id).first()
            if known is None:
                raise ConflictError("id", "This id is already used.", code="id_taken")
            names = ("first_name", "last_name", "phone")
            told = serializer.validated_data
            refuse_other_content(known, {name: told[name] for name in names if name in told})
            return Response(self.get_serializer(known).data)
        serializer.save()
        return Response(serializer.data, status=status.HTTP_201_CREATED)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With an `ETag`, to send back as `If-Match` with a change."""
        patient = self.get_object()
        return tagged(self.get_serializer(patient).data)

    @transaction.atomic
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change a patient. Another zone plans texts anew, another phone signs devices out."""
        patient = get_object_or_404(self.get_queryset().select_for_update(), pk=kwargs["pk"])
        refuse_stale(request, self.get_serializer(patient).data)
        serializer = self.get_serializer(patient, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        save_patient(patient=patient, save=serializer.save, now=timezone.now())
        return tagged(self.get_serializer(patient).data)


class TemplateViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[ProgramTemplate]):
    """Programs to assign: the shared ones and the clinics' own."""

    serializer_class = TemplateSerializer
    queryset = ProgramTemplate.objects.none()

    def get_queryset(self) -> QuerySet[ProgramTemplate]:
        """Only those visible to the user, with their exercises."""
        visible = ProgramTemplate.objects.visible_to(signed_in(self.request))
        return visible.prefetch_related("phases__items__exercise")


class PatientProgramsView(generics.ListAPIView[Program]):
    """The programs of a patient."""

    serializer_class = ProgramSerializer
    queryset = Program.objects.none()
    filterset_class = ProgramFilter
    ordering_fields = ("start_date", "created_at")

    def get_queryset(self) -> QuerySet[Program]:
        """The patient's programs, visible to the user."""
        visible = Program.objects.visible_to(signed_in(self.request))
        patient = visible_patient(self.request, self.kwargs["patient_id"])
        programs = visible.filter(patient=patient)
        return programs.select_related("template").prefetch_related("schedules")

    @extend_schema(request=ProgramSerializer, responses={201: ProgramSerializer})
    def post(self, request: Request, patient_id: UUID, **kwargs: Any) -> Response:
        """Assign a template."""
        patient = visible_patient(request, patient_id)
        require_clinician(signed_in(request), patient.clinic)
        context = {**self.get_serializer_context(), "clinic": patient.clinic_id}
        serializer = ProgramSerializer(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        program = assign_program(
            patient=patient,
            template=asked["template"],
            start_date=asked["start_date"],
            side=asked["side"],
            schedules=ProgramSerializer.specs(asked["schedules"]),
            assigned_by=signed_in(request),
            now=timezone.now(),
            program_id=asked.get("id"),
            phases=parse_phases(asked["phases"]) if "phases" in asked else None,
            intake=intake_of(asked.get("intake")),
        )
        return Response(self.get_serializer(program).data, status=status.HTTP_201_CREATED)


class PatientCheckInsView(generics.ListAPIView[CheckIn]):
    """The check-ins of a patient, newest first."""

    serializer_class = CheckInSerializer
    queryset = CheckIn.objects.none()
    filterset_class = CheckInFilter
    ordering_fields = ("local_date", "created_at")

    def get_queryset(self) -> QuerySet[CheckIn]:
        """The patient's check-ins, visible to the user."""
        patient = visible_patient(self.request, self.kwargs["patient_id"])
        visible = CheckIn.objects.visible_to(signed_in(self.request))
        return visible.filter(program__patient=patient)
