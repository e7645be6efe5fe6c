"""`manage.py restore FOLDER --identity KEY`: a backup into an empty database, texts stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hep import backups
from notifications import restoring


class Command(BaseCommand):
    """Restores, brings the schema to this release, stops every text; a person goes on."""

    help = "Restore a backup into the empty database of DATABASE_URL; texts wait for release_texts."
    # There are no tables to look at yet.
    requires_system_checks: list[str] = []  # noqa: RUF012  # as Django's own commands have it

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup, and the private key that opens it."""
        parser.add_argument("backup", type=Path, help="a folder that `backup` made")
        parser.add_argument("--identity", type=Path, required=True, help="the private key of age")

    def handle(self, *_: Any, backup: Path, identity: Path, **__: Any) -> None:
        """Raises CommandError, and says why; then the database is to be dropped."""
        try:
            manifest = backups.restore(backup, identity=identity)
        except backups.BackupError as error:
            raise CommandError(f"Not restored: {error}") from error
        call_command("migrate", verbosity=0, interactive=False)
        restoring.hold(backup_at=manifest.moment)
        rows = {name: count for name, count in manifest.rows.items() if count}
        self.stdout.write("\n".join(f"{count:10} {name}" for name, count in rows.items()))
        self.stdout.write(
            f"Restored as it was at {manifest.began}. Texting is off. Next, with web, workers and"
            f" beat still stopped: manage.py after_restore {manifest.began}"
        )
