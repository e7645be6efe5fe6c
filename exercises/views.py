"""Pictures of exercises, as any phone may fetch them: they tell nothing about a patient."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from exercises.models import ExerciseAsset

A_YEAR = 31_536_000


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def picture(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """A published picture. What it shows never changes under its address."""
    asset = get_object_or_404(ExerciseAsset, pk=asset_id, published=True, content__isnull=False)
    response = HttpResponse(bytes(asset.content or b""), content_type=asset.content_type)
    # An SVG that is opened by itself must not run anything.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
