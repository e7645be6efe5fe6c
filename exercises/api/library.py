"""The exercises one can prescribe."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework import generics, serializers

from exercises.api.authentication import signed_in
from exercises.api.filters import ExerciseFilter
from exercises.models import Exercise, ExerciseText
from hep.fields import ModelSerializer
from hep.pagination import paged_by


class ExerciseTextSerializer(ModelSerializer[ExerciseText]):
    """An exercise in a patient's language."""

    class Meta:
        model = ExerciseText
        fields = ("language", "name", "steps", "cues", "mistakes", "stop_if", "alt")


class ExerciseSerializer(ModelSerializer[Exercise]):
    """An exercise of the shared library or of the clinic."""

    equipment: ClassVar[serializers.SlugRelatedField[Exercise]] = serializers.SlugRelatedField(
        slug_field="slug", many=True, read_only=True
    )
    texts = ExerciseTextSerializer(many=True, read_only=True)

    class Meta:
        model = Exercise
        fields = (
            "slug", "clinic", "name", "equipment", "minutes", "grade", "ladder", "evidence",
            "citation", "verified", "contraindications", "texts",
        )  # fmt: skip  # a list


class ExercisesView(generics.ListAPIView[Exercise]):
    """The library, by name; `?search=` looks in names."""

    serializer_class = ExerciseSerializer
    queryset = Exercise.objects.none()
    pagination_class = paged_by("name", "pk")
    search_fields = ("name", "slug")
    filterset_class = ExerciseFilter

    def get_queryset(self) -> QuerySet[Exercise]:
        """Shared ones and the clinics' own."""
        visible = Exercise.objects.visible_to(signed_in(self.request))
        return visible.prefetch_related("equipment", "texts")
