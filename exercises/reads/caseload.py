"""A provider's whole caseload: who needs them, and how it goes; a constant number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import TruncWeek

from exercises.models import Alert, CheckIn, Program, Proposal, Review, SessionLog, User
from exercises.rules.pain import WEEKLY_FEWEST
from exercises.rules.plan import DAYS_IN_WEEK
from exercises.rules.urgency import Urgency

# As many of each as fit a screen; the lists have the rest.
SHOWN = 8
WEEKS_SHOWN = 8
# A day of a program, told apart from the same day of another.
PROGRAM_DAY = Func(F("program"), F("local_date"), function="ROW", output_field=TextField())
# The place of a severity in an alert list: the worst first.
SEVERITY_RANK = Case(
    *(When(severity=name, then=Value(rank)) for rank, name in enumerate(Alert.Severity.values)),
    output_field=IntegerField(),
)

# The place of an urgency: the first is the most urgent, what has none comes last.
URGENCY_RANK = Case(
    *(When(urgency=name, then=Value(rank)) for rank, name in enumerate(Urgency)),
    default=Value(len(Urgency)),
    output_field=IntegerField(),
)


class Median(Aggregate):
    """PostgreSQL's continuous median of a column."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody: the first few, and how many there are."""

    rows: Sequence[Any]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class CaseloadWeek:
    """A calendar week of the running programs, from Monday `monday`.

    `pain` is the median first-step score, 0 to 10, None below 4 scores; `done` the share of days
    with exercises done, 0 to 1, None where no program ran.
    """

    monday: date
    pain: float | None
    done: float | None


def open_alerts(user: User, *, mine: bool = False) -> Waiting:
    """Open alerts, the most urgent first, then the worst, then the oldest. Two queries. `mine`, as
    in all of these, leaves what is about programs that somebody else assigned.
    """
    alerts = Alert.objects.visible_to(user).filter(_of(user, "program", mine), acknowledged_at=None)
    rows = alerts.select_related("patient__clinic")
    return waiting(rows.order_by(URGENCY_RANK, SEVERITY_RANK, "opened_at", "pk"))


def _of(user: User, program: str, mine: bool) -> Q:
    return Q(**{f"{program}__assigned_by": user}) if mine else Q()


# Silence counts only days that asked, as `services.watch` finds it: who is asked on Mondays and
# answers on Mondays is not silent.
SILENT = (Alert.Reason.SILENT_3, Alert.Reason.TEXTS_STOPPED, Alert.Reason.SILENT_7)
IS_SILENT = Exists(
    Alert.objects.filter(program=OuterRef("pk"), reason__in=SILENT, acknowledged_at=None)
)


def quiet_programs(user: User, *, mine: bool = False) -> Waiting:
    """Running programs with an open alert about silence, the longest first. Two queries."""
    running = Program.objects.visible_to(user).filter(IS_SILENT, status=Program.Status.ACTIVE)
    own = running.filter(assigned_by=user) if mine else running
    return waiting(own.select_related("patient").order_by("heard_at", "pk"))


def due_reviews(user: User, *, on: date, mine: bool = False) -> Waiting:
    """Reviews of running programs that are due on `on`, the oldest first. Two queries."""
    reviews = Review.objects.visible_to(user).filter(done_at=None, due_on__lte=on)
    running = reviews.exclude(program__status=Program.Status.ENDED)
    own = running.filter(_of(user, "program", mine))
    return waiting(own.select_related("program__patient").order_by("due_on", "pk"))


def open_proposals(user: User, *, mine: bool = False) -> Waiting:
    """Proposals that wait, the oldest first. Two queries."""
    proposals = Proposal.objects.visible_to(user).filter(status=Proposal.Status.OPEN)
    own = proposals.filter(_of(user, "program", mine))
    return waiting(own.select_related("program__patient").order_by("created_at", "pk"))


def waiting(rows: Any) -> Waiting:
    """The first few of `rows`, and how many there are. Two queries."""
    return Waiting(list(rows[:SHOWN]), rows.count())


def caseload_weeks(user: User, *, on: date) -> list[CaseloadWeek]:
    """The last 8 calendar weeks up to the day `on`, of programs that run now. Three queries."""
    this_monday = on - timedelta(days=on.weekday())
    mondays = [this_monday - timedelta(weeks=back) for back in range(WEEKS_SHOWN - 1, -1, -1)]
    programs = Program.objects.visible_to(user).filter(status=Program.Status.ACTIVE)
    starts = programs.order_by().values_list("start_date").annotate(Count("pk"))
    days = _program_days(dict(starts), mondays, on=on)
    told = {"program__in": programs, "local_date__range": (mondays[0], on)}
    scores = CheckIn.objects.filter(kind=CheckIn.Kind.FIRST_STEP, taken_back_at=None, **told)
    pain = dict(
        _weekly(scores)
        .annotate(value=Median("score"), number=Count("pk"))
        .filter(number__gte=WEEKLY_FEWEST)
        .values_list("monday", "value")
    )
    logs = SessionLog.objects.filter(
        kind=SessionLog.Kind.EXERCISE, outcome=SessionLog.Outcome.DONE, undone_at=None, **told
    )
    done = dict(
        _weekly(logs).annotate(days=Count(PROGRAM_DAY, distinct=True)).values_list("monday", "days")
    )
    return [
        CaseloadWeek(
            monday,
            pain.get(monday),
            min(1.0, done.get(monday, 0) / days[monday]) if days[monday] else None,
        )
        for monday in mondays
    ]


def _weekly(rows: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    weekly: QuerySet[Any, dict[str, Any]] = (
        rows.order_by().annotate(monday=TruncWeek("local_date")).values("monday")
    )
    return weekly


def _program_days(
    starts: Mapping[date, int], mondays: Sequence[date], *, on: date
) -> Counter[date]:
    """By week, the days of programs that began on `starts` (and how many did), up to `on`."""
    days: Counter[date] = Counter()
    for monday in mondays:
        last = min(on, monday + timedelta(days=DAYS_IN_WEEK - 1))
        for start, programs in starts.items():
            days[monday] += programs * max(0, (last - max(start, monday)).days + 1)
    return days
