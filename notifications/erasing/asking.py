"""The decision: asked by one, shown what it would do, confirmed by another, a week to undo it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from exercises.models import Erasure, Patient, Provider, User
from hep.errors import ConflictError, InvalidInputError
from notifications.erasing.doing import holds, rows_of
from notifications.erasing.fields import PERSONAL

DELAY: Final = timedelta(days=7)
# Who may ask for it, and who may say yes to it.
MAY: Final[dict[str, frozenset[str]]] = {
    Erasure.Kind.ANONYMISE: frozenset({Provider.Role.PROVIDER, Provider.Role.CLINIC_ADMIN}),
    Erasure.Kind.ERASE: frozenset({Provider.Role.CLINIC_ADMIN}),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """Of one kind of rows: how many there are, and whether they stay, without words."""

    what: str
    count: int
    stays: bool


def effects(patient: Patient, kind: str) -> list[Effect]:
    """What carrying it out would do now, kind by kind; nothing is changed."""
    found = []
    for label, columns in PERSONAL.items():
        rows = rows_of(label, patient.pk)
        count = rows.count()
        goes = columns.deleted or (
            kind == Erasure.Kind.ERASE and label != "notifications.ConsentEvent"
        )
        if count:
            name = str(rows.model._meta.verbose_name_plural)
            found.append(Effect(name, count, not goes))
    return found


@transaction.atomic
def ask(*, patient: Patient, kind: str, by: User, now: datetime) -> Erasure:
    """Ask for it; nothing happens before a second person has said yes.

    Raises InvalidInputError at `kind`, PermissionDenied, and ConflictError while one is open.
    """
    if kind not in Erasure.Kind.values:
        raise InvalidInputError("kind", "Choose what is to be left.", code="invalid")
    _require(by, patient.clinic_id, kind)
    Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    if open_of(patient) is not None:
        raise ConflictError("kind", "This was asked for already.", code="already_there")
    return Erasure.objects.create(
        patient=patient,
        erased_id=patient.pk,
        clinic_id=patient.clinic_id,
        kind=kind,
        asked_by=by,
        asked_at=now,
    )


def open_of(patient: Patient) -> Erasure | None:
    """What is asked for or under way."""
    return patient.erasures.filter(done_at=None, undone_at=None).first()


@transaction.atomic
def confirm(*, erasure: Erasure, by: User, now: datetime) -> None:
    """A second person's yes: it is done a week from now. Raises PermissionDenied, ConflictError."""
    row = _locked(erasure)
    _require(by, row.clinic_id, row.kind)
    if row.asked_by_id == by.pk:
        raise PermissionDenied("A second person has to confirm this.")
    if row.patient is not None and holds(row.patient):
        message = "A sign of danger is open: close that alert first."
        raise ConflictError("kind", message, code="red_flag")
    if row.confirmed_at is not None:
        raise ConflictError("kind", "Somebody has confirmed this already.", code="decided")
    row.confirmed_by, row.confirmed_at, row.due_at = by, now, now + DELAY
    row.save(update_fields=["confirmed_by", "confirmed_at", "due_at"])


@transaction.atomic
def undo(*, erasure: Erasure, by: User, now: datetime) -> None:
    """Take it back while it is not done. Raises PermissionDenied, ConflictError."""
    row = _locked(erasure)
    _require(by, row.clinic_id, Erasure.Kind.ANONYMISE)
    row.undone_by, row.undone_at = by, now
    row.save(update_fields=["undone_by", "undone_at"])


def _locked(erasure: Erasure) -> Erasure:
    row = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure.pk)
    if row.done_at is not None or row.undone_at is not None:
        raise ConflictError("kind", "This is over: look at the page again.", code="done")
    return row


def may(user: User, clinic_id: int, kind: str) -> bool:
    """Whether `user` may ask for and confirm this kind at a clinic."""
    roles = Provider.objects.filter(user=user, clinic=clinic_id, role__in=MAY[kind])
    return user.is_superuser or roles.exists()


def _require(user: User, clinic_id: int, kind: str) -> None:
    if not may(user, clinic_id, kind):
        raise PermissionDenied("Your role may not do this.")
