"""How a program goes, on one page: figures, a pain chart with treatments, and what waits."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from exercises.content import screens
from exercises.course import Course, course_of
from exercises.models import CheckIn, Program, TreatmentSession
from exercises.pain import MATTERS
from exercises.selectors import scores_of
from exercises.services import fits_pattern

LONGEST_CHART = timedelta(weeks=26)
# Unfold's own colours, so that the chart follows its themes.
COLOURS = {"first_step": "#0e7490", "average": "#b45309", "line": "#6b7280", "care": "#7c3aed"}


def course_page(page: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Everything a provider looks at before deciding."""
    program: Program | None = page.get_object(request, object_id)
    if program is None:
        raise Http404
    today = timezone.now().astimezone(program.patient.zone).date()
    course = course_of(program, on=today)
    treatments = list(
        program.patient.treatments.filter(local_date__gte=program.start_date).order_by("local_date")
    )
    days = chart_days(program, course, treatments, today=today)
    intake = getattr(program, "intake", None)
    context = {
        **admin.site.each_context(request),
        "title": f"Course of {program}",
        "opts": page.model._meta,
        "program": program,
        "course": course,
        "days": days,
        "chart": chart(days, course),
        "options": json.dumps(OPTIONS),
        "treatments": treatments,
        "proposals": list(program.proposals.all()[:5]),
        "reviews": list(program.reviews.all()),
        "versions": list(program.versions.select_related("changed_by")),
        "measures": list(program.measures.all()),
        "intake": intake,
        "doubtful": intake is not None and not fits_pattern(intake),
        "screen": screens().get(intake.screen) if intake else None,
    }
    return TemplateResponse(request, "admin/exercises/program/course.html", context)


OPTIONS = {
    "maintainAspectRatio": False,
    "spanGaps": True,
    "plugins": {"legend": {"display": True, "position": "bottom"}},
    "scales": {
        "y": {"min": 0, "max": 10, "ticks": {"stepSize": 2}},
        "x": {"grid": {"display": False}},
    },
}


def chart_days(
    program: Program, course: Course, treatments: list[TreatmentSession], *, today: date
) -> list[dict[str, Any]]:
    """A row for each day with something to show, for the chart and the table behind it."""
    since = max(program.start_date, today - LONGEST_CHART)
    series = {kind: scores_of(program, kind=kind, since=since) for kind in CheckIn.Kind.values}
    care: dict[date, list[str]] = {}
    for row in treatments:
        care.setdefault(row.local_date, []).append(row.what)
    days = (since + timedelta(days=number) for number in range((today - since).days + 1))
    return [
        {
            "date": day,
            "first_step": series[CheckIn.Kind.FIRST_STEP].get(day),
            "average": series[CheckIn.Kind.AVERAGE].get(day),
            "care": ", ".join(care.get(day, [])),
        }
        for day in days
    ]


def chart(days: list[dict[str, Any]], course: Course) -> str:
    """The chart as its library takes it: both series, baseline, what matters, treatments."""
    datasets = [
        _series("First-step pain", [day["first_step"] for day in days], COLOURS["first_step"]),
        _series("Average pain", [day["average"] for day in days], COLOURS["average"]),
    ]
    at_first = course.first_step.baseline
    if at_first is not None:
        goal = max(0, at_first - MATTERS[CheckIn.Kind.FIRST_STEP])
        datasets.append(_line("Baseline", at_first, len(days)))
        datasets.append(_line("Smallest change that matters", goal, len(days)))
    treated = [9.5 if day["care"] else None for day in days]
    if any(treated):
        datasets.append(
            _series("Treatment", treated, COLOURS["care"])
            | {"showLine": False, "pointStyle": "triangle", "pointRadius": 7}
        )
    return json.dumps({"labels": [f"{day['date']:%d %b}" for day in days], "datasets": datasets})


def _series(label: str, data: list[Any], colour: str) -> dict[str, Any]:
    return {
        "label": label,
        "data": data,
        "borderColor": colour,
        "backgroundColor": colour,
        "borderWidth": 2,
        "pointRadius": 2,
    }


def _line(label: str, value: float, length: int) -> dict[str, Any]:
    flat = _series(label, [value] * length, COLOURS["line"])
    return flat | {"borderDash": [6, 4], "pointRadius": 0, "borderWidth": 1}
