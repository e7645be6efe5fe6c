"""Reviews of a program at weeks 2, 4, 6, 12 and 26 (docs/clinical-rules.md#reviews)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from exercises.content import review_options
from exercises.models import Alert, Measure, Program, Review, Schedule, User
from exercises.reads.course import course_of
from exercises.rules.alerts import of_review
from exercises.rules.recurrence import RESPONSE_WEEKS
from exercises.services.alerts import open_alert
from hep.errors import ConflictError, InvalidInputError

REVIEW_WEEKS = (2, 4, 6, 12, 26)
MISSED_AFTER = timedelta(weeks=1)
# An answer a week before the review still speaks for it.
AROUND = timedelta(weeks=1)


def plan_reviews(program: Program, *, today: date) -> None:
    """Write the program's review points, counted from its start; those that are past are not."""
    points = [(week, program.start_date + timedelta(weeks=week)) for week in REVIEW_WEEKS]
    Review.objects.bulk_create(
        Review(program=program, week=week, due_on=due_on)
        for week, due_on in points
        if due_on >= today
    )


@transaction.atomic
def complete_review(
    *, review: Review, by: User, note: str, options: Collection[str], now: datetime
) -> Review:
    """Close a review with what was found and which options were chosen.

    Raises InvalidInputError naming the field, ConflictError when somebody was faster.
    """
    if not note.strip():
        raise InvalidInputError("note", "Write a word on what you found.", code="required")
    known = {option.key for option in review_options()}
    unknown = sorted(set(options) - known)
    if unknown:
        message = f"Not on the ladder: {', '.join(unknown)}."
        raise InvalidInputError("options", message, code="unknown")
    done = Review.objects.filter(pk=review.pk, done_at=None).update(
        done_at=now, done_by=by, note=note.strip(), options=sorted(set(options))
    )
    if not done:
        raise ConflictError("note", "This review was done already.", code="done")
    review.refresh_from_db()
    return review


def watch_reviews(program: Program, *, today: date, now: datetime) -> None:
    """Tell the provider of a review that was missed, and how it stands when one is due."""
    waiting = reviews_due(program, on=today)
    if not waiting:
        return
    newest = waiting[-1]
    if newest.week in RESPONSE_WEEKS and not _is_being_asked(newest, today=today):
        trend = course_of(program, on=today).first_step
        satisfied = satisfied_at(newest)
        for reason in of_review(trend, week=newest.week, satisfied=satisfied):
            _tell(program, reason.name, reason.detail, newest, now)
    missed = [row for row in waiting if row.due_on + MISSED_AFTER <= today]
    if missed:
        weeks = ", ".join(str(row.week) for row in missed)
        _tell(program, Alert.Reason.REVIEW_MISSED, f"Week {weeks}", missed[-1], now)


def _is_being_asked(review: Review, *, today: date) -> bool:
    """Whether the patient is asked (PASS) on this very day: the answer is waited for."""
    asks = review.program.schedules.filter(kind=Schedule.Kind.PASS)
    return review.due_on == today and asks.exists()


def satisfied_at(review: Review) -> bool | None:
    """What the patient answered to PASS around the review; None: nothing."""
    rows = review.program.measures.filter(
        instrument=Measure.Instrument.PASS, local_date__gte=review.due_on - AROUND
    )
    newest = rows.order_by("-local_date").first()
    return bool(newest.value) if newest else None


def _tell(program: Program, reason: str, detail: str, review: Review, now: datetime) -> None:
    """Once for a review point: an alert that was closed stays closed."""
    told = program.alerts.filter(reason=reason, opened_at__date__gte=review.due_on)
    if not told.exists():
        open_alert(patient=program.patient, program=program, reason=reason, detail=detail, now=now)


def reviews_due(program: Program, *, on: date) -> list[Review]:
    """The review points that wait on the day `on`, the oldest first. One query."""
    return list(program.reviews.filter(done_at=None, due_on__lte=on))
