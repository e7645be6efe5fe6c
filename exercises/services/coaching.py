"""What got in the way: kept, answered by a tip, or told to somebody (docs/clinical-rules.md)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from exercises.content.tips import Tip, tips
from exercises.models import Alert, Barrier, Program
from exercises.reads.weeks import week_count
from exercises.rules.coaching import NOT_AGAIN_WITHIN, choose_tip
from exercises.rules.coaching import Barrier as What
from exercises.services.alerts import open_alert
from hep.errors import InvalidInputError
from hep.once import one_at_a_time


@transaction.atomic
def tell_barrier(
    *, program: Program, local_date: date, what: str, source: str, now: datetime
) -> Tip | None:
    """Keep what got in the way of the week before `local_date`, and choose the tip for it.

    The same day's again is a correction. Pain is told to the provider, and no tip answers it.
    Raises InvalidInputError for a barrier that is none.
    """
    if what not in list(What):
        raise InvalidInputError("barrier", "Choose one of the reasons.", code="invalid")
    one_at_a_time(f"barrier:{program.pk}:{local_date}")
    others = Barrier.objects.filter(
        program__patient=program.patient_id, local_date__gte=local_date - NOT_AGAIN_WITHIN
    ).exclude(program=program, local_date=local_date)
    given = {
        tip: day for day, tip in others.order_by("local_date").values_list("local_date", "tip")
    }
    tip = choose_tip(tips(), What(what), given=given, on=local_date)
    count = week_count(program, on=local_date)
    Barrier.objects.update_or_create(
        program=program,
        local_date=local_date,
        defaults={
            "done": count.done,
            "planned": count.planned,
            "what": what,
            "tip": tip.key if tip else "",
            "source": source,
        },
    )
    if what == What.PAIN:
        open_alert(
            patient=program.patient,
            program=program,
            reason=Alert.Reason.SKIPPED_FOR_PAIN,
            detail=f"Pain got in the way: {count.done} of {count.planned} days done",
            now=now,
        )
    return tip
