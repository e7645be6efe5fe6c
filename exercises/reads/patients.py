"""The list of patients with what one looks for in it, worked out by the database so that any
column can be sorted: a constant number of queries, however many patients.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    DateField,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Func, RawSQL
from django.db.models.functions import Coalesce

from exercises.models import Patient, Program, ProgramPhase, SessionLog
from exercises.rules.pain import BASELINE_DAYS, FEWEST_SCORES, LONGEST_LOOK, WEEK, WEEKLY_FEWEST
from exercises.rules.plan import DAYS_IN_WEEK

NO_PROGRAM = "none"
# The day of each patient, at the instant that is given.
TODAY = "(%s::timestamptz AT TIME ZONE exercises_patient.time_zone)::date"
# `pain.trend`'s change in first-step pain, word for word: baseline from the first 7 days with a
# score (3 or more), now from the last 7 (4 or more) or the newest 4 within 28.
CHANGE = f"""
(WITH told AS (
    SELECT told.local_date, told.score, today.day
      FROM exercises_checkin AS told
      CROSS JOIN LATERAL (SELECT {TODAY} AS day) AS today
     WHERE told.program_id = (SELECT program.id FROM exercises_program AS program
                               WHERE program.patient_id = exercises_patient.id
                                 AND program.status <> 'ended'
                               ORDER BY program.created_at DESC LIMIT 1)
       AND told.kind = 'first_step' AND told.taken_back_at IS NULL AND told.local_date <= today.day
), first AS (SELECT min(local_date) AS day FROM told
), baseline AS (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY told.score) AS score, count(*) AS scores
      FROM told, first WHERE told.local_date - first.day < {BASELINE_DAYS}
), recent AS (
    SELECT told.score, told.day - told.local_date AS age,
           row_number() OVER (ORDER BY told.local_date DESC) AS place,
           count(*) FILTER (WHERE told.day - told.local_date < {WEEK}) OVER () AS of_week
      FROM told WHERE told.day - told.local_date < {LONGEST_LOOK}
), now AS (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.score) AS score, count(*) AS scores
      FROM recent
     WHERE CASE WHEN of_week >= {WEEKLY_FEWEST} THEN age < {WEEK} ELSE place <= {WEEKLY_FEWEST} END
)
SELECT now.score - baseline.score FROM now, baseline, first
 WHERE baseline.scores >= {FEWEST_SCORES} AND now.scores >= {WEEKLY_FEWEST}
   AND (SELECT max(day) FROM told) - first.day >= {BASELINE_DAYS})
"""  # noqa: S608  # only our own figures are put in


def with_state(patients: QuerySet[Patient], *, now: datetime) -> QuerySet[Patient]:
    """`patients` with `state`, `phase_name`, `heard_at`, `treated_by` of the newest program that
    has not ended, `days_done` of the last 7 and `pain_change` in points.
    """
    # Each patient's own day: in the evening some are a day behind the others.
    local_today = RawSQL(TODAY, [now], DateField())  # noqa: S611  # nothing in it is from outside
    return patients.annotate(local_today=local_today).annotate(
        state=Coalesce(_open_program("status"), Value(NO_PROGRAM)),
        heard_at=_open_program("heard_at"),
        treated_by=_open_program("assigned_by__email"),
        phase_name=Subquery(_phases().values("name")[:1]),
        days_done=Coalesce(Subquery(_days_done()), 0),
        pain_change=RawSQL(CHANGE, [now], FloatField()),  # noqa: S611  # nothing in it is from outside
    )


def _open_program(field: str) -> Subquery:
    programs = Program.objects.filter(patient=OuterRef("pk")).exclude(status=Program.Status.ENDED)
    return Subquery(programs.order_by("-created_at").values(field)[:1])


def _minus(left: Any, right: Any, kind: Any) -> Func:
    """PostgreSQL's own difference of dates, in days, where Django would make an interval."""
    return Func(left, right, template="(%(expressions)s)", arg_joiner=" - ", output_field=kind)


def _phases() -> QuerySet[ProgramPhase]:
    """The phase that the week of the patient's day lies in, of the newest program first."""
    days = _minus(OuterRef("local_today"), F("program__start_date"), IntegerField())
    phases = ProgramPhase.objects.filter(
        program__patient=OuterRef("pk"), version=F("program__version")
    ).exclude(program__status=Program.Status.ENDED)
    in_week = phases.annotate(week=days / DAYS_IN_WEEK + 1).filter(first_week__lte=F("week"))
    still = Q(last_week__isnull=True) | Q(last_week__gte=F("week"))
    return in_week.filter(still).order_by("-program__created_at", "-number")


def _days_done() -> QuerySet[Any, Any]:
    logs = SessionLog.objects.filter(
        program__patient=OuterRef("pk"),
        kind=SessionLog.Kind.EXERCISE,
        outcome=SessionLog.Outcome.DONE,
        undone_at=None,
        local_date__gte=_minus(OuterRef("local_today"), Value(DAYS_IN_WEEK), DateField()),
        local_date__lt=OuterRef("local_today"),
    )
    by_patient = logs.order_by().values("program__patient")
    return by_patient.annotate(days=Count("local_date", distinct=True)).values("days")
