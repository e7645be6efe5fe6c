"""`make bench`: every figure of the engine, each with its floor or rival from the same run.

It always ends with its table: what fails is a row that says so, and the exit code is 1 where a
promise was broken or a figure could not be taken. Missing an aim is no failure.
"""

from __future__ import annotations

import logging
import math
import os
import sys
from collections.abc import Callable, Sequence

import django
from django.core.management import call_command

from hep.env import REPOSITORY
from tests.benchmarks.report import Figure, write

Measure = Callable[[], Figure | Sequence[Figure]]


def measures() -> dict[str, list[Measure]]:
    """What there is to measure, by the name one chooses it with."""
    from tests.benchmarks import api, lanes, receiving, scan, texting  # noqa: PLC0415  # Django must be set up

    return {
        "scan": [scan.claim, scan.idle_tick],
        "texting": [texting.against_http, texting.at_150_ms, texting.pacing, texting.lag],
        "receiving": [receiving.inbound],
        "lanes": [lanes.under_wave],
        "api": [api.everything],
    }


def take(name: str, measure: Measure) -> Sequence[Figure]:
    """The figures of one measurement, or one that says why there is none."""
    try:
        found = measure()
    except Exception as error:  # noqa: BLE001  # a benchmark that fails must not hide the others
        why = f"{type(error).__name__}: {error}"
        sys.stderr.write(f"{name} failed: {why}\n")
        return [Figure(name, math.nan, "to run", math.nan, None, "", note=why[:200], broken=True)]
    return [found] if isinstance(found, Figure) else found


def main() -> int:
    """Measure, print, write build/bench.json. Names on the command line choose figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hep.settings")
    django.setup()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    known = measures()
    chosen = sys.argv[1:] or list(known)
    figures = [
        figure
        for group in chosen
        for measure in known[group]
        for figure in take(f"{group}.{measure.__name__}", measure)
    ]
    write(figures, REPOSITORY / "build" / "bench.json")
    return int(any(figure.broken for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
