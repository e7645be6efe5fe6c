"""`manage.py after_restore 2026-11-27T02:00:00Z`: what happened since that backup."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notifications import restoring


class Command(BaseCommand):
    """Holds every text, then looks at the carrier's list; run it until nothing is looked for."""

    help = "Bring a restored record in line with the carrier's list; sends nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """When the backup was taken."""
        parser.add_argument("backup_at", help="such as 2026-11-27T02:00:00Z, with its zone")

    def handle(self, *_: Any, backup_at: str, **__: Any) -> None:
        """Hold, look, and print what was found."""
        now = timezone.now()
        try:
            since = datetime.fromisoformat(backup_at)
        except ValueError as error:
            raise CommandError(f"{backup_at} is no time: 2026-11-27T02:00:00Z is one.") from error
        if since.tzinfo is None or since > now:
            raise CommandError("The time of the backup needs its zone, and is past.")
        restoring.hold(backup_at=since)
        found = restoring.catch_up(backup_at=since, now=now)
        self.stdout.write(
            f"Texts that came since: {found.came}, read now: {found.read}.\n"
            f"Texts that may have left: {found.doubted}; on the carrier's list: {found.left}, "
            f"never left: {found.never_left}, still looked for: {found.open}."
        )
        if found.silent:
            self.stdout.write(f"Twilio told nothing of {found.silent} of our numbers.")
        is_open = found.open or found.silent
        following = "after_restore again in a minute" if is_open else "release_texts"
        self.stdout.write(f"Texting is off. Next: manage.py {following}.")
