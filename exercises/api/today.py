"""A patient's day and progress."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN, own_patient, signed_in
from exercises.api.phases import ItemSerializer
from exercises.api.programs import asked_date
from exercises.models import CheckIn, Patient, Program
from exercises.reads.holds import on_hold
from exercises.reads.progress import Progress, progress_of
from exercises.reads.today import ProgramDay, TodayRound, program_days
from exercises.rules.questions import LABELS
from hep.fields import Id, Text, Whole, YesNo


class GuideSerializer(serializers.Serializer[Any]):
    """How to do an exercise, in the patient's language."""

    name = Text()
    steps = serializers.ListField(child=Text())
    cues = serializers.ListField(child=Text())
    mistakes = serializers.ListField(child=Text())
    stop_if = Text(allow_blank=True)
    picture = Text(
        allow_null=True, help_text="An address on this server, without sign-in; never changes."
    )
    alt = Text(allow_blank=True, help_text="The picture in words.")
    moving = Text(
        allow_null=True,
        help_text="The same movement as an SVG that moves by itself: 2 s there, 2 s back.",
    )


class OwnRoundSerializer(serializers.Serializer[Any]):
    """One round of an exercise at one time of the day."""

    slot = Text(help_text="A time of the day, or any.")
    logged = YesNo()
    minutes_a_round = Whole()
    item = ItemSerializer()
    guide = GuideSerializer()


class ScoresSerializer(serializers.Serializer[Any]):
    """Pain told for the day, null when it was not."""

    first_step = Whole(allow_null=True)
    average = Whole(allow_null=True)


class ProgramDaySerializer(serializers.Serializer[Any]):
    """A program on a day."""

    program = Id()
    name = Text()
    side = serializers.ChoiceField(choices=Program.Side.choices)
    question = serializers.ChoiceField(
        choices=list(LABELS.items()), help_text="What a `first_step` score answers."
    )
    status = serializers.ChoiceField(choices=Program.Status.choices)
    phase = Text(allow_blank=True)
    minutes = Whole()
    rounds = OwnRoundSerializer(many=True)
    scores = ScoresSerializer()


class TodaySerializer(serializers.Serializer[Any]):
    """A day on the patient's calendar."""

    date = serializers.DateField()
    on_hold = YesNo(
        help_text="Exercises wait until the clinic has looked: show so, and no reminder."
    )
    programs = ProgramDaySerializer(many=True)


def _address(picture: UUID | None) -> str | None:
    return reverse("picture", args=[picture]) if picture else None


def _round(row: TodayRound) -> dict[str, Any]:
    guide = row.guide
    return {
        "slot": row.planned.slot,
        "logged": row.logged,
        "minutes_a_round": row.planned.item.minutes_a_round,
        "item": row.planned.dose(),
        "guide": {
            "name": guide.name,
            "steps": guide.steps,
            "cues": guide.cues,
            "mistakes": guide.mistakes,
            "stop_if": guide.stop_if,
            "picture": _address(guide.picture),
            "alt": guide.alt,
            "moving": _address(guide.moving),
        },
    }


def _program(day: ProgramDay) -> dict[str, Any]:
    return {
        "program": day.program.pk,
        "name": day.program.name,
        "side": day.program.side,
        "question": day.program.question,
        "status": day.program.status,
        "phase": day.phase,
        "minutes": day.minutes,
        "rounds": [_round(row) for row in day.rounds],
        "scores": day.scores,
    }


def days_of(
    patient: Patient, programs: Sequence[Program], days: Sequence[date]
) -> list[dict[str, Any]]:
    """Days of the patient's `programs`, as `TodaySerializer` documents each.

    Built here, not by serializers: they cost more than all queries together.
    """
    for program in programs:
        program.patient = patient
    found = program_days(programs, days, language=patient.language)
    held = bool(on_hold([patient.pk]))
    return [
        {"date": day, "on_hold": held, "programs": [_program(row) for row in found[day]]}
        for day in days
    ]


class TodayView(APIView):
    """What there is to do."""

    permission_classes = OWN

    @extend_schema(
        parameters=[OpenApiParameter("date", date, description="Another day; today by default.")],
        responses={200: TodaySerializer},
    )
    def get(self, request: Request) -> Response:
        """Rounds with doses, pictures and words, what is logged, minutes, and pain told."""
        patient = own_patient(request)
        day = asked_date(request, default=timezone.now().astimezone(patient.zone).date())
        rows = Program.objects.visible_to(signed_in(request)).order_by("-created_at", "pk")
        programs = list(rows.exclude(status=Program.Status.ENDED))
        return Response(days_of(patient, programs, [day])[0])


class WeekSerializer(serializers.Serializer[Any]):
    """A week of the program; its median takes at least 4 scores."""

    number = Whole()
    median = serializers.FloatField(allow_null=True)
    count = Whole()


class SeriesSerializer(serializers.Serializer[Any]):
    """The course of a pain score, in points; null while there are too few scores to say."""

    baseline = serializers.FloatField(allow_null=True)
    current = serializers.FloatField(allow_null=True)
    change = serializers.FloatField(allow_null=True, help_text="Negative is better.")
    weeks = WeekSerializer(many=True)


class ProgressSerializer(serializers.Serializer[Any]):
    """How a program goes."""

    program = Id()
    name = Text()
    week = Whole()
    phase = Text(allow_blank=True)
    adherence = serializers.FloatField(
        allow_null=True, help_text="Share of rounds done in the last 7 days, 0 to 1."
    )
    streak = Whole(help_text="Days in a row with exercises, up to yesterday or today.")
    words = Text(help_text="The change since the start, in the patient's language.")
    first_step = SeriesSerializer()
    average = SeriesSerializer()


class ProgressesSerializer(serializers.Serializer[Any]):
    """One row for each program that has not ended."""

    programs = ProgressSerializer(many=True)


def _progress(row: Progress) -> dict[str, Any]:
    course = row.course
    return {
        "program": row.program.pk,
        "name": row.program.name,
        "week": course.week,
        "phase": course.phase,
        "adherence": course.adherence,
        "streak": row.streak,
        "words": row.words,
        CheckIn.Kind.FIRST_STEP: course.first_step,
        CheckIn.Kind.AVERAGE: course.average,
    }


class ProgressView(APIView):
    """How it goes."""

    permission_classes = OWN

    @extend_schema(responses={200: ProgressesSerializer})
    def get(self, request: Request) -> Response:
        """Weekly medians, the share done, days in a row, and the change in plain words."""
        patient = own_patient(request)
        today = timezone.now().astimezone(patient.zone).date()
        rows = Program.objects.visible_to(signed_in(request)).select_related("patient__clinic")
        programs = rows.exclude(status=Program.Status.ENDED).order_by("-created_at", "pk")
        found = [progress_of(program, on=today) for program in programs]
        return Response(ProgressesSerializer({"programs": map(_progress, found)}).data)
