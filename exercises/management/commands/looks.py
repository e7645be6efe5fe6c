"""`manage.py looks PATIENT`: who has seen a record; `--account E-MAIL`: what one has done.

Both the newest first; an account's lines have its sign-ins and sign-outs too.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from exercises.models import Look, User

AT_MOST = 1_000


class Command(BaseCommand):
    """Print the looks at one patient's record, a line each: when, who, from where, what."""

    help = "Who has seen a patient's record, or what an account saw and when it signed in."

    def add_arguments(self, parser: CommandParser) -> None:
        """The patient's id, as in the address of the record."""
        parser.add_argument("patient", nargs="?", help="the id in their page's address")
        parser.add_argument("--account", help="an e-mail; nobody: who was not let in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them. Raises CommandError for what is no id, and for an account nobody has."""
        wanted = Q()
        if options["patient"]:
            wanted &= Q(patients__contains=[_patient(options["patient"])])
        if options["account"]:
            wanted &= Q(user=_account(options["account"]))
        if not wanted:
            raise CommandError("Whose looks? Name a patient, an --account, or both.")
        rows = list(Look.objects.filter(wanted)[:AT_MOST])
        people = User.objects.in_bulk({row.user for row in rows})
        for row in rows:
            who = people.get(row.user) or f"account {row.user}"
            told = (str(who), row.address or "-", row.method, row.path, str(row.status))
            self.stdout.write(f"{row.at:%Y-%m-%d %H:%M:%S} UTC  {'  '.join(told)}")
        self.stdout.write(f"{len(rows)} looks.")


def _patient(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError as error:
        raise CommandError(f"{told!r} is no id of a patient.") from error


def _account(told: str) -> int:
    if told == "nobody":
        return Look.NOBODY
    found = User.objects.filter(email__iexact=told).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"{told!r} is no account's e-mail.")
    return int(found)
