"""One request that brings an app up to date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN, own_patient, signed_in
from exercises.api.me import MeSerializer
from exercises.api.programs import SessionLogSerializer
from exercises.api.serializers import CheckInSerializer
from exercises.api.today import TodaySerializer, days_of
from exercises.models import CheckIn, Program, SessionLog
from hep.fields import ModelSerializer, Text, YesNo
from hep.sync_cursor import Kind, changes_since
from notifications.models import InboundMessage, OutboundMessage

AT_ONCE = 500
# Enough for a week without a network.
DAYS_AHEAD = 7


class ChangedCheckInSerializer(CheckInSerializer):
    """With whether it still counts."""

    taken_back = serializers.SerializerMethodField()

    class Meta(CheckInSerializer.Meta):
        fields = (*CheckInSerializer.Meta.fields, "taken_back")  # type: ignore[assignment]  # one more

    def get_taken_back(self, row: CheckIn) -> bool:
        """Whether the patient took the only answer of that day back."""
        return row.taken_back_at is not None


class ChangedSessionSerializer(SessionLogSerializer):
    """With whether it still counts."""

    taken_back = serializers.SerializerMethodField()

    class Meta(SessionLogSerializer.Meta):
        fields = (*SessionLogSerializer.Meta.fields, "taken_back")  # type: ignore[assignment]  # one more

    def get_taken_back(self, row: SessionLog) -> bool:
        """Whether the patient took it back."""
        return row.undone_at is not None


class TextFromClinicSerializer(ModelSerializer[OutboundMessage]):
    """A text that was sent to the patient."""

    at = serializers.DateTimeField(source="attempted_at")

    class Meta:
        model = OutboundMessage
        fields = ("id", "body", "at")


class TextToClinicSerializer(ModelSerializer[InboundMessage]):
    """A text that the patient sent."""

    at = serializers.DateTimeField(source="received_at")

    class Meta:
        model = InboundMessage
        fields = ("id", "body", "at")


class ChangesSerializer(serializers.Serializer[Any]):
    """What changed, oldest change first. Keep rows by their `id`: one may come twice."""

    cursor = Text(help_text="For the next request.")
    more = YesNo(help_text="There is more: ask again at once.")
    me = MeSerializer()
    days = TodaySerializer(many=True, help_text="Today and the days ahead, in full each time.")
    check_ins = ChangedCheckInSerializer(many=True)
    sessions = ChangedSessionSerializer(many=True)
    texts_from_clinic = TextFromClinicSerializer(many=True)
    texts_to_clinic = TextToClinicSerializer(many=True)


class ChangesView(APIView):
    """Everything since the last time."""

    permission_classes = OWN

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor", str, description="Of the answer before; empty at first.")
        ],
        responses={200: ChangesSerializer},
    )
    def get(self, request: Request) -> Response:
        """Changed rows of each kind, the patient, and the plan of the next seven days."""
        now, user, patient = timezone.now(), signed_in(request), own_patient(request)
        sent = OutboundMessage.objects.visible_to(user).filter(attempted_at__isnull=False)
        kinds = [
            Kind("check_ins", CheckIn.objects.visible_to(user), "updated_at"),
            Kind(
                "sessions",
                SessionLog.objects.visible_to(user).select_related("exercise"),
                "updated_at",
            ),
            Kind("texts_from_clinic", sent, "attempted_at"),
            Kind("texts_to_clinic", InboundMessage.objects.visible_to(user), "updated_at"),
        ]
        cursor = request.query_params.get("cursor", "")
        changes = changes_since(kinds, cursor, now=now, at_most=AT_ONCE)
        programs = list(Program.objects.visible_to(user).exclude(status=Program.Status.ENDED))
        today = now.astimezone(patient.zone).date()
        days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
        shown = {
            "cursor": changes.cursor,
            "more": changes.more,
            "me": MeSerializer(patient).data,
            "days": days_of(patient, programs, days),
            "check_ins": ChangedCheckInSerializer(changes.rows["check_ins"], many=True).data,
            "sessions": ChangedSessionSerializer(changes.rows["sessions"], many=True).data,
            "texts_from_clinic": TextFromClinicSerializer(
                changes.rows["texts_from_clinic"], many=True
            ).data,
            "texts_to_clinic": TextToClinicSerializer(
                changes.rows["texts_to_clinic"], many=True
            ).data,
        }
        return Response(shown)
