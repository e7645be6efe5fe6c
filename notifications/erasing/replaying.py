"""After a restore: who was erased since the backup is erased again.

Beside the backups lies a list of ids, written when somebody was erased and with each backup. An id
tells nobody who it was.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from exercises.models import Erasure, Patient
from notifications.erasing.doing import carry_out

logger = logging.getLogger(__name__)

LIST = "erased.txt"


def write_list(folder: Path) -> int:
    """Add whoever was erased to the list in `folder`; returns how many it names. None is ever taken
    off: an older backup may still hold them.
    """
    done = Erasure.objects.exclude(done_at=None).values_list("erased_id", "kind")
    lines = {f"{erased} {kind}" for erased, kind in done} | set(_lines(folder))
    half_made = folder / f"{LIST}.half-made"
    half_made.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="ascii")
    half_made.rename(folder / LIST)
    return len(lines)


def replay(folder: Path, *, now: datetime) -> tuple[int, int]:
    """Carry out again whoever is on the list of `folder`, and nobody else: what waits in the backup
    may have been undone since, so it needs a second yes anew. How many there were of both.
    """
    listed = _read(_lines(folder)).items()
    found = (_again(erased, kind, now=now) for erased, kind in listed)
    there = [row for row in found if row is not None]
    for row in there:
        carry_out(row.pk, now=now)
    waiting = Erasure.objects.filter(done_at=None, undone_at=None).exclude(confirmed_at=None)
    others = waiting.exclude(pk__in=[row.pk for row in there])
    return len(there), others.update(confirmed_by=None, confirmed_at=None, due_at=None)


def _again(erased: UUID, kind: str, *, now: datetime) -> Erasure | None:
    """The erasure to carry out, of somebody the backup knows by more than was left of them."""
    patient = Patient.objects.filter(pk=erased).first()
    if patient is None or (kind == Erasure.Kind.ANONYMISE and patient.removed_at is not None):
        return None
    row, _ = Erasure.objects.get_or_create(
        patient=patient,
        done_at=None,
        undone_at=None,
        defaults={
            "erased_id": erased,
            "clinic_id": patient.clinic_id,
            "kind": kind,
            "asked_at": now,
        },
    )
    Erasure.objects.filter(pk=row.pk).update(kind=kind, confirmed_at=now, due_at=now)
    return row


def _lines(folder: Path) -> list[str]:
    path = folder / LIST
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []


def _read(lines: Iterable[str]) -> dict[UUID, str]:
    """What became of whom; erased is more than nameless."""
    found: dict[UUID, str] = {}
    for line in lines:
        erased, _, kind = line.partition(" ")
        try:
            one, what = UUID(erased), Erasure.Kind(kind)
        except ValueError:
            logger.warning("a line of %s is no id and kind", LIST)
            continue
        found[one] = Erasure.Kind.ERASE if found.get(one) == Erasure.Kind.ERASE else what
    return found
