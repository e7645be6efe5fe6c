"""What a patient tells in the app: pain and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN, own_patient, signed_in
from exercises.api.filters import CheckInFilter, SessionFilter
from exercises.api.programs import (
    LogDetailsSerializer,
    NewLogSerializer,
    SessionLogSerializer,
)
from exercises.api.serializers import CheckInSerializer, validated
from exercises.models import CheckIn, Patient, Program, SessionLog, User
from exercises.services import (
    LogSpec,
    edit_session,
    log_session,
    record_check_in,
    refuse_other_days,
    take_back,
)
from exercises.services.heeding import heed
from exercises.services.holding import refuse_held
from hep.errors import InvalidInputError
from hep.fields import Id, Text, Whole
from hep.pagination import paged_by

ANSWER = "What the note is answered; show it at once. Empty without a note."


@dataclass(frozen=True)
class Told:
    """Who tells something, and when we heard it."""

    user: User
    patient: Patient
    now: datetime

    def heed(self, note: str, client_id: str) -> str:
        """What to answer to the words of a note: signs and wishes are heard in it (promise 17)."""
        return heed(patient=self.patient, words=note, told_as=client_id, now=self.now)

    def program(self, asked: UUID | None) -> Program:
        """The program it is about: the one named, else the only one that has not ended."""
        rows = Program.objects.visible_to(self.user).select_related("patient__clinic")
        if asked is not None:
            named: Program | None = rows.filter(pk=asked).first()
            if named is None:
                raise InvalidInputError("program", "No such program.", code="does_not_exist")
            return named
        open_ones = list(rows.exclude(status=Program.Status.ENDED)[:2])
        if len(open_ones) != 1:
            raise InvalidInputError("program", "Say which program.", code="required")
        return open_ones[0]


class KeptCheckInSerializer(CheckInSerializer):
    """A day's pain as it was kept."""

    answer = Text(allow_blank=True, help_text=ANSWER)

    class Meta:
        model = CheckIn
        fields = (*CheckInSerializer.Meta.fields, "answer")


class KeptSessionSerializer(SessionLogSerializer):
    """A log as it was kept."""

    answer = Text(allow_blank=True, help_text=ANSWER)

    class Meta:
        model = SessionLog
        fields = (*SessionLogSerializer.Meta.fields, "answer")


class OwnCheckInSerializer(serializers.Serializer[Any]):
    """A day's pain. A new `id` for the same day is a correction: what was said last counts."""

    id = Id(help_text="Made by the client; a repeat changes nothing.")
    program = Id(required=False, help_text="Left out: the only one.")
    kind = serializers.ChoiceField(choices=CheckIn.Kind.choices)
    local_date = serializers.DateField(help_text="On the patient's calendar.")
    score = Whole(min_value=0, max_value=10)
    note = Text(required=False, allow_blank=True, max_length=500)
    said_at = serializers.DateTimeField(
        required=False,
        help_text="When it was said, if that was before now: what was said last counts.",
    )


class OwnLogSerializer(NewLogSerializer):
    """What was done of an item, or why not."""

    program = Id(required=False, help_text="Left out: the only one.")


class CorrectionSerializer(LogDetailsSerializer):
    """A log as it should have been; only on the day it was written. All details are replaced."""


def keep_check_in(told: Told, data: Any) -> tuple[CheckIn, str]:
    """Keep a score as the app sent it, and what to answer to its note. Raises InvalidInputError or
    ValidationError.
    """
    asked = validated(OwnCheckInSerializer, data)
    client_id = str(asked.pop("id"))
    # Heard also where the score is refused below.
    answer = told.heed(asked.get("note", ""), client_id)
    program = told.program(asked.pop("program", None))
    refuse_other_days(program, asked["local_date"], now=told.now)
    row = record_check_in(
        program=program,
        source=CheckIn.Source.APP,
        client_id=client_id,
        recorded_by=told.user,
        now=told.now,
        **asked,
    ).check_in
    return row, answer


