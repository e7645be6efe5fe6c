"""`manage.py backup`: an encrypted dump into BACKUP_FOLDER; `--daily 02:00` makes one every day."""

from __future__ import annotations

import re
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hep import backups
from notifications.erasing.replaying import write_list


def clock(value: str) -> str:
    """A time of the day. Raises ArgumentTypeError."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ArgumentTypeError(f"{value} is no time: 02:00 is one")
    return value


class Command(BaseCommand):
    """Writes one backup, or one a day until it is stopped."""

    help = "Write an encrypted backup into BACKUP_FOLDER and let older ones go."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or daily."""
        parser.add_argument("--daily", metavar="HH:MM", type=clock, help="every day, in UTC")

    def handle(self, *_: Any, daily: str | None, **__: Any) -> None:
        """Raises CommandError when one is not made; a daily one tries again the next day."""
        if not settings.BACKUP_FOLDER:
            raise CommandError("Set BACKUP_FOLDER and BACKUP_RECIPIENT: docs/operations.md#backup")
        while daily:
            moment = backups.next_at(daily, now=timezone.now())
            while timezone.now() < moment:
                time.sleep(30)
            try:
                self._write()
            except backups.BackupError as error:
                # The alarm is its age: hep_backup_age_seconds.
                self.stderr.write(f"No backup: {error}")
        try:
            self._write()
        except backups.BackupError as error:
            raise CommandError(f"No backup: {error}") from error

    def _write(self) -> None:
        folder = Path(settings.BACKUP_FOLDER)
        made = backups.write(folder, recipient=settings.BACKUP_RECIPIENT, now=timezone.now())
        rows = sum(backups.read_manifest(made).rows.values())
        size = (made / backups.DUMP).stat().st_size
        write_list(folder)
        self.stdout.write(f"{made}: {rows} rows, {size} bytes, encrypted.")
