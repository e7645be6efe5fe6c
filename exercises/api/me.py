"""A patient's own data and wishes: language, zone, hours, times of texts, pauses."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.fields import get_error_detail
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN, own_patient, signed_in
from exercises.api.idempotency import idempotent
from exercises.api.serializers import clock
from exercises.models import Clinic, Patient, Program, Schedule
from exercises.rules.recurrence import Step
from exercises.rules.validators import validate_patient_hours, validate_time_zone
from exercises.services import ScheduleSpec, change_schedule, save_patient
from exercises.services.wishes import end_rest, rest_until
from hep.conditional import refuse_stale, tagged
from hep.fields import AtLeastOne, Id, ModelSerializer, Text
from hep.pagination import paged_by

# What is kept as the patient's words when they set other hours themselves.
IN_APP = "Set in the app"


class OwnClinicSerializer(ModelSerializer[Clinic]):
    """Whom to call."""

    class Meta:
        model = Clinic
        fields = ("name", "phone")


class MeSerializer(ModelSerializer[Patient]):
    """The patient. Name and phone are the clinic's to change."""

    phone = Text(read_only=True, help_text="E.164.")
    clinic = OwnClinicSerializer(read_only=True)

    class Meta:
        model = Patient
        fields = (
            "id", "first_name", "last_name", "phone", "clinic", "language", "time_zone",
            "texts_from", "texts_until",
        )  # fmt: skip  # a list
        read_only_fields = ("first_name", "last_name")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hours within the legal ones, a zone with a name."""
        patient = self.instance
        hours = [attrs.get(name, getattr(patient, name)) for name in ("texts_from", "texts_until")]
        try:
            validate_time_zone(attrs.get("time_zone", getattr(patient, "time_zone", "")))
            validate_patient_hours(hours[0], hours[1], asked=IN_APP)
        except DjangoValidationError as error:
            raise serializers.ValidationError(get_error_detail(error)) from error
        if {"texts_from", "texts_until"} & set(attrs):
            attrs["texts_hours_asked"] = IN_APP
        return attrs


class MeView(APIView):
    """Who I am, and my wishes."""

    permission_classes = OWN

    @extend_schema(responses={200: MeSerializer})
    def get(self, request: Request) -> Response:
        """With an `ETag`, to send back as `If-Match` with a change."""
        return tagged(MeSerializer(own_patient(request)).data)

    @extend_schema(request=MeSerializer, responses={200: MeSerializer})
    def patch(self, request: Request) -> Response:
        """Change language, zone or hours; another zone plans the texts anew.

        412 when `If-Match` is given and the record has changed since.
        """
        with transaction.atomic():
            rows = Patient.objects.visible_to(signed_in(request)).select_for_update(of=("self",))
            patient = rows.select_related("clinic").get()
            refuse_stale(request, MeSerializer(patient).data)
            serializer = MeSerializer(patient, data=request.data, partial=True)
            serializer.is_valid(raise_exception=True)
            save_patient(patient=patient, save=serializer.save, now=timezone.now())
        return tagged(MeSerializer(patient).data)


class OwnScheduleSerializer(ModelSerializer[Schedule]):
    """When a text comes, on the patient's clock."""

    local_times = AtLeastOne(child=serializers.TimeField(), max_length=6)

    class Meta:
        model = Schedule
        fields = ("id", "program", "kind", "local_times", "next_due_at")
        read_only_fields = ("program", "kind", "next_due_at")

    def to_representation(self, instance: Schedule) -> dict[str, Any]:
        """Times as HH:MM."""
        shown: dict[str, Any] = super().to_representation(instance)
        return shown | {"local_times": [clock(value) for value in instance.local_times]}


def _own_schedules(request: Request) -> QuerySet[Schedule]:
    rows = Schedule.objects.visible_to(signed_in(request))
    return rows.exclude(program__status=Program.Status.ENDED)


class OwnSchedulesView(generics.ListAPIView[Schedule]):
    """My texts' times."""

    permission_classes = OWN
    serializer_class = OwnScheduleSerializer
    queryset = Schedule.objects.none()
    pagination_class = paged_by("pk")

    def get_queryset(self) -> QuerySet[Schedule]:
        """Of programs that have not ended."""
        return _own_schedules(self.request)


class OwnScheduleView(APIView):
    """One of my texts' times."""

    permission_classes = OWN

    @extend_schema(request=OwnScheduleSerializer, responses={200: OwnScheduleSerializer})
    def patch(self, request: Request, schedule_id: int) -> Response:
        """Other times from tomorrow on, if today's text has gone out; as often as before. Without
        `local_times` nothing changes.
        """
        schedule: Schedule = get_object_or_404(_own_schedules(request), pk=schedule_id)
        serializer = OwnScheduleSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        if "local_times" not in serializer.validated_data:
            return Response(OwnScheduleSerializer(schedule).data)
        times = tuple(serializer.validated_data["local_times"])
        steps = tuple(
            Step(row["first_week"], row["every_n_days"], tuple(row["weekdays"]))
            for row in schedule.steps
        )
        changed = change_schedule(
            schedule_id=schedule.pk,
            spec=ScheduleSpec(schedule.kind, times, steps),
            ends_on=schedule.ends_on,
            now=timezone.now(),
        )
        return Response(OwnScheduleSerializer(changed).data)


class PauseSerializer(serializers.Serializer[Any]):
    """A pause: `until` is the first day with texts again."""

    until = serializers.DateField()


class PausedSerializer(serializers.Serializer[Any]):
    """Programs that are paused until a day."""

    programs = serializers.ListField(child=Id())


class PauseView(APIView):
    """A rest from texts."""

    permission_classes = OWN

    @extend_schema(request=PauseSerializer, responses={200: PausedSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Pause what runs until a day; another day replaces it."""
        serializer = PauseSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        until = serializer.validated_data["until"]
        running = rest_until(
            patient=own_patient(request),
            programs=self._programs(request),
            until=until,
            now=timezone.now(),
        )
        return Response({"programs": [program.pk for program in running]})

    @extend_schema(request=None, responses={200: PausedSerializer})
    def delete(self, request: Request) -> Response:
        """Go on now. What the clinic paused stays paused."""
        end_rest(programs=self._programs(request), now=timezone.now())
        return Response({"programs": []})

    @staticmethod
    def _programs(request: Request) -> list[Program]:
        rows = Program.objects.visible_to(signed_in(request)).select_related("patient__clinic")
        return list(rows.exclude(status=Program.Status.ENDED).order_by("pk"))
