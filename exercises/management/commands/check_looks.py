"""`manage.py check_looks`: whether the log of looks is whole."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exercises.models import LookSeal
from exercises.services.looks import broken_seal


class Command(BaseCommand):
    """Compare every sealed look with its seal."""

    help = "Whether a look in the log was changed, taken out or put in since it was sealed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the newest digest. Raises CommandError naming the first broken seal."""
        broken = broken_seal()
        if broken is not None:
            raise CommandError(
                f"Seal {broken.pk} of {broken.sealed_at:%Y-%m-%d %H:%M} UTC is broken: the looks "
                f"{broken.since + 1} to {broken.until} are not what they were."
            )
        newest = LookSeal.objects.order_by("-pk").first()
        if newest is None:
            self.stdout.write("Nothing is sealed yet.")
            return
        seals = LookSeal.objects.count()
        self.stdout.write(f"{seals} seals up to look {newest.until} are whole: {newest.digest}")
