"""The report of a program for an appointment, for another system to show or keep."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.programs import visible_program
from exercises.api.running import CourseSerializer
from exercises.models import Alert, Measure
from exercises.reads.visit import VisitReport, visit_report
from hep.fields import Text, Whole


class VisitWeekSerializer(serializers.Serializer[Any]):
    """A week of the program; `median` is null with fewer than 4 scores."""

    number = Whole()
    first = serializers.DateField()
    median = serializers.FloatField(allow_null=True)
    scores = Whole()
    done = Whole(help_text="Days with the exercises done.")
    partly = Whole(help_text="Days with some of them done.")
    planned = Whole(help_text="Days on which somebody was to do them, up to yesterday.")


class ItemShareSerializer(serializers.Serializer[Any]):
    """An exercise since the start: rounds done of those planned."""

    name = Text()
    done = Whole()
    planned = Whole()


class BarrierCountSerializer(serializers.Serializer[Any]):
    """How many weeks this got in the way."""

    what = Text()
    weeks = Whole()


class VisitAlertSerializer(serializers.Serializer[Any]):
    """What somebody was told, and the note that closed it."""

    opened_at = serializers.DateTimeField(source="alert.opened_at")
    reason = serializers.ChoiceField(choices=Alert.Reason.choices, source="alert.reason")
    detail = Text(allow_blank=True, source="alert.detail")
    acknowledged_at = serializers.DateTimeField(allow_null=True, source="alert.acknowledged_at")
    note = Text(allow_blank=True, source="alert.note")


class VisitMeasureSerializer(serializers.Serializer[Any]):
    """A measure; `change` from the one before, null for the first."""

    instrument = serializers.ChoiceField(
        choices=Measure.Instrument.choices, source="measure.instrument"
    )
    local_date = serializers.DateField(source="measure.local_date")
    value = serializers.FloatField(source="measure.value")
    change = serializers.FloatField(allow_null=True)


class VisitChangeSerializer(serializers.Serializer[Any]):
    """A change of the exercises."""

    from_date = serializers.DateField()
    reason = Text(allow_blank=True)


class SaidSerializer(serializers.Serializer[Any]):
    """Words of the patient."""

    on = serializers.DateField()
    words = Text(allow_blank=True)
    where = Text()


class VisitReportSerializer(serializers.Serializer[Any]):
    """The course from the start, or the newest 26 weeks, to today; lists are the newest first."""

    since = serializers.DateField()
    until = serializers.DateField()
    course = CourseSerializer()
    weeks = VisitWeekSerializer(many=True, help_text="The oldest first.")
    items = ItemShareSerializer(many=True)
    barriers = serializers.SerializerMethodField()
    alerts = VisitAlertSerializer(many=True)
    measures = VisitMeasureSerializer(many=True, help_text="The oldest first.")
    versions = VisitChangeSerializer(many=True)
    said = SaidSerializer(many=True)

    @extend_schema_field(BarrierCountSerializer(many=True))
    def get_barriers(self, report: VisitReport) -> list[dict[str, Any]]:
        """The most frequent first."""
        return [{"what": what, "weeks": weeks} for what, weeks in report.barriers]


class VisitReportView(APIView):
    """The course so far, for an appointment."""

    @extend_schema(responses={200: VisitReportSerializer})
    def get(self, request: Request, program_id: UUID) -> Response:
        """Up to today on the patient's calendar."""
        program = visible_program(request, program_id)
        today = timezone.now().astimezone(program.patient.zone).date()
        return Response(VisitReportSerializer(visit_report(program, on=today)).data)