def keep_session(told: Told, data: Any) -> tuple[SessionLog, str]:
    """Keep a log as the app sent it, and what to answer to its note. Raises InvalidInputError,
    ConflictError or ValidationError.
    """
    asked = validated(OwnLogSerializer, data)
    client_id, local_date = str(asked.pop("id")), asked.pop("local_date")
    # Heard also where the log is refused below.
    answer = told.heed(asked.get("note", ""), client_id)
    program = told.program(asked.pop("program", None))
    log = LogSpec(kind=SessionLog.Kind.EXERCISE, **asked)
    is_repeat = SessionLog.objects.filter(program=program, client_id=client_id).exists()
    if log.outcome != SessionLog.Outcome.SKIPPED and not is_repeat:
        refuse_held(told.patient, "outcome", local_date=local_date, now=told.now)
    row = log_session(
        program=program,
        local_date=local_date,
        source=CheckIn.Source.APP,
        client_id=client_id,
        log=log,
        now=told.now,
    )
    return row, answer


def correct_session(told: Told, client_id: UUID, data: Any) -> tuple[SessionLog, str]:
    """Replace a log's details, and answer its note. Raises Http404 without such a log."""
    rows = SessionLog.objects.visible_to(told.user).filter(undone_at=None)
    log: SessionLog = get_object_or_404(rows, client_id=str(client_id))
    to = LogSpec(kind=log.kind, **validated(CorrectionSerializer, data))
    answer = told.heed(to.note, str(client_id))
    return edit_session(log=log, to=to, edited_by=told.user, now=told.now), answer


def told_by(request: Request) -> Told:
    """The patient who asks, now."""
    return Told(signed_in(request), own_patient(request), timezone.now())


class OwnCheckInsView(generics.ListAPIView[CheckIn]):
    """My pain, newest day first."""

    permission_classes = OWN
    serializer_class = CheckInSerializer
    queryset = CheckIn.objects.none()
    pagination_class = paged_by("-local_date", "-created_at", "pk")
    filterset_class = CheckInFilter
    ordering_fields = ("local_date", "created_at")

    def get_queryset(self) -> QuerySet[CheckIn]:
        """Without what was taken back."""
        return CheckIn.objects.visible_to(signed_in(self.request)).filter(taken_back_at=None)

    @extend_schema(request=OwnCheckInSerializer, responses={201: KeptCheckInSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Tell a day's pain, or correct it. The same `id` again changes nothing."""
        row, answer = keep_check_in(told_by(request), request.data)
        kept = CheckInSerializer(row).data | {"answer": answer}
        return Response(kept, status=status.HTTP_201_CREATED)


class OwnSessionsView(generics.ListAPIView[SessionLog]):
    """What I did, newest day first."""

    permission_classes = OWN
    serializer_class = SessionLogSerializer
    queryset = SessionLog.objects.none()
    pagination_class = paged_by("-local_date", "-created_at", "pk")
    filterset_class = SessionFilter
    ordering_fields = ("local_date", "created_at")

    def get_queryset(self) -> QuerySet[SessionLog]:
        """Without what was taken back."""
        rows = SessionLog.objects.visible_to(signed_in(self.request)).filter(undone_at=None)
        return rows.select_related("exercise")

    @extend_schema(request=OwnLogSerializer, responses={201: KeptSessionSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Keep a log. The same `id` again changes nothing."""
        row, answer = keep_session(told_by(request), request.data)
        kept = SessionLogSerializer(row).data | {"answer": answer}
        return Response(kept, status=status.HTTP_201_CREATED)


class OwnSessionView(APIView):
    """One log, by the id that the client gave it."""

    permission_classes = OWN

    @extend_schema(request=CorrectionSerializer, responses={200: KeptSessionSerializer})
    def patch(self, request: Request, client_id: UUID) -> Response:
        """Correct it on the day it was written; what it said before is kept for the clinic."""
        row, answer = correct_session(told_by(request), client_id, request.data)
        return Response(SessionLogSerializer(row).data | {"answer": answer})


class OwnAnswerView(APIView):
    """One answer of mine, a score or a log, by the id that the client gave it."""

    permission_classes = OWN

    @extend_schema(responses={204: None})
    def delete(self, request: Request, client_id: UUID) -> Response:
        """Take it back: the answer before it counts again, or none."""
        told = told_by(request)
        if not take_back(client_id=str(client_id), patient=told.patient, now=told.now):
            raise Http404
        return Response(status=status.HTTP_204_NO_CONTENT)
