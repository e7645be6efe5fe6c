"""`manage.py reseal`: secrets in the database under the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from exercises.services.erased import reseal_digests
from exercises.services.second_step import reseal
from hep.keys import LostKeyError


class Command(BaseCommand):
    """After a change of DATA_KEYS or SECRET_KEY, before the key of before is thrown away."""

    help = "Seal secrets in the database by the newest of DATA_KEYS (or SECRET_KEY)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many, and whose cannot be opened any more."""
        try:
            reseal_digests()
        except LostKeyError:
            self.stdout.write("No key opens the digests of erased phones: their STOPs are unknown.")
        done, lost = reseal()
        self.stdout.write(f"{done} sealed by the newest key.")
        for user in lost:
            self.stdout.write(
                f"{user.email}: no key opens this one. Turn the second step off at the account."
            )
