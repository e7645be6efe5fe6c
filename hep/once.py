"""A write with an id of the client's own: two at once give one row and the same answer."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import Model

from hep.errors import ConflictError


def one_at_a_time(key: object) -> None:
    """Until the transaction ends, nobody else is behind this line with the same `key`.

    Call it before looking whether the row is there: a look before an insert is a race otherwise.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])


def refuse_other_content(row: Model, told: Mapping[str, object]) -> None:
    """Raise ConflictError when the row that an id stands for says something else than `told`."""
    changed = sorted(name for name, value in told.items() if getattr(row, name) != value)
    if changed:
        message = (
            f"This id was used with another {', '.join(changed)}. Send this one under its own id."
        )
        raise ConflictError("id", message, code="id_taken")
