"""What changed in a patient's record since a cursor, by kinds of rows.

A cursor keeps, for each kind, the last (time, key) that was handed out. A row may be committed
after a later one was read, so a cursor that has reached the end goes back a little: a row may come
twice, never not at all, and an app that keeps rows by their id does not notice.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from hep.errors import InvalidInputError

# Longer than any transaction of ours.
OVERLAP = timedelta(minutes=2)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Place(TypedDict):
    """How far a kind has been read: everything before, and at this time up to this key."""

    at: str
    key: str


Cursor = dict[str, Place]


@dataclass(frozen=True)
class Kind:
    """Rows of one kind; `changed` names the field that tells when."""

    name: str
    rows: QuerySet[Any]
    changed: str


@dataclass(frozen=True)
class Changes:
    """Rows by kind, oldest change first; `more`: ask again at once with the new cursor."""

    rows: Mapping[str, Sequence[Any]]
    cursor: str
    more: bool


def changes_since(kinds: Sequence[Kind], cursor: str, *, now: datetime, at_most: int) -> Changes:
    """Up to `at_most` rows of each kind. One query a kind. Raises InvalidInputError for a cursor
    that is not ours.
    """
    places = _read(cursor)
    found: dict[str, list[Any]] = {}
    following: Cursor = {}
    more = False
    for kind in kinds:
        later = _after(kind, places.get(kind.name), now=now)
        ordered = kind.rows.filter(later).order_by(kind.changed, "pk")
        rows = list(ordered[: at_most + 1])
        if len(rows) > at_most:
            more = True
            rows = rows[:at_most]
            last = getattr(rows[-1], kind.changed)
            following[kind.name] = Place(at=last.isoformat(), key=str(rows[-1].pk))
        else:
            following[kind.name] = Place(at=(now - OVERLAP).isoformat(), key="")
        found[kind.name] = rows
    return Changes(found, _write(following), more)


def _after(kind: Kind, place: Place | None, *, now: datetime) -> Q:
    """The condition for what comes after `place`. Raises InvalidInputError for one of no use."""
    if place is None:
        return Q((f"{kind.changed}__gte", BEGINNING))
    at = datetime.fromisoformat(place["at"])
    if not BEGINNING <= at <= now:
        raise _not_ours()
    later = Q((f"{kind.changed}__gt", at))
    if not place["key"]:
        return later
    try:
        key = kind.rows.model._meta.pk.to_python(place["key"])
    except ValidationError as error:
        raise _not_ours() from error
    return later | Q((kind.changed, at), ("pk__gt", key))


def _not_ours() -> InvalidInputError:
    return InvalidInputError("cursor", "Use the cursor of the answer before, or none.")


def _write(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode()


def _read(cursor: str) -> Cursor:
    if not cursor:
        return {}
    try:
        places: Cursor = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        for place in places.values():
            if datetime.fromisoformat(place["at"]).tzinfo is None or len(place["key"]) > 36:
                raise ValueError("no time, or no key")
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise _not_ours() from error
    return places
