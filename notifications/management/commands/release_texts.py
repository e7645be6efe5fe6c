"""`manage.py release_texts`: somebody has looked at what a restore found, and lets texts go."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import restoring


class Command(BaseCommand):
    """Refuses while a text is still looked for."""

    help = "Let texts go again after a restore."

    def handle(self, *_: Any, **__: Any) -> None:
        """Switch texting on."""
        try:
            restoring.release()
        except restoring.NotYetError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Texting is on.")
