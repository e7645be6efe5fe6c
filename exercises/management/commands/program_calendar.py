"""`manage.py program_calendar SLUG`: a template day by day, as a patient would live it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exercises.models import ProgramTemplate
from exercises.reads.versions import template_items
from exercises.rules.plan import DAYS_IN_WEEK, DayPlan, PlannedRound, calendar, phase_on

DAYS = 12 * DAYS_IN_WEEK
# A Monday, so that the calendar is the same whenever it is printed.
START = date(2026, 1, 5)


class Command(BaseCommand):
    """Print the plan of each day; a clinician reads it before patients do."""

    help = "Print a shared template day by day, as a table or as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which template, from when, for how long."""
        parser.add_argument("slug")
        parser.add_argument("--start", type=date.fromisoformat, default=START, help="day 1")
        parser.add_argument("--days", type=int, default=DAYS)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it. Raises CommandError for an unknown template."""
        template = ProgramTemplate.objects.filter(slug=options["slug"], clinic=None).first()
        if template is None:
            known = ProgramTemplate.objects.filter(clinic=None).values_list("slug", flat=True)
            raise CommandError(f"There is no such template. Known: {', '.join(known)}")
        items = template_items(template)
        start: date = options["start"]
        rows = [
            _row(plan, number, phase_on(items, start_date=start, on=plan.local_date))
            for number, plan in enumerate(
                calendar(items, start_date=start, days=options["days"]), start=1
            )
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1))
        else:
            self.stdout.write("\n".join(_lines(rows)))


def _row(plan: DayPlan, number: int, phase: str) -> dict[str, Any]:
    return {
        "day": number,
        "date": plan.local_date.isoformat(),
        "phase": phase,
        "items": [_item(planned) for planned in plan.rounds],
    }


# What a clinician compares day by day; how it is done (tempo, note) and when stand elsewhere.
SHOWN = ("exercise", "sets", "reps", "hold_seconds", "minutes", "hours", "load")


def _item(planned: PlannedRound) -> dict[str, Any]:
    dose = planned.dose() | {"load": planned.item.load or None}
    return {"slot": planned.slot} | {name: dose[name] for name in SHOWN}


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    """A table: a line for each day, the day's items with their doses and times."""
    lines = [f"{'day':>4}  {'date':<14}  {'phase':<11}  plan"]
    for row in rows:
        doses: dict[str, list[str]] = {}
        for item in row["items"]:
            doses.setdefault(_dose(item), []).append(item["slot"])
        plan = "; ".join(f"{dose} ({', '.join(slots)})" for dose, slots in doses.items())
        day = date.fromisoformat(row["date"])
        lines.append(f"{row['day']:>4}  {day:%a %Y-%m-%d}  {row['phase']:<11}  {plan}")
    return lines


def _dose(item: dict[str, Any]) -> str:
    parts = [item["exercise"]]
    if item["sets"] and item["reps"]:
        parts.append(f"{item['sets']}x{item['reps']}")
    elif item["reps"]:
        parts.append(f"x{item['reps']}")
    units = {"hold_seconds": "s", "minutes": "min", "hours": "h"}
    parts += [f"{item[key]} {unit}" for key, unit in units.items() if item[key]]
    if item["load"]:
        parts.append(item["load"])
    return " ".join(parts)
