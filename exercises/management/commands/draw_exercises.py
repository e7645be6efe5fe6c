"""`manage.py draw_exercises`: the drawings of the library from their poses."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from exercises.content.drawing.moving import moving
from exercises.content.drawing.sheet import svg
from exercises.content.files import DRAWINGS, MOVING, sheets


class Command(BaseCommand):
    """Write two SVG files for each exercise: one that stands, one that moves."""

    help = "Draw the exercises of the shared library from exercises/content/poses.yaml."

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw all; `load_content` brings them to the database."""
        drawn = sheets()
        MOVING.mkdir(exist_ok=True)
        for slug, sheet in drawn.items():
            (DRAWINGS / f"{slug}.svg").write_text(svg(sheet, slug), encoding="utf-8")
            (MOVING / f"{slug}.svg").write_text(moving(sheet, slug), encoding="utf-8")
        self.stdout.write(f"{len(drawn)} drawings, and as many that move.")
