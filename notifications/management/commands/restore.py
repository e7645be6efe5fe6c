"""`manage.py restore FOLDER --identity KEY`: a backup into an empty database, texts stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from hep import backups
from notifications import restoring
from notifications.erasing.replaying import replay
from notifications.models import TextingSwitch

SWITCH = TextingSwitch._meta.db_table


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
            # Before anything can fail that an operator may overlook.
            _stop_texts(manifest.began)
            backups.compare(manifest, but=SWITCH)
        except backups.BackupError as error:
            words = "Drop this database, if anything is in it, and begin anew."
            raise CommandError(f"Not restored: {error} {words}") from error
        call_command("migrate", verbosity=0, interactive=False)
        restoring.hold(backup_at=manifest.moment)
        again, waiting = replay(backup.resolve().parent, now=timezone.now())
        if again or waiting:
            self.stdout.write(
                f"Erased again, as they were since: {again}. Removals that need a second yes anew,"
                f" since it may have been undone: {waiting}."
            )
        rows = {name: count for name, count in manifest.rows.items() if count}
        self.stdout.write("\n".join(f"{count:10} {name}" for name, count in rows.items()))
        self.stdout.write(
            f"Restored as it was at {manifest.began}. Texting is off. Next, with web, workers and"
            f" beat still stopped: manage.py after_restore {manifest.began}"
        )


def _stop_texts(began: str) -> None:
    """In the schema of whatever release the backup is of."""
    reason = f"{restoring.RESTORED} {began}: {restoring.UNFINISHED}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {SWITCH} WHERE NOT is_on")  # noqa: S608  # a name of ours
        if cursor.fetchone() != (0,):
            return
        cursor.execute(f"DELETE FROM {SWITCH}")  # noqa: S608  # likewise
        cursor.execute(
            f"INSERT INTO {SWITCH} (is_on, reason, changed_at) VALUES (false, %s, now())",  # noqa: S608  # likewise
            [reason],
        )
