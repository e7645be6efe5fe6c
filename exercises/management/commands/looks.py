"""`manage.py looks PATIENT`: who has seen a patient's record, the newest first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exercises.models import Look, User

AT_MOST = 1_000


class Command(BaseCommand):
    """Print the looks at one patient's record, a line each: when, who, from where, what."""

    help = "Who has seen a patient's record (45 CFR 164.312(b)), the newest first."

    def add_arguments(self, parser: CommandParser) -> None:
        """The patient's id, as in the address of the record."""
        parser.add_argument("patient", help="the id in the address of the patient's page")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them. Raises CommandError for what is no id."""
        try:
            patient = UUID(options["patient"])
        except ValueError as error:
            raise CommandError(f"{options['patient']!r} is no id of a patient.") from error
        rows = list(Look.objects.filter(patients__contains=[patient])[:AT_MOST])
        people = User.objects.in_bulk({row.user for row in rows})
        for row in rows:
            who = people.get(row.user) or f"account {row.user}"
            told = (str(who), row.address or "-", row.method, row.path, str(row.status))
            self.stdout.write(f"{row.at:%Y-%m-%d %H:%M:%S} UTC  {'  '.join(told)}")
        self.stdout.write(f"{len(rows)} looks.")
