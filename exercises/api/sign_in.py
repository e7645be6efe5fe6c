"""Providers sign in: an app gets a token, a browser a session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import ForStaff, signed_in
from exercises.api.serializers import validated
from exercises.models import DeviceToken, User
from exercises.services.second_step import NEEDED, PASSED, check_second_step, is_missing
from hep.auditing import acts_as
from hep.errors import InvalidInputError
from hep.fields import Text
from hep.throttling import EVERYTHING


class LoginSerializer(serializers.Serializer[User]):
    """E-mail and password of a provider, with a code once a second step is set up."""

    email = serializers.EmailField()
    password = Text(trim_whitespace=False, style={"input_type": "password"})
    code = Text(
        required=False,
        allow_blank=True,
        max_length=16,
        help_text="From the authenticator app, or a spare code. Missing: 400 `code_required`.",
    )


class TokenSerializer(serializers.Serializer[Any]):
    """A token for this device: send it as `Authorization: Token …`."""

    token = Text(read_only=True)
    expiry = serializers.DateTimeField(read_only=True, allow_null=True)


class SessionSerializer(serializers.Serializer[Any]):
    """Who is signed in here; changes need the token in the header `X-CSRFToken`."""

    email = serializers.EmailField()
    csrf_token = Text()


def provider_of(request: Request) -> tuple[User, bool]:
    """Whose e-mail, password and code these are, and whether a code was among them.

    Raises AuthenticationFailed without saying which part was wrong, InvalidInputError for the code.
    """
    asked = validated(LoginSerializer, request.data)
    user = authenticate(
        request=request._request, username=asked["email"], password=asked["password"]
    )
    if user is None:
        # Not 400: the fields are sound, the person is not known.
        failure = exceptions.AuthenticationFailed("E-mail or password is wrong.")
        raise failure
    passed = check_second_step(user, asked.get("code", ""), request=request._request)
    if is_missing(user):
        raise InvalidInputError("code", NEEDED, code="second_step_needed")
    return user, passed


class SignInView(APIView):
    """Base: a route for who is not signed in yet."""

    authentication_classes: Any = ()
    permission_classes: Any = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:
        """Without it DRF would turn the 401 into a 403."""
        return "Token"


class LoginView(SignInView):
    """Sign a provider's app in."""

    throttle_scope = "login"

    @extend_schema(
        request=LoginSerializer, responses={200: TokenSerializer, 401: OpenApiResponse()}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Answer a token for this device, or 401 without saying which part was wrong."""
        user = provider_of(request)[0]
        acts_as(user)
        instance, token = DeviceToken.objects.create(user=user)
        return Response({"token": token, "expiry": instance.expiry})


class SessionView(SignInView):
    """A browser's session. It ends by itself when it is left alone."""

    def get_authenticators(self) -> list[Any]:
        """A session; nothing for who is about to begin one."""
        return [SessionAuthentication()] if self._is_signed_in() else []

    def get_permissions(self) -> list[Any]:
        """Everybody may begin one."""
        return [IsAuthenticated(), ForStaff()] if self._is_signed_in() else [AllowAny()]

    @property
    def throttle_scope(self) -> str:
        """As few tries as for a token."""
        return EVERYTHING if self._is_signed_in() else "login"

    def _is_signed_in(self) -> bool:
        """Whether the request is of somebody who has a session."""
        # The generator of the schema asks for a view without a request.
        return self.request is not None and self.request.method in {"GET", "HEAD", "DELETE"}

    @extend_schema(responses={200: SessionSerializer})
    def get(self, request: Request) -> Response:
        """Who is signed in, and the token for changes."""
        return self._answer(request, signed_in(request))

    @extend_schema(
        request=LoginSerializer, responses={200: SessionSerializer, 401: OpenApiResponse()}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Begin a session, or 401 without saying which part was wrong.

        Only JSON is read, which no page of another site can send without being allowed to.
        """
        user, passed = provider_of(request)
        acts_as(user)
        login(request._request, user)
        if passed:
            request._request.session[PASSED] = True
        return self._answer(request, user)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """End it."""
        logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @staticmethod
    def _answer(request: Request, user: User) -> Response:
        answer = {"email": user.email, "csrf_token": get_token(request._request)}
        return Response(SessionSerializer(answer).data)
