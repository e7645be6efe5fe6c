"""A running program for its clinic: pause, go on, stop, and how it goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import signed_in
from exercises.api.programs import visible_program
from exercises.api.serializers import ProgramSerializer, validated
from exercises.api.today import SeriesSerializer
from exercises.models import Program
from exercises.reads.course import course_of
from exercises.services import end_program, pause_program, resume_program
from exercises.services.roles import require_clinician
from hep.conditional import refuse_stale, tagged
from hep.errors import InvalidInputError
from hep.fields import Text, Whole


class ProgramStatusSerializer(serializers.Serializer[Any]):
    """What shall become of a program; `until` only with a pause: the first day with texts again."""

    status = serializers.ChoiceField(choices=Program.Status.choices, required=False)
    until = serializers.DateField(required=False)


class ProgramView(APIView):
    """An assigned program."""

    @extend_schema(responses={200: ProgramSerializer})
    def get(self, request: Request, program_id: UUID) -> Response:
        """With an `ETag`, to send back as `If-Match` with a change."""
        return tagged(ProgramSerializer(visible_program(request, program_id)).data)

    @extend_schema(request=ProgramStatusSerializer, responses={200: ProgramSerializer})
    @transaction.atomic
    def patch(self, request: Request, program_id: UUID) -> Response:
        """Pause, go on or end it for good; without `status` nothing changes. 409 once it has ended;
        412 when `If-Match` is old.
        """
        program = visible_program(request, program_id)
        require_clinician(signed_in(request), program.patient.clinic)
        # Locked until it is changed, or two with the same `If-Match` would both get through.
        Program.objects.select_for_update().get(pk=program.pk)
        program.refresh_from_db()
        refuse_stale(request, ProgramSerializer(program).data)
        asked = validated(ProgramStatusSerializer, request.data)
        status = asked.get("status")
        if "until" in asked and status != Program.Status.PAUSED:
            raise InvalidInputError("until", "Only a pause has an end.", code="no_pause")
        if status == Program.Status.PAUSED:
            pause_program(program=program, until=asked.get("until"))
        elif status == Program.Status.ACTIVE:
            resume_program(program=program, now=timezone.now())
        elif status == Program.Status.ENDED:
            end_program(program=program)
        program.refresh_from_db()
        return tagged(ProgramSerializer(program).data)


class ItemAdherenceSerializer(serializers.Serializer[Any]):
    """Rounds of an exercise in the last 7 days."""

    exercise = Text()
    name = Text()
    done = Whole()
    planned = Whole()


class CourseSerializer(serializers.Serializer[Any]):
    """How a program goes; what is null cannot be said yet."""

    week = Whole()
    phase = Text(allow_blank=True)
    adherence = serializers.FloatField(allow_null=True, help_text="Last 7 days, 0 to 1.")
    items = ItemAdherenceSerializer(many=True)
    first_step = SeriesSerializer()
    average = SeriesSerializer()


class ProgramCourseView(APIView):
    """Trend and adherence."""

    @extend_schema(responses={200: CourseSerializer})
    def get(self, request: Request, program_id: UUID) -> Response:
        """Today, on the patient's calendar."""
        program = visible_program(request, program_id)
        today = timezone.now().astimezone(program.patient.zone).date()
        return Response(CourseSerializer(course_of(program, on=today)).data)
