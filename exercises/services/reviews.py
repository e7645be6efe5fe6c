"""Reviews of a program at weeks 2, 4, 6, 12 and 26 (CLINICAL.md section 4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from exercises.content import review_options
from exercises.models import Program, Review, User
from hep.errors import ConflictError, InvalidInputError

REVIEW_WEEKS = (2, 4, 6, 12, 26)


def plan_reviews(program: Program) -> None:
    """Write the program's review points, counted from its start."""
    Review.objects.bulk_create(
        Review(program=program, week=week, due_on=program.start_date + timedelta(weeks=week))
        for week in REVIEW_WEEKS
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


def reviews_due(program: Program, *, on: date) -> list[Review]:
    """The review points that wait on the day `on`, the oldest first. One query."""
    return list(program.reviews.filter(done_at=None, due_on__lte=on))
