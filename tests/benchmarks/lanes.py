"""How long a red flag waits for its answer while the rest of the service is in trouble."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.benchmarks.report import Figure
from tests.wave import NUISANCES, Wave

TEXTS = 10_000
SECONDS_BETWEEN = 3.0
ANSWERS = 12
# Promise 11.
LIMIT = 3.0


def under_wave() -> list[Figure]:
    """The slowest answer beside each nuisance alone, and beside all of them."""
    figures = []
    with tempfile.TemporaryDirectory() as folder, Wave(Path(folder), patients=TEXTS) as wave:
        for names in (*((name,) for name in NUISANCES), NUISANCES):
            for name in names:
                wave.plant(name)
            waits = [_answer(wave) for _ in range(ANSWERS)]
            if "wave" in names:
                assert wave.waiting() > TEXTS // 2
            wave.clear()
            beside = "" if names == NUISANCES else f"_{names[0]}_alone"
            figures.append(_figure(f"inbound_lag_p99_under_wave{beside}", waits))
    return figures


def _answer(wave: Wave) -> float:
    """One red flag, and what is left of the pause until the next."""
    seconds = wave.seconds_to_an_answer()
    time.sleep(max(0.0, SECONDS_BETWEEN - seconds))
    return seconds


def _figure(key: str, waits: list[float]) -> Figure:
    slowest = max(waits)
    return Figure(
        key,
        slowest,
        "<= 3",
        slowest,
        None,
        "s",
        note=f"median {sorted(waits)[len(waits) // 2]:.2f} s of {len(waits)} answers",
        broken=slowest > LIMIT,
    )
