"""`python -m tests.chaos.hurry TASK…`: ask the workers for tasks, as beat does."""

from __future__ import annotations

import sys

from hep.celery import app

if __name__ == "__main__":
    for name in sys.argv[1:]:
        app.send_task(name)
