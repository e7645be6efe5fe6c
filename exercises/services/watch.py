"""The daily look: who has gone quiet, who does little, what is due and what the rules propose."""

from __future__ import annotations

import logging
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from exercises.models import Program, Schedule
from exercises.reads.days import days_done
from exercises.rules.alerts import Reason, of_adherence, of_silence
from exercises.rules.recurrence import Rule, instant_of, is_on
from exercises.services.alerts import open_alert
from exercises.services.proposals import propose
from exercises.services.reviews import watch_reviews

logger = logging.getLogger(__name__)

# In the evening, when a day's answer may be expected.
WATCH_AT = time(20)
AT_ONCE = 200
ADHERENCE_DAYS = 7


class TextsOfProgram(Protocol):
    """What became of the texts of a program, which this app knows nothing of (promise 13)."""

    def unanswered(self, program: Program) -> AbstractSet[date]:
        """The local dates whose check-in reached the patient since anything was heard."""

    def not_reminded(self, program: Program, *, since: date) -> AbstractSet[date]:
        """The local dates since then on which no exercise reminder left for reasons of ours."""


_registered: list[TextsOfProgram] = []


def tell_of_texts(texts: TextsOfProgram) -> None:
    """The app that texts says what became of them; called once, when it is ready."""
    _registered[:] = [texts]


def _texts() -> TextsOfProgram:
    return _registered[0]


def heard_from(*, program: Program, now: datetime) -> None:
    """Keep a sign of life; an older one never replaces a newer."""
    newer = Q(heard_at=None) | Q(heard_at__lt=now)
    Program.objects.filter(newer, pk=program.pk).update(heard_at=now)


def next_watch(now: datetime, zone: ZoneInfo) -> datetime:
    """The next evening look later than `now`."""
    day = now.astimezone(zone).date()
    while True:
        at = instant_of(day, WATCH_AT, zone)
        if at is not None and at > now:
            return at
        day += timedelta(days=1)


def watch_due(*, now: datetime) -> int:
    """Look at the programs whose time has come; returns how many. A row is looked at once a day."""
    with transaction.atomic():
        due = list(
            Program.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(watch_at__lte=now)
            .select_related("patient__clinic")
            .prefetch_related("schedules")
            .order_by("watch_at")[:AT_ONCE]
        )
        for program in due:
            if program.status == Program.Status.ACTIVE:
                _watch_safely(program, now=now)
            program.watch_at = next_watch(now, program.patient.zone)
        Program.objects.bulk_update(due, ["watch_at"])
    return len(due)


def _watch_safely(program: Program, *, now: datetime) -> None:
    """One program that cannot be looked at must not hide the others: it is logged and passed."""
    try:
        with transaction.atomic():
            _watch(program, now=now)
    except Exception:
        logger.exception("the daily look failed: program=%s", program.pk)


def _watch(program: Program, *, now: datetime) -> None:
    today = now.astimezone(program.patient.zone).date()
    schedules = list(program.schedules.all())
    silent = sum(day <= today for day in _texts().unanswered(program))
    # Each threshold opens its alert once in a silence: one that was closed stays closed.
    since = program.heard_at or program.created_at
    for reason in of_silence(silent):
        _tell_once(program, reason, since, now=now)
    exercise = [row.rule for row in schedules if row.kind == Schedule.Kind.EXERCISE]
    _watch_adherence(program, exercise, today=today, now=now)
    watch_reviews(program, today=today, now=now)
    propose(program=program, now=now)


def _watch_adherence(program: Program, rules: list[Rule], *, today: date, now: datetime) -> None:
    days = [today - timedelta(days=back) for back in range(1, ADHERENCE_DAYS + 1)]
    planned = {day for day in days for rule in rules if is_on(rule, day)}
    planned -= _texts().not_reminded(program, since=days[-1])
    done = days_done(program, since=days[-1]) & planned
    a_week_ago = now - timedelta(days=ADHERENCE_DAYS)
    for reason in of_adherence(done=len(done), planned=len(planned)):
        _tell_once(program, reason, a_week_ago, now=now)


def _tell_once(program: Program, reason: Reason, since: datetime, *, now: datetime) -> None:
    """Open the alert unless one of its kind was opened later than `since`."""
    if not program.alerts.filter(reason=reason.name, opened_at__gt=since).exists():
        open_alert(
            patient=program.patient,
            program=program,
            reason=reason.name,
            detail=reason.detail,
            now=now,
        )
