"""A patient's conversation with the clinic, from either end."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN, own_patient, signed_in
from exercises.api.views import visible_patient
from exercises.models import Patient
from hep.errors import InvalidInputError
from hep.fields import Id, Text, YesNo
from notifications.messages import keep_message, write_message
from notifications.thread import Before, Bubble, bubble_of, conversation

AT_ONCE = 50
PLACE = re.compile(r"(?P<who>[pc])(?P<key>[0-9]{1,18})")


class NewMessageSerializer(serializers.Serializer[Any]):
    """A message to the clinic."""

    id = Id(help_text="Made by the client; a repeat changes nothing.")
    body = Text(max_length=1000)


class MessageSerializer(serializers.Serializer[Any]):
    """A message, whether it was a text or written in the app."""

    id = Text(help_text="Unique together with `from_patient`.")
    from_patient = YesNo()
    body = Text(allow_blank=True)
    at = serializers.DateTimeField()


class KeptMessageSerializer(MessageSerializer):
    """With what to show at once: nobody may be there to read."""

    answer = Text(help_text="In the patient's language. Always show it.")


class MessagesSerializer(serializers.Serializer[Any]):
    """Newest first."""

    results = MessageSerializer(many=True)
    before = Text(allow_null=True, help_text="For the next page, as it is; null: end.")


def place_of(told: str) -> Before:
    """A moment, or the place behind a message, as a page told it: `2026-03-03T08:30:00Z~p17`.

    Raises InvalidInputError at `before` for what no page told; no schema can say what is one.
    """
    moment, behind, place = told.partition("~")
    known = PLACE.fullmatch(place)
    try:
        at = serializers.DateTimeField().run_validation(moment)
    except serializers.ValidationError as error:
        raise _not_ours() from error
    if behind and known is None:
        raise _not_ours()
    return Before(at, int(known["key"]), known["who"] == "p") if known else Before(at)


def _not_ours() -> InvalidInputError:
    message = "Use `before` of the page before, a moment, or nothing."
    return InvalidInputError("before", message, code="unknown")


class StaffMessageSerializer(MessageSerializer):
    """With what became of it."""

    state = Text(help_text="Of a text to the patient, in words; else empty.")
    author = Text(help_text="Who of the clinic wrote it; empty: the service.")


class StaffMessagesSerializer(MessagesSerializer):
    """Newest first, as the clinic sees them."""

    results = StaffMessageSerializer(many=True)


BEFORE = OpenApiParameter(
    "before", str, description="As the page before had it, or a moment: what is older."
)


def _page(request: Request, patient: Patient) -> dict[str, Any]:
    asked = request.query_params.get("before")
    bubbles = conversation(
        patient=patient,
        user=signed_in(request),
        before=Before(timezone.now()) if asked is None else place_of(asked),
        at_most=AT_ONCE,
    )
    before = _told(bubbles[-1]) if len(bubbles) == AT_ONCE else None
    return {"results": bubbles, "before": before}


def _told(last: Bubble) -> str:
    who = "p" if last.from_patient else "c"
    return f"{last.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}~{who}{last.id}"


class OwnMessagesView(APIView):
    """My messages with the clinic."""

    permission_classes = OWN

    @extend_schema(parameters=[BEFORE], responses={200: MessagesSerializer})
    def get(self, request: Request) -> Response:
        """Fifty at a time."""
        return Response(MessagesSerializer(_page(request, own_patient(request))).data)

    @extend_schema(request=NewMessageSerializer, responses={201: KeptMessageSerializer})
    def post(self, request: Request) -> Response:
        """Write to the clinic. Red flags alert it; STOP stops the texts."""
        serializer = NewMessageSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        bubble, answer = keep_message(
            patient=own_patient(request),
            message_id=serializer.validated_data["id"],
            body=serializer.validated_data["body"],
            now=timezone.now(),
        )
        shown = MessageSerializer(bubble).data
        return Response({**shown, "answer": answer}, status=status.HTTP_201_CREATED)


class PatientMessagesView(APIView):
    """The conversation with a patient, for the clinic."""

    @extend_schema(parameters=[BEFORE], responses={200: StaffMessagesSerializer})
    def get(self, request: Request, patient_id: UUID) -> Response:
        """Fifty at a time."""
        patient = visible_patient(request, patient_id)
        return Response(StaffMessagesSerializer(_page(request, patient)).data)

    @extend_schema(request=NewMessageSerializer, responses={201: StaffMessageSerializer})
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Text the patient at the next hour that suits. Nothing of health: others see the phone."""
        patient = visible_patient(request, patient_id)
        serializer = NewMessageSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        message = write_message(
            patient=patient,
            words=serializer.validated_data["body"],
            message_id=serializer.validated_data["id"],
            by=signed_in(request),
            now=timezone.now(),
        )
        shown = StaffMessageSerializer(bubble_of(message)).data
        return Response(shown, status=status.HTTP_201_CREATED)
