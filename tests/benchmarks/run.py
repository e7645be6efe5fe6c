"""`make bench`: every figure of the engine, each with its floor or rival from the same run."""

from __future__ import annotations

import logging
import os
import sys

import django
from django.core.management import call_command

from hep.env import REPOSITORY


def main() -> int:
    """Measure, print, write build/bench.json. Names on the command line choose figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hep.settings")
    django.setup()
    logging.disable(logging.WARNING)
    from tests.benchmarks import api, receiving, report, scan, texting  # noqa: PLC0415  # Django must be set up

    call_command("migrate", verbosity=0)
    chosen = sys.argv[1:] or ["scan", "texting", "receiving", "api"]
    figures = []
    if "scan" in chosen:
        figures += [scan.claim(), scan.idle_tick()]
    if "texting" in chosen:
        figures += texting.everything()
    if "receiving" in chosen:
        figures += [receiving.inbound()]
    if "api" in chosen:
        figures += api.everything()
    report.write(figures, REPOSITORY / "build" / "bench.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
