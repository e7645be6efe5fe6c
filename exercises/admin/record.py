"""A patient's record on one page: state at a glance, chart, calendar, what waits, what changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from exercises.admin.charts import bands, chart, level, marks, options, series
from exercises.admin.history import changes_of
from exercises.content import before_assigning, screens
from exercises.models import Alert, CheckIn, Patient, Program, Proposal, TreatmentSession
from exercises.reads.caseload import SEVERITY_RANK, SILENT
from exercises.reads.course import course_of
from exercises.reads.days import scores_of
from exercises.reads.diary import diary_of
from exercises.reads.pauses import Pause, is_paused, pauses_of
from exercises.reads.versions import program_versions
from exercises.rules.course import Course
from exercises.rules.pain import MATTERS
from exercises.services import fits_pattern

LONGEST_CHART = timedelta(weeks=26)
DIARY_DAYS = 28
CLOSED_SHOWN = 8
BARRIERS_SHOWN = 12
# Marks on the chart stand just below its top.
NEAR_TOP = 9.5
COLUMNS = ("date", "first_step", "average", "care", "phase", "paused")


def record_context(patient: Patient, request: HttpRequest) -> dict[str, Any]:
    """What the page shows of `patient`, with the program that `?program=` names or the newest.

    A constant number of queries.
    """
    today = timezone.now().astimezone(patient.zone).date()
    programs = list(patient.programs.order_by("-created_at"))
    for program in programs:
        program.patient = patient
    asked = request.GET.get("program")
    shown = next((row for row in programs if str(row.pk) == asked), None) or _main(programs)
    waiting = patient.alerts.filter(acknowledged_at=None)
    alerts = list(waiting.order_by(SEVERITY_RANK, "opened_at"))
    closed = patient.alerts.filter(acknowledged_at__isnull=False).select_related("acknowledged_by")
    context = {
        "title": str(patient),
        "patient": patient,
        "program": shown,
        "programs": programs,
        "today": today,
        # Words, not instants: a template would show an instant on the clinic's clock.
        "local_time": f"{timezone.now().astimezone(patient.zone):%H:%M}",
        "alerts": alerts,
        "closed": list(closed.order_by("-acknowledged_at", "pk")[:CLOSED_SHOWN]),
        "silent": any(alert.reason in SILENT for alert in alerts),
        "on_hold": any(alert.reason in Alert.HOLDS for alert in alerts),
        "changes": changes_of(patient, programs),
    }
    return context | (_program_context(shown, today=today) if shown else {})


def _main(programs: list[Program]) -> Program | None:
    """The newest that runs, else the newest."""
    order = (Program.Status.ACTIVE, Program.Status.PAUSED, Program.Status.ENDED)
    return min(
        programs, key=lambda program: order.index(Program.Status(program.status)), default=None
    )


def _program_context(program: Program, *, today: date) -> dict[str, Any]:
    course = course_of(program, on=today)
    treatments = list(
        program.patient.treatments.filter(local_date__gte=program.start_date).order_by("local_date")
    )
    days = chart_days(program, treatments, pauses_of([program])[program.pk], today=today)
    diary_days = [today - timedelta(days=back) for back in range(DIARY_DAYS - 1, -1, -1)]
    intake = getattr(program, "intake", None)
    resume_on = _local(program.resume_at, program) if program.resume_at else None
    return {
        "resume_on": resume_on,
        "course": course,
        "silent_days": max(
            0, (today - _local(program.heard_at or program.created_at, program)).days
        ),
        "days": days,
        "chart": pain_chart(days, course, program.get_question_display()),
        "options": options(highest=10, step=2),
        "diary": diary_of(program, diary_days),
        "diary_days": diary_days,
        "treatments": treatments,
        "proposals": list(program.proposals.all()[:5]),
        "open_proposal": Proposal.Status.OPEN,
        "reviews": list(program.reviews.all()),
        "versions": list(program.versions.select_related("changed_by")),
        "measures": list(program.measures.all()),
        "barriers": list(program.barriers.all()[:BARRIERS_SHOWN]),
        "intake": intake,
        "doubtful": intake is not None and not fits_pattern(intake),
        "screen": screens().get(intake.screen) if intake else None,
        "known": [before_assigning()[key].question for key in intake.before] if intake else [],
    }


def _local(moment: datetime, program: Program) -> date:
    return moment.astimezone(program.patient.zone).date()


def chart_days(
    program: Program, treatments: list[TreatmentSession], pauses: list[Pause], *, today: date
) -> list[dict[str, Any]]:
    """A row for each day, for the chart and the table behind it. Four queries."""
    since = max(program.start_date, today - LONGEST_CHART)
    scores = {kind: scores_of(program, kind=kind, since=since) for kind in CheckIn.Kind.values}
    care: dict[date, list[str]] = {}
    for row in treatments:
        care.setdefault(row.local_date, []).append(row.what)
    phases = phase_starts(program)
    days = (since + timedelta(days=number) for number in range((today - since).days + 1))
    return [
        {
            "date": day,
            "first_step": scores[CheckIn.Kind.FIRST_STEP].get(day),
            "average": scores[CheckIn.Kind.AVERAGE].get(day),
            "care": ", ".join(care.get(day, [])),
            "phase": phases.get(day, ""),
            "paused": is_paused(pauses, day),
        }
        for day in days
    ]


def phase_starts(program: Program) -> dict[date, str]:
    """The first day of each phase but the first, by its name, as the newest version has it."""
    versions = program_versions(program)
    newest = versions.items[max(versions.items)] if versions.items else ()
    weeks: dict[str, int] = {}
    for item in newest:
        weeks[item.phase] = min(weeks.get(item.phase, item.first_week), item.first_week)
    return {
        program.start_date + timedelta(weeks=week - 1): name
        for name, week in weeks.items()
        if week > 1
    }


def pain_chart(days: list[dict[str, Any]], course: Course, question: str) -> str:
    """What the program asks and the average, the baseline, what matters, phases, treatments and
    pauses.
    """
    columns = {name: [day[name] for day in days] for name in COLUMNS}
    phases = [bool(phase) for phase in columns["phase"]]
    datasets = [
        series(question, columns["first_step"], "first_step"),
        series("Average pain", columns["average"], "average"),
    ]
    at_first = course.first_step.baseline
    if at_first is not None:
        goal = max(0, at_first - MATTERS[CheckIn.Kind.FIRST_STEP])
        datasets.append(level("Baseline", at_first, len(days)))
        datasets.append(level("Smallest change that matters", goal, len(days), dots=True))
    if any(columns["care"]):
        treated = [NEAR_TOP if care else None for care in columns["care"]]
        datasets.append(marks("Treatment", treated, "care", style="triangle"))
    if any(phases):
        datasets.append(bands("Next phase", phases, "line", thin=True))
    if any(columns["paused"]):
        datasets.append(bands("Paused", columns["paused"], "pause"))
    return chart([f"{day:%d %b}" for day in columns["date"]], datasets)
