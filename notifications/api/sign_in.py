"""Patients sign in: a code by text, then a token for the device."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.models.devices import CODE_DIGITS
from exercises.rules.signing_in import CODE_LASTS
from exercises.services import ask_for_code, sign_in
from hep.auditing import acts_as
from hep.fields import Id, Matching, Phone, Text, Whole
from notifications.tasks import text_sign_in_codes


class CodeRequestSerializer(serializers.Serializer[Any]):
    """The phone a code shall be texted to."""

    phone = Phone(help_text="E.164, such as +14155550100.")


class CodeAskedSerializer(serializers.Serializer[Any]):
    """The same for every phone, whether or not a patient has it."""

    expires_in = Whole(help_text="Seconds.")


class CodeView(APIView):
    """Asking for a code."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_scope = "code"

    @extend_schema(request=CodeRequestSerializer, responses={202: CodeAskedSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        """Always 202: who has which phone is not told here."""
        serializer = CodeRequestSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        ask_for_code(phone=str(serializer.validated_data["phone"]), now=timezone.now())
        # For every phone: the task finds out which of them are patients'.
        text_sign_in_codes.hurry()
        answer = {"expires_in": int(CODE_LASTS.total_seconds())}
        return Response(answer, status=status.HTTP_202_ACCEPTED)


class VerifySerializer(serializers.Serializer[Any]):
    """The code, and on a shared phone who one is."""

    phone = Phone(help_text="E.164, such as +14155550100.")
    code = Matching(rf"^[0-9]{{{CODE_DIGITS}}}$")
    birth_year = Whole(
        required=False, min_value=1900, max_value=2100, help_text="On a phone that people share."
    )
    first_name = Text(
        required=False, max_length=60, help_text="When the birth year is the same too."
    )
    device = Text(required=False, max_length=80, help_text="As the list of devices shall call it.")


class PatientTokenSerializer(serializers.Serializer[Any]):
    """A token for this device: send it as `Authorization: Token …`."""

    token = Text()
    expiry = serializers.DateTimeField(help_text="Moves on with use.")
    patient = Id()
    first_name = Text()


class VerifyView(APIView):
    """Signing in with a code."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_scope = "code"

    @extend_schema(request=VerifySerializer, responses={200: PatientTokenSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        """A token, or 400: `code` refused without a reason; `birth_year` or `first_name` when the
        code is right and more than one person has the phone.
        """
        serializer = VerifySerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        done = sign_in(now=timezone.now(), **asked | {"phone": str(asked["phone"])})
        acts_as(done.device.user)
        answer = {
            "token": done.token,
            "expiry": done.device.expiry,
            "patient": done.patient.pk,
            "first_name": done.patient.first_name,
        }
        return Response(PatientTokenSerializer(answer).data)
