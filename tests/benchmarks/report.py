"""Figures, as a table and as build/bench.json."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One key of build/bench.json; `floor` is the rival measured in the same run."""

    key: str
    value: float
    aim: str
    ours: float
    floor: float | None
    unit: str
    ours_beside_idle_transaction: float | None = None
    note: str = ""
    # A promise that does not hold, or a figure that could not be taken: the run ends with 1.
    broken: bool = False


def write(figures: Sequence[Figure], path: Path) -> None:
    """Print the table and write the file."""
    body = {}
    for figure in figures:
        row = asdict(figure)
        del row["key"]
        body[figure.key] = {
            key: value for key, value in row.items() if value not in {None, "", False}
        }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")
    out = sys.stdout.write
    out(f"{'key':42}{'value':>9}  {'aim':10}{'ours':>12}{'floor':>12}  unit\n")
    for figure in figures:
        floor = f"{figure.floor:.1f}" if figure.floor is not None else "-"
        out(
            f"{figure.key:42}{figure.value:>9.3f}  {figure.aim:10}{figure.ours:>12.1f}"
            f"{floor:>12}  {figure.unit}{'  BROKEN' if figure.broken else ''}\n"
        )
