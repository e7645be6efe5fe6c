"""`manage.py load_content`: the shared library and templates."""

from typing import Any

from django.core.management.base import BaseCommand

from exercises.content import load_content


class Command(BaseCommand):
    """Load or update the shared content; running clinics' programs do not change."""

    help = "Load the shared exercise library and program templates."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything in one transaction."""
        load_content()
        self.stdout.write("Library and templates are up to date.")
