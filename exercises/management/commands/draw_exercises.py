"""`manage.py draw_exercises`: the drawings of the library from their poses."""

from __future__ import annotations

from typing import Any

import yaml
from django.core.management.base import BaseCommand
from pydantic import TypeAdapter

from exercises.content.drawing.sheet import Sheet, svg
from exercises.content.files import DRAWINGS, FOLDER


def sheets() -> dict[str, Sheet]:
    """The poses of each exercise by its slug. Raises pydantic's error naming the place."""
    data = yaml.safe_load((FOLDER / "poses.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Sheet]).validate_python(data)


class Command(BaseCommand):
    """Write one SVG file for each exercise."""

    help = "Draw the exercises of the shared library from exercises/content/poses.yaml."

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw all; `load_content` brings them to the database."""
        drawn = sheets()
        for slug, sheet in drawn.items():
            (DRAWINGS / f"{slug}.svg").write_text(svg(sheet), encoding="utf-8")
        self.stdout.write(f"{len(drawn)} drawings.")
