"""What a patient looks at: drawings, pictures and videos, each with a licence."""

from __future__ import annotations

import uuid
from typing import ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from exercises.models.library import Exercise
from exercises.models.visibility import ExerciseAssetQuerySet
from hep.lines import LineField

# Hosts whose players do not need an account. A link elsewhere may change under a patient's thumb.
VIDEO_HOSTS = frozenset({"www.youtube.com", "youtu.be", "www.youtube-nocookie.com", "vimeo.com"})


class ExerciseAsset(models.Model):
    """A picture or a video of an exercise. Only what is published reaches patients.

    Drawings are SVG files of ours; uploads are re-encoded and kept in the database, so that one
    backup holds everything.
    """

    class Kind(models.TextChoices):
        """What it is."""

        DRAWING = "drawing", "Drawing"
        MOVING = "moving", "Moving drawing"
        PICTURE = "picture", "Picture"
        VIDEO = "video", "Video"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="assets")
    kind = LineField(max_length=10, choices=Kind)
    content = models.BinaryField(null=True, editable=False)
    content_type = LineField(max_length=40, blank=True, editable=False)
    video_url = models.URLField(blank=True, help_text="https, on YouTube or Vimeo.")
    licence = LineField(
        max_length=120, blank=True, help_text="Such as CC BY 4.0, or: own picture, with consent."
    )
    credit = LineField(max_length=120, blank=True, help_text="Who made it.")
    published = models.BooleanField(default=False, help_text="Patients see it.")
    updated_at = models.DateTimeField(auto_now=True)

    objects = ExerciseAssetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["exercise", "kind", "pk"]
        constraints: ClassVar = [
            # Serves whoever is asked for it later: nothing is shown without a licence.
            models.CheckConstraint(
                condition=Q(published=False) | ~Q(licence=""), name="asset_published_with_licence"
            ),
            # Serves the patient: one drawing of ours for an exercise, and one that moves.
            models.UniqueConstraint(
                fields=["exercise"], condition=Q(kind="drawing"), name="asset_one_drawing"
            ),
            models.UniqueConstraint(
                fields=["exercise"], condition=Q(kind="moving"), name="asset_one_moving"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.exercise}"

    def clean(self) -> None:
        """Refuse publishing without a licence, and videos from elsewhere."""
        errors = {}
        if self.published and not self.licence.strip():
            errors["licence"] = "Say under which licence it may be shown, then publish it."
        if self.kind == self.Kind.VIDEO:
            parts = urlsplit(self.video_url)
            if parts.scheme != "https" or parts.hostname not in VIDEO_HOSTS:
                errors["video_url"] = f"Use an https address on {', '.join(sorted(VIDEO_HOSTS))}."
        elif self.video_url:
            errors["video_url"] = "Only a video has an address."
        if errors:
            raise ValidationError(errors)
