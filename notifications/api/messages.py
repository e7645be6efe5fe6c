"""A patient's conversation with the clinic."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.access import OWN, own_patient, signed_in
from notifications.messages import conversation, keep_message

AT_ONCE = 50


class NewMessageSerializer(serializers.Serializer[Any]):
    """A message to the clinic."""

    id = serializers.UUIDField(help_text="Made by the client; a repeat changes nothing.")
    body = serializers.CharField(max_length=1000)


class MessageSerializer(serializers.Serializer[Any]):
    """A message, whether it was a text or written in the app."""

    id = serializers.CharField(help_text="Unique together with `from_patient`.")
    from_patient = serializers.BooleanField()
    body = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class KeptMessageSerializer(MessageSerializer):
    """With what to show at once: nobody may be there to read."""

    answer = serializers.CharField(help_text="In the patient's language. Always show it.")


class MessagesSerializer(serializers.Serializer[Any]):
    """Newest first."""

    results = MessageSerializer(many=True)
    before = serializers.DateTimeField(allow_null=True, help_text="For the next page; null: end.")


class BeforeSerializer(serializers.Serializer[Any]):
    """Where a page begins."""

    before = serializers.DateTimeField(required=False)


class OwnMessagesView(APIView):
    """My messages with the clinic."""

    permission_classes = OWN

    @extend_schema(
        parameters=[OpenApiParameter("before", datetime, description="As the page before had it.")],
        responses={200: MessagesSerializer},
    )
    def get(self, request: Request) -> Response:
        """Fifty at a time."""
        asked = BeforeSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        bubbles = conversation(
            patient=own_patient(request),
            user=signed_in(request),
            before=asked.validated_data.get("before") or timezone.now(),
            at_most=AT_ONCE,
        )
        before = bubbles[-1].at if len(bubbles) == AT_ONCE else None
        return Response(MessagesSerializer({"results": bubbles, "before": before}).data)

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
