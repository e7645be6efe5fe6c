"""Signed-in devices: listed, revoked, signed out, and where their push messages would go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN, signed_in
from exercises.models import DeviceToken
from exercises.services import sign_out_everywhere
from hep.fields import Id, ModelSerializer, Text
from hep.pagination import paged_by


class DeviceSerializer(ModelSerializer[DeviceToken]):
    """A device that is signed in; it has to sign in again after `expiry`, which use moves on."""

    id = Id(source="public_id", read_only=True)
    this_one = serializers.SerializerMethodField()

    class Meta:
        model = DeviceToken
        fields = ("id", "name", "created", "expiry", "this_one")

    def get_this_one(self, device: DeviceToken) -> bool:
        """Whether it is the device that asks."""
        return bool(self.context["request"].auth == device)


class DevicesView(generics.ListAPIView[DeviceToken]):
    """The devices of whoever asks, newest first."""

    permission_classes = (IsAuthenticated,)
    serializer_class = DeviceSerializer
    queryset = DeviceToken.rows.none()
    pagination_class = paged_by("-created", "pk")

    def get_queryset(self) -> QuerySet[DeviceToken]:
        """The user's own."""
        return DeviceToken.rows.visible_to(signed_in(self.request))


class DeviceView(APIView):
    """One device."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, device_id: UUID) -> Response:
        """Sign the device out."""
        visible = DeviceToken.rows.visible_to(signed_in(request))
        deleted, _ = visible.filter(public_id=device_id).delete()
        if not deleted:
            raise Http404
        return Response(status=status.HTTP_204_NO_CONTENT)


class LogoutView(APIView):
    """Signing out here."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """This device's token, or this browser's session, works no more."""
        if isinstance(request.auth, DeviceToken):
            request.auth.delete()
        else:
            logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class LogoutEverywhereView(APIView):
    """Signing out everywhere."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """No token and no session of this account works any more."""
        sign_out_everywhere(user=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PushTokenSerializer(serializers.Serializer[Any]):
    """Where push messages to this device would go. Stored; nothing is pushed yet.

    A token is a device's, so whoever signs in there last has it and nobody else.
    """

    token = Text(max_length=300)
    platform = serializers.ChoiceField(choices=DeviceToken.Platform.choices)


class PushTokenView(APIView):
    """The push token of this device."""

    permission_classes = OWN

    @extend_schema(request=PushTokenSerializer, responses={204: None})
    def put(self, request: Request) -> Response:
        """Keep it."""
        serializer = PushTokenSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        self._keep(request, **serializer.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Forget it."""
        self._keep(request, token="", platform="")  # no secret: none
        return Response(status=status.HTTP_204_NO_CONTENT)

    @staticmethod
    @transaction.atomic
    def _keep(request: Request, *, token: str, platform: str) -> None:
        if isinstance(request.auth, DeviceToken):
            if token:
                DeviceToken.objects.filter(push_token=token).exclude(pk=request.auth.pk).update(
                    push_token="", push_platform=""
                )
            rows = DeviceToken.objects.filter(pk=request.auth.pk)
            rows.update(push_token=token, push_platform=platform)
