"""What a patient tells on the page: one act for each button, kept once however often it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.http import QueryDict

from exercises.models import CheckIn, IdempotentRequest, Program, SessionLog
from exercises.page.visitor import Visitor
from exercises.reads.page_day import key_of, mark_of
from exercises.reads.page_week import weeks_asked
from exercises.services.coaching import tell_barrier
from exercises.services.day_log import (
    DONE,
    Became,
    Round,
    tell_all_done,
    tell_pain,
    tell_round,
    tell_worst_pain,
    undo_day,
    undo_round,
)
from exercises.services.holding import refuse_held
from hep.errors import InvalidInputError

SCORES = tuple(range(11))
WORD = re.compile(r"[a-z0-9_-]{1,60}")
# What sending may take, and of how long ago one may tell at all.
JUST_NOW, OLDEST = timedelta(seconds=10), timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Told:
    """A form as it was sent, who sent it and the day it is about."""

    data: QueryDict
    visitor: Visitor
    day: date

    def field(self, name: str) -> str:
        """What a field has, empty without it."""
        found: str = self.data.get(name, "")
        return found

    def word(self, name: str) -> str:
        """A word of ours that the form carries back. Raises InvalidInputError."""
        if not WORD.fullmatch(self.field(name)):
            raise InvalidInputError(name, "Load the page again.", code="invalid")
        return self.field(name)

    @property
    def program(self) -> Program:
        """Which program it is about. Raises InvalidInputError."""
        try:
            named = self.visitor.programs.filter(pk=UUID(self.field("program")))
        except ValueError:
            named = self.visitor.programs.none()
        program = named.first()
        if program is None:
            raise InvalidInputError("program", "No such program.", code="does_not_exist")
        return program

    @property
    def round(self) -> Round:
        """Which exercise at which time. Raises InvalidInputError."""
        return Round(self.program, self.day, self.word("exercise"), self.word("slot"))

    @property
    def score(self) -> int:
        """A number from 0 to 10. Raises InvalidInputError."""
        told = self.number("score")
        if told not in SCORES:
            raise InvalidInputError("score", "Pain is a number from 0 to 10.", code="out_of_range")
        return told

    def number(self, name: str) -> int:
        """A whole number. Raises InvalidInputError."""
        told = self.field(name)[:3]
        if not (told.isascii() and told.isdecimal()):
            raise InvalidInputError(name, "Use a whole number.", code="invalid")
        return int(told)

    @property
    def said_at(self) -> datetime | None:
        """When it was told on a phone without a network; None: just now. Told as milliseconds
        ago, because a phone's clock may be wrong, but goes as fast as ours.
        """
        told = self.field("ago")[:11]
        if not (told.isascii() and told.isdecimal()):
            return None
        ago = timedelta(milliseconds=int(told))
        return None if ago < JUST_NOW else self.visitor.now - min(ago, OLDEST)


@transaction.atomic
def keep(told: Told) -> str:
    """Do what was told, and return its place on the page. Sent again under its id, it changes
    nothing: a phone that did not hear our answer sends once more. Raises InvalidInputError and
    ConflictError.
    """
    act = ACTS.get(told.field("do"))
    if act is None:
        raise InvalidInputError("do", "No such action.", code="invalid")
    if not told.field("id"):
        return act(told)
    row, is_new = IdempotentRequest.objects.get_or_create(
        user=told.visitor.user, key=f"page:{told.word('id')}", defaults={"fingerprint": ""}
    )
    if is_new:
        row.body = act(told)
        row.save(update_fields=["body"])
    return str(row.body)


def _place(what: Round) -> str:
    return key_of(what.program.pk, what.exercise, what.slot)


def _refuse_held(told: Told) -> None:
    """An older tab may still show what waits now; what was done before it waited is kept."""
    refuse_held(told.visitor.patient, "do", now=told.visitor.now, said_at=told.said_at)


def _done(told: Told) -> str:
    _refuse_held(told)
    return _keep_round(told, DONE)


def _skip(told: Told) -> str:
    reason = told.field("reason")
    if reason not in SessionLog.Reason.values:
        raise InvalidInputError("reason", "Choose one of the reasons.", code="invalid")
    return _keep_round(told, Became(SessionLog.Outcome.SKIPPED, reason))


def _stop(told: Told) -> str:
    """Too painful: in part once a set was done, else not, with how bad it was."""
    sets, pain = told.number("sets"), told.score
    if sets:
        return _keep_round(told, Became(SessionLog.Outcome.PARTLY, sets=sets, pain=pain))
    skipped = SessionLog.Outcome.SKIPPED
    return _keep_round(told, Became(skipped, SessionLog.Reason.PAIN, pain=pain))


def _keep_round(told: Told, became: Became) -> str:
    what = told.round
    tell_round(what, became, now=told.visitor.now, said_at=told.said_at)
    return _place(what)


def _undo(told: Told) -> str:
    what = told.round
    undo_round(what, now=told.visitor.now)
    return _place(what)


def _undo_day(told: Told) -> str:
    what = told.round
    undo_day(what, now=told.visitor.now)
    return f"exercises-{mark_of(what.program.pk)}"


def _all(told: Told) -> str:
    _refuse_held(told)
    program = told.program
    tell_all_done(program, told.day, now=told.visitor.now, said_at=told.said_at)
    return f"exercises-{mark_of(program.pk)}"


def _pain(told: Told) -> str:
    program, visitor = told.program, told.visitor
    tell_pain(
        program, told.day, score=told.score, by=visitor.user, now=visitor.now, said_at=told.said_at
    )
    return f"pain-{mark_of(program.pk)}"


def _during(told: Told) -> str:
    program = told.program
    tell_worst_pain(program, told.day, pain=told.score, now=told.visitor.now)
    return f"exercises-{mark_of(program.pk)}"


def _barrier(told: Told) -> str:
    _refuse_held(told)
    program, visitor = told.program, told.visitor
    # Told without a network it may come in the next morning.
    if visitor.today - told.day > timedelta(days=1):
        raise InvalidInputError("day", "Load the page again.", code="invalid")
    if not weeks_asked([program], told.day, language=visitor.patient.language):
        raise InvalidInputError("barrier", "Nothing was asked today.", code="invalid")
    tell_barrier(
        program=program,
        local_date=told.day,
        what=told.field("barrier"),
        source=CheckIn.Source.WEB,
        now=visitor.now,
    )
    return f"week-{mark_of(program.pk)}"


ACTS: dict[str, Callable[[Told], str]] = {
    "done": _done,
    "skip": _skip,
    "stop": _stop,
    "undo": _undo,
    "undo_day": _undo_day,
    "all": _all,
    "pain": _pain,
    "during": _during,
    "barrier": _barrier,
}
