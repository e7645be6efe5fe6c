"""A patient's own record as one file: the right to a copy (HIPAA, 45 CFR 164.524)."""

from __future__ import annotations

import copy
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN, own_patient, signed_in
from exercises.api.care import MeasureSerializer
from exercises.api.me import MeSerializer
from exercises.api.phases import DOSE
from exercises.models import Barrier, CheckIn, Measure, Program, SessionLog, TreatmentSession
from exercises.reads.versions import ProgramVersions, versions_of
from exercises.rules.plan import Item
from hep.fields import ModelSerializer, Text
from notifications import consent
from notifications.api.consent import ConsentEventSerializer
from notifications.api.sync import (
    ChangedCheckInSerializer,
    ChangedSessionSerializer,
    TextFromClinicSerializer,
    TextToClinicSerializer,
)
from notifications.models import InboundMessage, OutboundMessage


class ExportedItemSerializer(serializers.Serializer[Item]):
    """An exercise with its dose, as it was asked for."""

    name = Text()
    phase = Text()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Every part of the one dose, beside what the exercise and the phase are called."""
        dose: dict[str, serializers.Field[Any, Any, Any, Any]] = copy.deepcopy(DOSE)
        for field in dose.values():
            field.required = True
        return dose | super().get_fields()


class ExportedVersionSerializer(serializers.Serializer[Any]):
    """What a program asked for from a day on."""

    from_date = serializers.DateField()
    items = ExportedItemSerializer(many=True)


class ExportedProgramSerializer(ModelSerializer[Program]):
    """A program with everything it asked for since it began."""

    versions = serializers.SerializerMethodField()

    class Meta:
        model = Program
        fields = ("id", "name", "start_date", "side", "status", "created_at", "versions")

    @extend_schema_field(ExportedVersionSerializer(many=True))
    def get_versions(self, program: Program) -> Any:
        """The oldest first."""
        known: ProgramVersions = self.context["versions"][program.pk]
        rows = [
            {"from_date": from_date, "items": known.items.get(number, ())}
            for number, from_date in known.from_dates
        ]
        return ExportedVersionSerializer(rows, many=True).data


class ExportedTreatmentSerializer(ModelSerializer[TreatmentSession]):
    """What was done in the clinic."""

    class Meta:
        model = TreatmentSession
        fields = ("local_date", "modalities", "sites", "adverse", "adverse_detail", "note")


class ExportedBarrierSerializer(ModelSerializer[Barrier]):
    """What got in the way of a week, with the count that was told."""

    class Meta:
        model = Barrier
        fields = ("local_date", "done", "planned", "what", "source")


class ExportSerializer(serializers.Serializer[Any]):
    """Everything the service keeps about the patient."""

    made_at = serializers.DateTimeField()
    me = MeSerializer()
    programs = ExportedProgramSerializer(many=True)
    check_ins = ChangedCheckInSerializer(many=True)
    sessions = ChangedSessionSerializer(many=True)
    measures = MeasureSerializer(many=True)
    treatments = ExportedTreatmentSerializer(many=True)
    barriers = ExportedBarrierSerializer(many=True)
    consent = ConsentEventSerializer(many=True)
    texts_from_clinic = TextFromClinicSerializer(many=True)
    texts_to_clinic = TextToClinicSerializer(many=True)


class OwnExportView(APIView):
    """My record as a file."""

    permission_classes = OWN

    @extend_schema(responses={200: ExportSerializer})
    def get(self, request: Request) -> Response:
        """Everything, the oldest first. A constant number of queries."""
        user, patient = signed_in(request), own_patient(request)
        programs = list(Program.objects.visible_to(user).order_by("created_at"))
        sent = OutboundMessage.objects.visible_to(user).filter(attempted_at__isnull=False)
        sessions = SessionLog.objects.visible_to(user).select_related("exercise")
        shown = {
            "made_at": timezone.now(),
            "me": patient,
            "programs": programs,
            "check_ins": CheckIn.objects.visible_to(user).order_by("local_date", "created_at"),
            "sessions": sessions.order_by("local_date", "created_at"),
            "measures": Measure.objects.visible_to(user).order_by("local_date"),
            "treatments": TreatmentSession.objects.visible_to(user).order_by("local_date"),
            "barriers": Barrier.objects.visible_to(user).order_by("local_date", "pk"),
            "consent": consent.history(patient).order_by("created_at"),
            "texts_from_clinic": sent.order_by("attempted_at"),
            "texts_to_clinic": InboundMessage.objects.visible_to(user).order_by("received_at"),
        }
        versions = versions_of([program.pk for program in programs]) if programs else {}
        answer = Response(ExportSerializer(shown, context={"versions": versions}).data)
        answer["Content-Disposition"] = 'attachment; filename="my-record.json"'
        return answer
