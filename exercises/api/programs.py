"""An assigned program: the plan of a day, what was done, and changes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import signed_in
from exercises.api.filters import SessionFilter
from exercises.api.idempotency import idempotent
from exercises.api.phases import ItemSerializer, PhaseSerializer
from exercises.models import CheckIn, Exercise, Program, ProgramVersion, SessionLog
from exercises.models.records import MOST_SPLINT_HOURS
from exercises.reads.days import plan_for_day
from exercises.rules.phases import parse_phases
from exercises.services import LogSpec, change_program, log_session
from exercises.services.roles import require_clinician
from hep.errors import InvalidInputError
from hep.fields import AtLeastOne, Figure, Id, ModelSerializer, Slug, Text, Whole, YesNo


def visible_program(request: Request, program_id: UUID) -> Program:
    """The program of a URL with its patient, if it exists for this user. Raises Http404."""
    visible = Program.objects.visible_to(signed_in(request)).select_related("patient__clinic")
    program: Program = get_object_or_404(visible, pk=program_id)
    return program


class RoundSerializer(serializers.Serializer[Any]):
    """One round of an exercise at one time of a day."""

    name = Text()
    slot = Text(help_text="A time of the day, or any.")
    logged = YesNo()
    minutes_a_round = Whole()
    item = ItemSerializer()


class PlanSerializer(serializers.Serializer[Any]):
    """The plan of a day, on the patient's calendar."""

    date = serializers.DateField()
    phase = Text(help_text="Empty outside the program.")
    minutes = Whole()
    rounds = RoundSerializer(many=True)


class ProgramPlanView(APIView):
    """The plan of a day."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "date", date, description="Today on the patient's calendar by default."
            )
        ],
        responses={200: PlanSerializer},
    )
    def get(self, request: Request, program_id: UUID) -> Response:
        """Items, doses, times of the day, and what is logged already."""
        program = visible_program(request, program_id)
        today = timezone.now().astimezone(program.patient.zone).date()
        day = plan_for_day(program, asked_date(request, default=today))
        rounds = [
            {
                "name": planned.item.name,
                "slot": planned.slot,
                "logged": day.has_log(planned),
                "minutes_a_round": planned.item.minutes_a_round,
                "item": planned.dose(),
            }
            for planned in day.plan.rounds
        ]
        plan = {"date": day.plan.local_date, "phase": day.phase, "minutes": day.plan.minutes}
        return Response(PlanSerializer(plan | {"rounds": rounds}).data)


def asked_date(request: Request, *, default: date) -> date:
    """The day in `?date=`. Raises InvalidInputError."""
    text = request.query_params.get("date")
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("date", "Use a date such as 2026-03-01.") from error


class SessionLogSerializer(ModelSerializer[SessionLog]):
    """What was done of an item, or why not. `id` was made by the client that wrote it."""

    id = Text(source="client_id", read_only=True)
    exercise: serializers.SlugRelatedField[Exercise] = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True, help_text="null: the whole day."
    )

    class Meta:
        model = SessionLog
        fields = (
            "id", "local_date", "kind", "exercise", "slot", "outcome", "reason", "hours", "sets",
            "reps", "load", "minutes", "pain_during", "note", "source", "created_at",
        )  # fmt: skip  # a list


class LogDetailsSerializer(serializers.Serializer[Any]):
    """Whether and how something was done."""

    outcome = serializers.ChoiceField(choices=SessionLog.Outcome.choices)
    reason = serializers.ChoiceField(
        choices=SessionLog.Reason.choices, required=False, allow_blank=True
    )
    hours = Figure(
        max_digits=3,
        decimal_places=1,
        required=False,
        allow_null=True,
        min_value=0,
        max_value=MOST_SPLINT_HOURS,
    )
    sets = Whole(required=False, allow_null=True)
    reps = Whole(required=False, allow_null=True)
    load = Text(required=False, allow_blank=True, max_length=40)
    minutes = Whole(required=False, allow_null=True)
    pain_during = Whole(required=False, allow_null=True)
    note = Text(required=False, allow_blank=True, max_length=500)


class NewLogSerializer(LogDetailsSerializer):
    """A log as it is sent."""

    id = Id()
    local_date = serializers.DateField(help_text="On the patient's calendar.")
    exercise = Slug(max_length=60)
    slot = Text(required=False, allow_blank=True, max_length=10)


class ProgramSessionsView(generics.ListAPIView[SessionLog]):
    """What the patient did, newest first."""

    serializer_class = SessionLogSerializer
    queryset = SessionLog.objects.none()
    filterset_class = SessionFilter
    ordering_fields = ("local_date", "created_at")

    def get_queryset(self) -> QuerySet[SessionLog]:
        """The program's logs that were not taken back."""
        program = visible_program(self.request, self.kwargs["program_id"])
        rows = SessionLog.objects.visible_to(signed_in(self.request))
        return rows.filter(program=program, undone_at=None).select_related("exercise")

    @extend_schema(request=NewLogSerializer, responses={201: SessionLogSerializer})
    def post(self, request: Request, program_id: UUID, **kwargs: Any) -> Response:
        """Keep a log; the same `id` again changes nothing."""
        program = visible_program(request, program_id)
        serializer = NewLogSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        told = dict(serializer.validated_data)
        client_id, local_date = str(told.pop("id")), told.pop("local_date")
        row = log_session(
            program=program,
            local_date=local_date,
            log=LogSpec(kind=SessionLog.Kind.EXERCISE, **told),
            source=CheckIn.Source.STAFF,
            client_id=client_id,
            now=timezone.now(),
        )
        return Response(SessionLogSerializer(row).data, status=status.HTTP_201_CREATED)


class VersionSerializer(ModelSerializer[ProgramVersion]):
    """A version of a program: from when, who and why."""

    changed_by = serializers.StringRelatedField[ProgramVersion](allow_null=True)

    class Meta:
        model = ProgramVersion
        fields = ("number", "from_date", "reason", "changed_by", "created_at")


class ChangeSerializer(serializers.Serializer[Any]):
    """The whole program as it shall be, and why."""

    phases = AtLeastOne(child=PhaseSerializer())
    reason = Text(max_length=300)
    from_date = serializers.DateField(required=False, help_text="Today by default; not earlier.")
    version = Whole(
        required=False, help_text="The version this was made from; 409 when it is not the newest."
    )
    in_spite_of_intake = YesNo(
        required=False,
        help_text="A new exercise is right although the intake speaks against it.",
    )


class ProgramVersionsView(generics.ListAPIView[ProgramVersion]):
    """The versions of a program, newest first."""

    serializer_class = VersionSerializer
    queryset = ProgramVersion.objects.none()

    def get_queryset(self) -> QuerySet[ProgramVersion]:
        """The program's versions with who made them."""
        program = visible_program(self.request, self.kwargs["program_id"])
        rows = ProgramVersion.objects.visible_to(signed_in(self.request))
        return rows.filter(program=program).select_related("changed_by")

    @extend_schema(request=ChangeSerializer, responses={201: VersionSerializer})
    @idempotent
    def post(self, request: Request, program_id: UUID, **kwargs: Any) -> Response:
        """Change the program from a day on; days that are past stay as they were."""
        program = visible_program(request, program_id)
        require_clinician(signed_in(request), program.patient.clinic)
        serializer = ChangeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = dict(serializer.validated_data)
        written = change_program(
            program=program,
            phases=parse_phases(asked.pop("phases")),
            changed_by=signed_in(request),
            now=timezone.now(),
            **asked,
        )
        return Response(VersionSerializer(written).data, status=status.HTTP_201_CREATED)
