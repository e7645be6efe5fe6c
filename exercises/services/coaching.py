"""What got in the way: asked, kept, answered by a tip, or told to somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from exercises.content.tips import Tip, tip_called, tips
from exercises.models import Alert, Barrier, Patient, Program
from exercises.reads.holds import on_hold
from exercises.reads.weeks import week_count
from exercises.rules.coaching import NOT_AGAIN_WITHIN, WeekCount, choose_tip
from exercises.rules.coaching import Barrier as What
from exercises.services.alerts import open_alert
from hep.errors import InvalidInputError
from hep.once import one_at_a_time

# As far back as a word is taken back.
ONE_DAY = timedelta(days=1)
OF_A_WEEK = "Pain got in the way"


def keep_asked(weeks: Iterable[tuple[UUID, date, WeekCount]]) -> None:
    """Keep the counts as patients are told them, by program and day. One query."""
    Barrier.objects.bulk_create(
        (
            Barrier(program_id=program, local_date=on, done=count.done, planned=count.planned)
            for program, on, count in weeks
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def tell_barrier(
    *, program: Program, local_date: date, what: str, source: str, now: datetime
) -> Tip | None:
    """Keep what got in the way of the week before `local_date`, and choose the tip for it.

    The same day's again is a correction; the same answer again is no news. Pain is told to the
    provider, and no tip answers it; nor is one given while an alert holds the exercises, or after
    pain of 8. Raises InvalidInputError for a barrier that is none.
    """
    if what not in list(What):
        raise InvalidInputError("barrier", "Choose one of the reasons.", code="invalid")
    one_at_a_time(f"barrier:{program.pk}:{local_date}")
    count = week_count(program, on=local_date)
    row, _ = Barrier.objects.get_or_create(
        program=program,
        local_date=local_date,
        defaults={"done": count.done, "planned": count.planned},
    )
    before = row.what
    if before == what:
        return tip_called(row.tip)
    may_coach = not count.is_sore and not on_hold([program.patient_id])
    tip = _tip_for(row, What(what)) if may_coach else None
    row.what, row.source, row.tip, row.told_at = what, source, tip.key if tip else "", now
    row.save()
    if what == What.PAIN:
        _tell_pain(row, now=now)
    elif before == What.PAIN:
        _say_corrected(row)
    return tip


def _tip_for(row: Barrier, what: What) -> Tip | None:
    others = Barrier.objects.filter(
        program__patient=row.program.patient_id,
        local_date__gte=row.local_date - NOT_AGAIN_WITHIN,
    ).exclude(pk=row.pk)
    days = others.order_by("local_date").values_list("tip", "local_date")
    return choose_tip(tips(), what, given=dict(days), on=row.local_date)


def _tell_pain(row: Barrier, *, now: datetime) -> None:
    open_alert(
        patient=row.program.patient,
        program=row.program,
        reason=Alert.Reason.SKIPPED_FOR_PAIN,
        detail=f"{OF_A_WEEK}: {row.done} of {row.planned} days done",
        now=now,
    )


def _say_corrected(row: Barrier) -> None:
    """An alert that a patient took back stays for a person to close, and says so."""
    waiting = Alert.objects.filter(
        program=row.program,
        reason=Alert.Reason.SKIPPED_FOR_PAIN,
        acknowledged_at=None,
        detail__startswith=OF_A_WEEK,
    )
    for alert in waiting:
        alert.detail = f"{alert.detail.split('; then')[0]}; then told: {row.told.lower()}"
        alert.save(update_fields=["detail"])


@transaction.atomic
def take_barrier_back(*, patient: Patient, now: datetime) -> bool:
    """Take back what was told last of the patient's weeks, within a day; False: nothing was."""
    told = Barrier.objects.filter(program__patient=patient, told_at__gt=now - ONE_DAY)
    row = told.exclude(what="").select_related("program").order_by("-told_at").first()
    if row is None:
        return False
    was_pain = row.what == What.PAIN
    row.what = row.tip = row.source = ""
    row.told_at = None
    row.save()
    if was_pain:
        _say_corrected(row)
    return True
