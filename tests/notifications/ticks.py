"""`python -m tests.notifications.ticks NOW`: two threads run the tick until nothing is due."""

from __future__ import annotations

import os
import sys
import threading
from datetime import datetime

import django


def main() -> None:
    """Set up Django on DATABASE_URL and tick."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hep.settings")
    django.setup()
    from notifications.outgoing.due import write_due  # noqa: PLC0415  # Django must be set up

    now = datetime.fromisoformat(sys.argv[1])

    def tick() -> None:
        while write_due(now=now, limit=7):
            pass

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
