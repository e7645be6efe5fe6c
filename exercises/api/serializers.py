"""The shapes of the API."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from exercises.api.phases import IntakeSerializer, PhaseSerializer
from exercises.models import CheckIn, Clinic, Patient, Program, ProgramTemplate, Schedule, User
from exercises.rules.recurrence import DAILY, Step
from exercises.rules.validators import validate_patient_hours, validate_time_zone
from exercises.services import ScheduleSpec
from hep.fields import AtLeastOne, Id, ModelSerializer, Named, Phone, Text, Whole


def viewer(serializer: serializers.BaseSerializer[Any]) -> User:
    """The signed-in user behind this request; views of this API admit nobody else."""
    user: User = serializer.context["request"].user
    return user


def validated(shape: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """`data` as `shape` has it. Raises ValidationError naming the fields."""
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class ClinicField(serializers.PrimaryKeyRelatedField[Clinic]):
    """A clinic the user works in; left out, the only one."""

    def get_queryset(self) -> Any:
        """Clinics that exist for this user."""
        return Clinic.objects.visible_to(self.context["request"].user)


class PatientSerializer(ModelSerializer[Patient]):
    """A patient. `id` may be made by the client, so that a repeated request is one patient."""

    id = Id(required=False)
    clinic = ClinicField(required=False)
    phone = Phone(help_text="E.164, such as +14155550100.")

    class Meta:
        model = Patient
        fields = (
            "id",
            "clinic",
            "first_name",
            "last_name",
            "phone",
            "birth_year",
            "time_zone",
            "language",
            "texts_from",
            "texts_until",
            "texts_hours_asked",
            "created_at",
        )
        read_only_fields = ("created_at",)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hours need the patient's words; the clinic may be left out when there is only one."""
        known = self.instance

        def value(name: str, default: Any) -> Any:
            return attrs.get(name, getattr(known, name, default))

        try:
            validate_time_zone(value("time_zone", ""))
            validate_patient_hours(
                value("texts_from", None),
                value("texts_until", None),
                asked=value("texts_hours_asked", ""),
            )
        except DjangoValidationError as error:
            raise serializers.ValidationError(get_error_detail(error)) from error
        if known is not None:
            # Who a patient is, and whose, does not change.
            return {name: new for name, new in attrs.items() if name not in {"id", "clinic"}}
        if "clinic" not in attrs:
            clinics = list(Clinic.objects.visible_to(viewer(self))[:2])
            if len(clinics) != 1:
                raise serializers.ValidationError({"clinic": "Say which clinic."}, code="required")
            attrs["clinic"] = clinics[0]
        return attrs


class TemplateSerializer(ModelSerializer[ProgramTemplate]):
    """A program to assign."""

    phases = serializers.SerializerMethodField()

    class Meta:
        model = ProgramTemplate
        fields = ("slug", "name", "description", "phases")

    def get_phases(self, template: ProgramTemplate) -> list[dict[str, Any]]:
        """Phases with the names of their exercises."""
        return [
            {
                "number": phase.number,
                "name": phase.name,
                "first_week": phase.first_week,
                "last_week": phase.last_week,
                "exercises": [item.exercise.name for item in phase.items.all()],
            }
            for phase in template.phases.all()
        ]


class StepSerializer(serializers.Serializer[Any]):
    """How often from a week of the program on; several steps are a taper."""

    first_week = Whole(min_value=1, max_value=52, default=1)
    every_n_days = Whole(min_value=1, max_value=14, default=1)
    weekdays = serializers.ListField(
        child=Whole(min_value=0, max_value=6),
        default=list,
        max_length=7,
        help_text="0 is Monday. Empty: every n days.",
    )


class ScheduleSerializer(serializers.Serializer[Schedule]):
    """When to text, on the patient's clock."""

    kind = serializers.ChoiceField(choices=Schedule.Kind.choices)
    local_time = serializers.TimeField(help_text="HH:MM on the patient's clock.")
    more_times = serializers.ListField(
        child=serializers.TimeField(),
        required=False,
        max_length=5,
        help_text="Further times on the same day.",
    )
    steps = AtLeastOne(child=StepSerializer(), required=False)
    next_due_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Schedule) -> dict[str, Any]:
        """The first time as `local_time`, the others as `more_times`."""
        first, *more = instance.local_times
        return {
            "kind": instance.kind,
            "local_time": clock(first),
            "more_times": [clock(value) for value in more],
            "steps": instance.steps,
            "next_due_at": instance.next_due_at.isoformat() if instance.next_due_at else None,
        }


def clock(value: time) -> str:
    """HH:MM, with seconds only where there are some."""
    return value.isoformat("seconds" if value.second else "minutes")


class ProgramSerializer(serializers.Serializer[Program]):
    """An assigned program. `id` may be made by the client."""

    id = Id(required=False)
    template = Named(slug_field="slug", queryset=ProgramTemplate.objects.none())
    start_date = serializers.DateField()
    side = serializers.ChoiceField(choices=Program.Side.choices)
    schedules = ScheduleSerializer(many=True, allow_empty=True)
    phases = AtLeastOne(
        child=PhaseSerializer(),
        required=False,
        write_only=True,
        help_text="In place of the template's, adapted to this patient.",
    )
    intake = IntakeSerializer(required=False, write_only=True)
    name = Text(read_only=True)
    status = serializers.ChoiceField(choices=Program.Status.choices, read_only=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Only templates that exist for this user can be named; of one name, the clinic's own."""
        fields = super().get_fields()
        request, clinic = self.context.get("request"), self.context.get("clinic")
        if request is not None:
            rows = ProgramTemplate.objects.visible_to(request.user)
            own = rows.filter(clinic=clinic) if clinic else rows.none()
            shared = rows.filter(clinic=None).exclude(slug__in=own.values("slug"))
            fields["template"].queryset = own | shared  # type: ignore[attr-defined]  # the base Field has no queryset
        return fields

    @staticmethod
    def specs(schedules: list[dict[str, Any]]) -> list[ScheduleSpec]:
        """Validated schedules as the service takes them."""
        return [
            ScheduleSpec(
                kind=item["kind"],
                local_times=(item["local_time"], *item.get("more_times", ())),
                steps=tuple(
                    Step(step["first_week"], step["every_n_days"], tuple(step["weekdays"]))
                    for step in item["steps"]
                )
                if "steps" in item
                else DAILY,
            )
            for item in schedules
        ]


class CheckInSerializer(ModelSerializer[CheckIn]):
    """A day's pain, 0 to 10; the newest answer counts."""

    program = Id(source="program_id", read_only=True)

    class Meta:
        model = CheckIn
        fields = ("id", "program", "kind", "local_date", "score", "source", "updated_at")
