"""Keeping what patients tell: scores, what they did, and what they take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce

from exercises.models import CheckIn, CheckInEntry, Patient, Program, SessionLog, User
from exercises.reads.days import scores_of
from exercises.rules import alerts, pain
from exercises.services.alerts import open_alert
from exercises.services.programs import ask_daily
from exercises.services.watch import heard_from
from hep.errors import ConflictError, InvalidInputError
from hep.once import refuse_other_content

# Alerts speak of now: a score entered later than this is history.
ALERTS_FOR = timedelta(days=1)
WORSENING_AGAIN = timedelta(weeks=4)


@dataclass(frozen=True)
class RecordedCheckIn:
    """What `record_check_in` did: `corrected` when an earlier score of that day gave way."""

    check_in: CheckIn
    is_new_entry: bool
    corrected: bool


@transaction.atomic
def record_check_in(
    *,
    program: Program,
    local_date: date,
    score: int,
    source: str,
    client_id: str,
    now: datetime,
    kind: str = CheckIn.Kind.FIRST_STEP,
    note: str = "",
    recorded_by: User | None = None,
    said_at: datetime | None = None,
) -> RecordedCheckIn:
    """Keep a pain score (0 to 10) for `local_date`; what was said last counts, with history.

    `said_at` is when it was said, if that was before `now`: a phone that was offline tells late.
    Idempotent by `client_id`: the same answer again changes nothing, another one under it is
    refused with ConflictError. Opens the alerts that the score calls for. Raises InvalidInputError
    for a score off the scale.
    """
    if not 0 <= score <= pain.WORST:
        raise InvalidInputError("score", "Pain is a number from 0 to 10.", code="out_of_range")
    check_in, created = CheckIn.objects.get_or_create(
        program=program,
        kind=kind,
        local_date=local_date,
        defaults={"score": score, "source": source},
    )
    # The lock puts two answers in a row in order.
    check_in = CheckIn.objects.select_for_update().get(pk=check_in.pk)
    told = {"score": score, "note": note}
    entry, is_new_entry = CheckInEntry.objects.get_or_create(
        check_in=check_in,
        client_id=client_id,
        defaults={
            **told,
            "source": source,
            "recorded_by": recorded_by,
            "said_at": min(said_at or now, now),
        },
    )
    if not is_new_entry:
        refuse_other_content(entry, told)
        return RecordedCheckIn(check_in, is_new_entry=False, corrected=False)
    _refuse_other_day(check_in, client_id)
    counts = _said_last(check_in) == entry
    corrected = counts and not created and check_in.taken_back_at is None
    if counts and not created:
        _count(check_in, entry)
    heard_from(program=program, now=now)
    if counts:
        _alert(check_in, now=now)
    return RecordedCheckIn(check_in, is_new_entry=True, corrected=corrected)


def _refuse_other_day(check_in: CheckIn, client_id: str) -> None:
    """An id is one answer's: under it another day's would be taken back with it."""
    mine = CheckInEntry.objects.filter(client_id=client_id)
    others = mine.filter(check_in__program__patient=check_in.program.patient_id)
    if others.exclude(check_in=check_in).exists():
        message = "This id was used for another answer. Send this one under its own id."
        raise ConflictError("id", message, code="id_taken")


def _said_last(check_in: CheckIn) -> CheckInEntry | None:
    """The entry that counts; one that nobody dated was said when it came in."""
    said = Coalesce("said_at", "created_at")
    entries = check_in.entries.filter(undone_at=None)
    return entries.order_by(said.desc(), "-created_at", "-pk").first()


def _count(check_in: CheckIn, entry: CheckInEntry) -> None:
    check_in.score, check_in.source = entry.score, entry.source
    check_in.taken_back_at = None
    check_in.save(update_fields=["score", "source", "taken_back_at"])


def refuse_other_days(program: Program, local_date: date, *, now: datetime) -> None:
    """Raise InvalidInputError for a day ahead, or before the program, on the patient's calendar.

    A text is about the day it answers; an app says the day itself, and may have it wrong.
    """
    if local_date > now.astimezone(program.patient.zone).date():
        raise InvalidInputError("local_date", "This day has not come yet.", code="future")
    if local_date < program.start_date:
        message = f"The program starts on {program.start_date:%Y-%m-%d}."
        raise InvalidInputError("local_date", message, code="outside_program")


def _alert(check_in: CheckIn, *, now: datetime) -> None:
    """Open the alerts that this score calls for, if it is about now."""
    program = check_in.program
    day = check_in.local_date
    if day < now.astimezone(program.patient.zone).date() - ALERTS_FOR:
        return
    since = day - timedelta(days=alerts.LONGEST_STORY)
    scores = scores_of(program, kind=check_in.kind, since=since)
    thresholds = alerts.Thresholds(program.alert_rise, program.alert_sharp_rise)
    found = alerts.of_score(scores, day, thresholds)
    for reason in found + _new_worsening(program, alerts.of_weeks(scores, day), now=now):
        open_alert(
            patient=program.patient,
            program=program,
            reason=reason.name,
            detail=reason.detail,
            now=now,
        )
        ask_daily(program=program, now=now)


def _new_worsening(
    program: Program, reasons: list[alerts.Reason], *, now: datetime
) -> list[alerts.Reason]:
    """A slow rise is told once in four weeks: it is still there tomorrow."""
    names = [reason.name for reason in reasons]
    lately = program.alerts.filter(reason__in=names, opened_at__gt=now - WORSENING_AGAIN)
    return [] if reasons and lately.exists() else reasons


@transaction.atomic
def give_reason(*, client_id: str, patient: Patient, reason: str, now: datetime) -> bool:
    """Keep why the session logged under `client_id` was skipped. False: nothing waits for it."""
    waiting = SessionLog.objects.filter(
        program__patient=patient,
        client_id=client_id,
        outcome=SessionLog.Outcome.SKIPPED,
        reason="",
        undone_at=None,
    )
    log = waiting.select_related("program__patient__clinic").first()
    if log is None or not waiting.update(reason=reason):
        return False
    log.reason = reason
    alert_of_skipping(log, now=now)
    return True


# Days with exercises further back than this are another story.
SKIPPING_WITHIN = timedelta(days=14)


def alert_of_skipping(log: SessionLog, *, now: datetime) -> None:
    """Tell of exercises that were skipped for pain on most of the last days."""
    if log.reason != SessionLog.Reason.PAIN:
        return
    day = log.local_date
    rows = log.program.session_logs.filter(
        kind=SessionLog.Kind.EXERCISE,
        undone_at=None,
        local_date__range=(day - SKIPPING_WITHIN, day),
    )
    for_pain: dict[date, bool] = {}
    for told_on, why in rows.order_by("local_date").values_list("local_date", "reason"):
        for_pain[told_on] = for_pain.get(told_on, False) or why == SessionLog.Reason.PAIN
    for reason in alerts.of_skipping(list(for_pain.values())):
        open_alert(
            patient=log.program.patient,
            program=log.program,
            reason=reason.name,
            detail=reason.detail,
            now=now,
        )


@transaction.atomic
def take_back(*, client_id: str, patient: Patient, now: datetime) -> bool:
    """Take back what was kept under `client_id`; False when there is nothing, or it was already.

    The history stays: the answer before it counts again, or none does.
    """
    logs = SessionLog.objects.filter(program__patient=patient, client_id=client_id, undone_at=None)
    if logs.update(undone_at=now):
        return True
    entry = (
        CheckInEntry.objects.select_related("check_in")
        .filter(check_in__program__patient=patient, client_id=client_id, undone_at=None)
        .first()
    )
    if entry is None:
        return False
    check_in = CheckIn.objects.select_for_update().get(pk=entry.check_in_id)
    CheckInEntry.objects.filter(pk=entry.pk).update(undone_at=now)
    before = _said_last(check_in)
    if before is None:
        check_in.taken_back_at = now
        check_in.save(update_fields=["taken_back_at"])
    else:
        _count(check_in, before)
    return True
