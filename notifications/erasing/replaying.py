"""After a restore: who was erased since the backup is erased again.

Beside the backups lies a list of ids, written with each of them. An id tells nobody who it was.
What was confirmed before a backup and carried out after it is in the backup, due: it needs no list.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from exercises.models import Erasure, Patient
from notifications.erasing.doing import carry_out_due

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


def replay(folder: Path, *, now: datetime) -> int:
    """Make everybody on the list of `folder` due, and carry it out; returns how many were there."""
    there = 0
    for erased, kind in _read(_lines(folder)):
        patient = Patient.objects.filter(pk=erased).first()
        if patient is None or patient.erasures.exclude(done_at=None).exists():
            continue
        there += 1
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
    while carry_out_due(now=now):
        pass
    return there


def _lines(folder: Path) -> list[str]:
    path = folder / LIST
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []


def _read(lines: Iterable[str]) -> Iterable[tuple[UUID, str]]:
    for line in lines:
        erased, _, kind = line.partition(" ")
        try:
            yield UUID(erased), Erasure.Kind(kind)
        except ValueError:
            logger.warning("a line of %s is no id and kind", LIST)
