"""The report of a program for an appointment: on the screen, and on one or two sheets of paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from exercises.models import CheckIn, Program
from exercises.reads.days import scores_of
from exercises.reads.visit import visit_report
from exercises.rules.curve import HEIGHT, WIDTH, curve, scale


def visit_page(request: HttpRequest, program: Program) -> HttpResponse:
    """From the start of `program`, or the newest 26 weeks, to today on the patient's calendar."""
    today = timezone.now().astimezone(program.patient.zone).date()
    report = visit_report(program, on=today)
    scores = scores_of(program, kind=CheckIn.Kind.FIRST_STEP, since=report.since)
    context = {
        "title": f"Visit report: {program.patient}",
        "report": report,
        "program": program,
        "patient": program.patient,
        "trend": report.course.first_step,
        "curve": curve(scores, since=report.since, until=today),
        "lines": scale(),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return TemplateResponse(request, "admin/exercises/program/visit.html", context)
