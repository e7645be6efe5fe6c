"""`manage.py release_texts`: somebody has looked at what a restore found, and lets texts go."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import restoring
from notifications.models import TextingSwitch
from notifications.outgoing.senders import texting_is_on


class Command(BaseCommand):
    """Refuses while a text is still looked for."""

    help = "Let texts go again after a restore."

    def handle(self, *_: Any, **__: Any) -> None:
        """Switch texting on, unless it was off for another reason before."""
        try:
            restoring.release()
        except restoring.NotYetError as error:
            raise CommandError(str(error)) from error
        off = TextingSwitch.objects.filter(is_on=False).first()
        if off:
            self.stdout.write(f"Texting stays off: {off.reason}")
        elif texting_is_on():
            self.stdout.write("Texting is on.")
        else:
            self.stdout.write("Texting stays off: TEXTING_ENABLED is false.")
