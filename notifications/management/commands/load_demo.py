"""`manage.py load_demo`: a clinic to look at. Only in DEBUG."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notifications.demo_data import load_demo


class Command(BaseCommand):
    """Load the demo clinic, and make one check-in due in 15 seconds."""

    help = "Load demo data; the demo patient's check-in is due 15 seconds later."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse on a machine that serves patients: the passwords are in the README."""
        if not settings.DEBUG:
            raise CommandError("load_demo runs only with DEBUG on: its passwords are public.")
        load_demo(now=timezone.now())
        self.stdout.write("Demo data is loaded.")
