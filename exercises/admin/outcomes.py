"""What comes of a clinic's programs, on a page and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from exercises.admin.base import TenantAdmin
from exercises.admin.exporting import safe_cell
from exercises.models import Clinic
from exercises.reads.outcomes import FEWEST, MOST, Outcomes, outcomes_of


def outcomes_page(page: TenantAdmin, request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """The page, or with `?as=csv` its figures as a file."""
    found = outcomes_of(clinic, on=timezone.localdate())
    if request.GET.get("as") == "csv":
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="outcomes.csv"'
        csv.writer(answer).writerows([list(map(safe_cell, row)) for row in _rows(found)])
        return answer
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": f"Outcomes of {clinic}",
        "opts": page.model._meta,
        "clinic": clinic,
        "outcomes": found,
        "fewest": FEWEST,
        "most": MOST,
    }
    return TemplateResponse(request, "admin/exercises/clinic/outcomes.html", context)


def _rows(found: Outcomes) -> Iterator[tuple[object, ...]]:
    yield "figure", "percent", "count", "of"
    for share in (*found.responders, found.changed, *found.adherence):
        shown = (share.percent, share.count, share.of) if share.is_shown else ("", "", "")
        yield share.label, *shown
    yield "Median weeks to a change that matters", "", found.weeks_to_change, ""
    for what, weeks in found.barriers:
        yield f"In the way: {what}", "", weeks, ""
