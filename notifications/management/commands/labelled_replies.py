"""`manage.py labelled_replies`: what clinics corrected, as lines to measure reading by."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from notifications.incoming.corrections import labelled


class Command(BaseCommand):
    """JSON lines, names and phones taken out; look at them before they leave the clinic."""

    help = "Print the replies whose reading somebody corrected, one JSON object a line."

    def add_arguments(self, parser: CommandParser) -> None:
        """How far back."""
        parser.add_argument("--days", type=int, default=90, help="how far back (90)")

    def handle(self, *_: Any, days: int, **__: Any) -> None:
        """The oldest first."""
        for line in labelled(since=timezone.now() - timedelta(days=max(1, min(days, 3_650)))):
            self.stdout.write(json.dumps(line, ensure_ascii=False))
