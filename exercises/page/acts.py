"""What a patient tells on the page: one act for each button, kept once however often it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.http import QueryDict

from exercises.models import IdempotentRequest, Program, SessionLog
from exercises.page.visitor import Visitor
from exercises.reads.holds import on_hold
from exercises.reads.page_day import key_of, mark_of
from exercises.services.day_log import (
    Round,
    tell_all_done,
    tell_pain,
    tell_round,
    tell_worst_pain,
    undo_round,
)
from hep.errors import ConflictError, InvalidInputError

SCORES = tuple(range(11))
WORD = re.compile(r"[a-z0-9_-]{1,60}")
# Seconds that sending may take, and of which one may tell at all.
JUST_NOW, OLDEST = 10, int(timedelta(days=8).total_seconds())


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
        told = self.field("score")[:3]
        if not (told.isascii() and told.isdecimal() and int(told) in SCORES):
            raise InvalidInputError("score", "Pain is a number from 0 to 10.", code="out_of_range")
        return int(told)

    @property
    def said_at(self) -> datetime | None:
        """When it was told on a phone without a network; None: just now. Told as seconds ago,
        because a phone's clock may be wrong, but goes as fast as ours.
        """
        ago = self.field("ago")[:8]
        if not (ago.isascii() and ago.isdecimal()) or int(ago) < JUST_NOW:
            return None
        return self.visitor.now - timedelta(seconds=min(int(ago), OLDEST))


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
    """An older tab may still show what waits now."""
    if on_hold([told.visitor.patient.pk]):
        raise ConflictError("do", "The exercises wait until somebody has looked.", code="red_flag")


def _done(told: Told) -> str:
    _refuse_held(told)
    what = told.round
    tell_round(what, outcome=SessionLog.Outcome.DONE, now=told.visitor.now, said_at=told.said_at)
    return _place(what)


def _skip(told: Told) -> str:
    what, reason = told.round, told.field("reason")
    if reason not in SessionLog.Reason.values:
        raise InvalidInputError("reason", "Choose one of the reasons.", code="invalid")
    tell_round(
        what, outcome=SessionLog.Outcome.SKIPPED, reason=reason, now=told.visitor.now,
        said_at=told.said_at,
    )  # fmt: skip  # a call
    return _place(what)


def _undo(told: Told) -> str:
    what = told.round
    undo_round(what, now=told.visitor.now)
    return _place(what)


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


ACTS: dict[str, Callable[[Told], str]] = {
    "done": _done, "skip": _skip, "undo": _undo, "all": _all, "pain": _pain, "during": _during,
}  # fmt: skip  # a table
