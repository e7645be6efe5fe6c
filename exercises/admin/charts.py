"""Charts as unfold's chart library takes them: JSON for the canvas, in one set of colours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

# Each keeps 3:1 against both of unfold's backgrounds (WCAG 2.1, 1.4.11).
COLOURS = {"first_step": "#0e7f99", "average": "#c2620c", "line": "#7a828f", "care": "#8b5cf6"}
# Behind the lines, so it is pale on either background.
PAUSE = "rgba(122, 130, 143, 0.25)"
HIGHEST = 10


def options(*, highest: float, step: float, legend: bool = True) -> str:
    """A line chart from 0 to `highest`, with a grid line each `step`."""
    return json.dumps(
        {
            "maintainAspectRatio": False,
            "spanGaps": True,
            "animation": False,
            "plugins": {"legend": {"display": legend, "position": "bottom"}},
            "scales": {
                "y": {"min": 0, "max": highest, "ticks": {"stepSize": step}},
                "x": {"grid": {"display": False}},
            },
        }
    )


def series(label: str, data: Sequence[float | None], colour: str) -> dict[str, Any]:
    """A line through `data`; None leaves a gap."""
    return {
        "label": label,
        "data": list(data),
        "borderColor": COLOURS[colour],
        "backgroundColor": COLOURS[colour],
        "borderWidth": 2,
        "pointRadius": 2,
    }


def level(label: str, value: float, length: int, *, dots: bool = False) -> dict[str, Any]:
    """A dashed (or dotted) line at `value` across `length` points."""
    flat = series(label, [value] * length, "line")
    return flat | {"borderDash": [2, 3] if dots else [8, 4], "pointRadius": 0, "borderWidth": 1.5}


def bands(label: str, days: Sequence[bool], colour: str, *, thin: bool = False) -> dict[str, Any]:
    """Upright bars over the days that are True, as wide as the day or as a line."""
    return {
        "type": "bar",
        "label": label,
        "data": [HIGHEST if day else None for day in days],
        "backgroundColor": PAUSE if colour == "pause" else COLOURS[colour],
        "barPercentage": 1,
        "categoryPercentage": 1,
        **({"barThickness": 2} if thin else {}),
    }


def marks(label: str, data: Sequence[float | None], colour: str, *, style: str) -> dict[str, Any]:
    """Marks without a line, such as treatments."""
    return series(label, data, colour) | {
        "showLine": False,
        "pointStyle": style,
        "pointRadius": 7,
    }


def chart(labels: Sequence[str], datasets: Sequence[dict[str, Any]]) -> str:
    """The whole chart."""
    return json.dumps({"labels": list(labels), "datasets": list(datasets)})
